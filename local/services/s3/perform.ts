/** Performs the operations of S3 on the buckets, for requests whose signature and role were checked. */

import { textsOf } from '../../permissions/storage-calls.mjs';
import type { Buckets, StoredObject } from '../buckets.ts';
import { missingObject } from './access.ts';
import { listObjects } from './list-objects.ts';
import { answerObject } from './object-answer.ts';
import {
  answerTags,
  assertDigest,
  assertNoAcl,
  keptHeadersOf,
  replacedHeaders,
  tagsInDocument,
  tagsInHeader,
} from './object-details.ts';
import { S3Error, element, emptyAnswer, xmlAnswer, type S3Answer } from './s3-error.ts';
import type { S3Target, StorageOperation } from './s3-request.ts';
import type { Signer } from './signers.ts';

export interface AcceptedRequest extends S3Target {
  operation: Exclude<StorageOperation, 'ListBuckets' | 'PostObject'>;
  headers: Record<string, string>;
  body: Buffer;
  signer: Signer;
}

/**
 * Performs an operation.
 * @throws S3Error
 */
export function perform(buckets: Buckets, request: AcceptedRequest): S3Answer {
  const { operation, bucketName, key, query, headers, body } = request;
  switch (operation) {
    case 'HeadBucket':
      return emptyAnswer(200);
    case 'ListObjectsV2':
      return listObjects(buckets, bucketName, query);
    case 'DeleteObjects':
      return deleteObjects(buckets, bucketName, body.toString('utf8'));
    case 'GetObject':
    case 'HeadObject': {
      const object = buckets.get(bucketName, key);
      if (object === undefined) throw missingObject(request.signer, bucketName, key);
      return answerObject(object, { headers, replaced: replacedHeaders(query) });
    }
    case 'PutObject':
      return putObject(buckets, request);
    case 'DeleteObject':
      buckets.delete(bucketName, key);
      return emptyAnswer(204);
    case 'GetObjectTagging':
      return answerTags(existing(buckets, request).tags);
    case 'PutObjectTagging':
      existing(buckets, request);
      buckets.setTags(bucketName, key, tagsInDocument(body.toString('utf8')));
      return emptyAnswer(200);
    case 'DeleteObjectTagging':
      existing(buckets, request);
      buckets.setTags(bucketName, key, {});
      return emptyAnswer(204);
  }
}

/** The operations on tags tell that an object does not exist without the permission to list. */
function existing(buckets: Buckets, { bucketName, key }: AcceptedRequest): StoredObject {
  const object = buckets.find(bucketName, key);
  if (object === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
  return object;
}

function putObject(buckets: Buckets, { bucketName, key, headers, body }: AcceptedRequest): S3Answer {
  assertNoAcl(headers['x-amz-acl'], buckets.definition(bucketName)!.publicAccess);
  assertDigest(body, headers['content-md5']);
  if (headers['if-none-match'] === '*' && buckets.find(bucketName, key) !== undefined)
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
      Condition: 'If-None-Match',
    });
  const { etag } = buckets.put(bucketName, key, body, {
    headers: keptHeadersOf(Object.entries(headers)),
    tags: tagsInHeader(headers['x-amz-tagging'] ?? ''),
  });
  return emptyAnswer(200, { etag });
}

const maxDeletedKeys = 1_000;

function deleteObjects(buckets: Buckets, bucketName: string, xml: string): S3Answer {
  const keys = textsOf(xml, 'Key');
  if (keys.length === 0 || keys.length > maxDeletedKeys)
    throw new S3Error(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  for (const key of keys) buckets.delete(bucketName, key);
  const isQuiet = textsOf(xml, 'Quiet')[0] === 'true';
  const deleted = isQuiet ? [] : keys.map((key) => `<Deleted>${element('Key', key)}</Deleted>`);
  return xmlAnswer(`<DeleteResult>${deleted.join('')}</DeleteResult>`);
}
