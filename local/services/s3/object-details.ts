/** Reads what is stored with an object from the headers of a request, or from the fields of a form. */

import { createHash } from 'node:crypto';
import { textsOf } from '../../permissions/storage-calls.mjs';
import type { PublicAccess } from '../../bucket-definition.ts';
import type { ObjectDetails } from './object-files.ts';
import { S3Error, element, xmlAnswer, type S3Answer } from './s3-error.ts';

const keptHeaders =
  /^(content-(type|disposition|encoding|language)|cache-control|expires|x-amz-meta-[\w-]+)$/;

/** Returns the headers that are stored, by lowercase names. */
export function keptHeadersOf(headers: Iterable<[string, string]>): ObjectDetails['headers'] {
  return Object.fromEntries([...headers].filter(([name]) => keptHeaders.test(name)));
}

const replacing = /^response-(content-(?:type|disposition|encoding|language)|cache-control|expires)$/;

/** Returns the headers that the parameters of a signed request replace, such as `response-content-disposition`. */
export function replacedHeaders(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].flatMap(([name, value]) => {
      const header = replacing.exec(name.toLowerCase())?.[1];
      return header === undefined ? [] : [[header, value] as const];
    }),
  );
}

/**
 * Reads the tags in the header `x-amz-tagging`, such as `unsent=1`.
 * @throws S3Error InvalidTag
 */
export function tagsInHeader(header: string): Record<string, string> {
  return assertTags([...new URLSearchParams(header)]);
}

/**
 * Reads the tags in a document.
 * @throws S3Error InvalidTag, MalformedXML
 */
export function tagsInDocument(xml: string): Record<string, string> {
  const keys = textsOf(xml, 'Key');
  const values = textsOf(xml, 'Value');
  if (!xml.includes('<TagSet') || keys.length !== values.length)
    throw new S3Error(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  return assertTags(keys.map((key, index) => [key, values[index]!]));
}

const maxTags = 10;

function assertTags(tags: [string, string][]): Record<string, string> {
  const isValid = tags.every(([key, value]) => key !== '' && key.length <= 128 && value.length <= 256);
  const read = Object.fromEntries(tags);
  if (!isValid || tags.length > maxTags || Object.keys(read).length < tags.length)
    throw new S3Error('InvalidTag', 'The tags of an object must be ten at most, with different keys');
  return read;
}

export function answerTags(tags: Readonly<Record<string, string>>): S3Answer {
  const set = Object.entries(tags).map(
    ([key, value]) => `<Tag>${element('Key', key)}${element('Value', value)}</Tag>`,
  );
  return xmlAnswer(`<Tagging><TagSet>${set.join('')}</TagSet></Tagging>`);
}

/**
 * Refuses an access control list that would give others access. The local runtime has none, as a bucket whose owner owns all
 * objects.
 * @throws S3Error AccessDenied, AccessControlListNotSupported
 */
export function assertNoAcl(acl: string | undefined, { blocksAcls }: PublicAccess): void {
  if (acl === undefined || acl === 'bucket-owner-full-control') return;
  if (blocksAcls && /public|authenticated-read/.test(acl))
    throw new S3Error('AccessDenied', 'Access Denied because public ACLs are blocked for this bucket');
  throw new S3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs');
}

/**
 * Compares a body with the digest in the header `content-md5`.
 * @throws S3Error BadDigest
 */
export function assertDigest(body: Buffer, contentMd5: string | undefined): void {
  if (contentMd5 === undefined) return;
  if (createHash('md5').update(body).digest('base64') === contentMd5) return;
  throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}
