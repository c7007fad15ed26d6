/** Stores the object that a form uploads, if the policy and the role of its signer allow it. */

import { objectCall } from '../../permissions/storage-calls.mjs';
import type { Buckets } from '../buckets.ts';
import { assertNoAcl, keptHeadersOf, tagsInDocument } from './object-details.ts';
import { checkPolicy } from './policy.ts';
import type { PostForm } from './post-form.ts';
import { S3Error, element, emptyAnswer, xmlAnswer, type S3Answer } from './s3-error.ts';
import { verifyForm, type Verification } from './signature.ts';
import type { Signer } from './signers.ts';
import { assertAllowed } from './access.ts';

export interface Upload {
  form: PostForm;
  bucketName: string;
  buckets: Buckets;
  verification: Verification;
  /** The address of the bucket, for the answer. */
  location: string;
}

/** Returns the key of a form, in which `${filename}` stands for the name of the file. */
export function keyOf({ fields, file }: PostForm): string {
  return (fields.get('key') ?? '').replaceAll('${filename}', () => file.name);
}

/**
 * Stores the object.
 * @throws S3Error
 */
export async function acceptUpload(upload: Upload): Promise<S3Answer> {
  const { form, bucketName, buckets, verification, location } = upload;
  const { fields, file } = form;
  const key = keyOf(form);
  if (key === '')
    throw new S3Error(
      'InvalidArgument',
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      { ArgumentName: 'key', ArgumentValue: '' },
    );
  // Without a policy, the form would be that of an anonymous user.
  const policy = fields.get('policy');
  if (policy === undefined) throw new S3Error('AccessDenied', 'Access Denied');
  const signer: Signer = await verifyForm(fields, verification);
  checkPolicy({
    policy,
    fields,
    bucketName,
    key,
    sizeBytes: file.sizeBytes,
    nowMs: verification.nowMs,
  });
  const tagging = fields.get('tagging');
  assertAllowed(signer, [
    objectCall('PutObject', bucketName, key),
    ...(tagging === undefined ? [] : [objectCall('PutObjectTagging', bucketName, key)]),
  ]);
  assertNoAcl(fields.get('acl'), buckets.definition(bucketName)!.publicAccess);
  const object = buckets.put(bucketName, key, file.body, {
    headers: keptHeadersOf(fields),
    tags: tagging === undefined ? {} : tagsInDocument(tagging),
    reason: 'POST Object',
  });
  return answerUpload({ fields, bucketName, key, etag: object.etag, location });
}

interface Stored {
  fields: PostForm['fields'];
  bucketName: string;
  key: string;
  etag: string;
  location: string;
}

function answerUpload({ fields, bucketName, key, etag, location }: Stored): S3Answer {
  const address = `${location}/${encodeURIComponent(key).replaceAll('%2F', '/')}`;
  const headers = { etag, location: address };
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket: bucketName, key, etag }))
      target.searchParams.set(name, value);
    return emptyAnswer(303, { etag, location: target.href });
  }
  const status = fields.get('success_action_status');
  if (status === '200') return emptyAnswer(200, headers);
  if (status !== '201') return emptyAnswer(204, headers);
  const elements = { Location: address, Bucket: bucketName, Key: key, ETag: etag };
  const content = Object.entries(elements).map(([name, text]) => element(name, text));
  const answer = xmlAnswer(`<PostResponse>${content.join('')}</PostResponse>`, 201);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
