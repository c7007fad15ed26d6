/**
 * Runs while CloudFormation deploys, as a custom resource: copies the files beside it, which are those of the page, into the
 * bucket, and empties the bucket before it is deleted. It is deployed as it is, and the AWS SDK is that of Lambda's runtime.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** The folder of the page's files in the function's code. The local runtime serves the files from there. */
const filesDirectory = 'files';

/** Bounds each try of a request: what hangs must not take the time in which the failure can still be reported. */
const tryMs = 5_000;

/** The configuration of the client for S3, which waits without end unless it is given time limits. */
export const bounds = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: tryMs, requestTimeout: tryMs, throwOnRequestTimeout: true },
};

/** Called by CloudFormation, which waits for the answer at `ResponseURL`. */
export async function handler(event) {
  const { S3 } = await import('@aws-sdk/client-s3');
  const s3 = new S3(bounds);
  await answer(event, (request) => change(request, s3, join(import.meta.dirname, filesDirectory)));
}

/** Makes the change and reports how it ended: without an answer CloudFormation waits until the resource's timeout. */
export async function answer(event, make) {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
  // The bucket is the identity: CloudFormation deletes the files of the old one when the bucket is replaced.
  const result = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: ResourceProperties.Bucket };
  const outcome = await make(event).then(
    () => ({ Status: 'SUCCESS' }),
    (error) => ({ Status: 'FAILED', Reason: String(error) }),
  );
  const response = await fetch(ResponseURL, {
    method: 'PUT',
    body: JSON.stringify({ ...result, ...outcome }),
    signal: AbortSignal.timeout(tryMs),
  });
  if (!response.ok) throw new Error(`CloudFormation answered ${response.status}`);
}

/** Copies the files, or deletes all that the bucket has. Files of earlier deployments stay for pages that are open. */
export async function change({ RequestType, ResourceProperties: properties }, s3, directory) {
  if (RequestType === 'Delete') return empty(s3, properties.Bucket);
  const keys = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
  const put = (key) => s3.putObject(objectOf(key, readFileSync(join(directory, key)), properties));
  // The index page comes last: what it names must be there before it.
  await allSettled(keys.filter((key) => key !== properties.IndexPage).map(put));
  await put(properties.IndexPage);
}

/** Rejects only when no request is running: this environment is frozen after its answer, with all that still runs. */
async function allSettled(requests) {
  const failed = (await Promise.allSettled(requests)).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Returns the object of a file, with the headers of the first rules that match its name. */
function objectOf(key, body, { Bucket, CacheControl, ContentTypes }) {
  const contentType = ContentTypes[extname(key)];
  if (contentType === undefined) throw new Error(`No content type for ${key}`);
  const { Value } = CacheControl.find(({ Prefix }) => key.startsWith(Prefix));
  return { Bucket, Key: key, Body: body, ContentType: contentType, CacheControl: Value };
}

async function empty(s3, bucket) {
  for (;;) {
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: bucket });
    if (Contents.length === 0) return;
    for (const { Key } of Contents) await s3.deleteObject({ Bucket: bucket, Key });
  }
}
