/** The signing library of the AWS SDK, with which signatures are computed again: it shares no code with the project's own. */

import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentials } from '../../engine/dynamodb-request.ts';

/** SHA-256 in the interface of the signing library. */
class Sha256 {
  #hash: Hash | Hmac;
  readonly #secret: unknown;

  constructor(secret?: unknown) {
    this.#secret = secret;
    this.#hash = this.#create();
  }

  #create(): Hash | Hmac {
    return this.#secret === undefined
      ? createHash('sha256')
      : createHmac('sha256', this.#secret as string | Uint8Array);
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#create();
  }
}

/** Returns the library's signer of requests and policies. */
export const signingLibrary = (credentials: AwsCredentials, region: string): SignatureV4 =>
  new SignatureV4({
    service: 's3',
    region,
    credentials,
    sha256: Sha256,
    // A key is encoded once in the path, and S3 does not encode the path again.
    uriEscapePath: false,
    applyChecksum: false,
  });
