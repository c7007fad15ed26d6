import type { AwsCall } from './policy.mjs';

export interface StorageRequest {
  method: string;
  /** Begins with the bucket, and ends with the query. */
  path: string;
  /** Returns a header by its lowercase name. */
  header: (name: string) => string | undefined;
  /** Returns the body; called only when it names the objects. */
  body: () => string;
}

/** Returns the calls that IAM must allow for a request to S3. */
export function storageCalls(request: StorageRequest): AwsCall[];

/** Returns a call of an action without its prefix, such as `GetObject`, on an object. */
export function objectCall(action: string, bucket: string, key: string): AwsCall;

/** Returns the texts of all elements with a name in a document of S3, in their order. */
export function textsOf(xml: string, name: string): string[];
