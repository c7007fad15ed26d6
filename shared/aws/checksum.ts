/**
 * Replaces the SDK's SHA-256 in the bundles of the functions. The SDK also contains one in JavaScript, for runtimes without
 * `node:crypto`; without it a bundle is 4 KB smaller. The export has the name and the type of `@smithy/core/checksum`.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

type Data = string | ArrayBuffer | ArrayBufferView;

const toBytes = (data: Data): string | NodeJS.ArrayBufferView =>
  data instanceof ArrayBuffer ? new Uint8Array(data) : (data as string | NodeJS.ArrayBufferView);

export class Sha256 {
  readonly digestLength = 32;
  private readonly secret: Data | undefined;
  private hash: Hash | Hmac;

  /** @param secret makes it an HMAC with this key */
  constructor(secret?: Data) {
    this.secret = secret;
    this.hash = this.create();
  }

  update(data: Data): void {
    this.hash.update(toBytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest());
  }

  reset(): void {
    this.hash = this.create();
  }

  private create(): Hash | Hmac {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', toBytes(this.secret));
  }
}
