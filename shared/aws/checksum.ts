/**
 * Replaces the SDK's checksums in the bundles of the functions. The SDK also contains them in JavaScript, for runtimes without
 * `node:crypto`; without those a bundle is 4 KB smaller. The exports have the names and types of `@smithy/core/checksum`.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

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

/** The checksum that S3 demands of a request that deletes several objects. */
export class Crc32 {
  readonly digestLength = 4;
  private value = 0;

  update(data: Data): void {
    this.value = crc32(toBytes(data), this.value);
  }

  async digest(): Promise<Uint8Array> {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.value);
    return new Uint8Array(bytes);
  }

  reset(): void {
    this.value = 0;
  }
}

/** Cannot be used: a request that needs it must remove this replacement first. */
function missing(): never {
  throw new Error('Checksums of streams and MD5 are not part of the bundles of the functions');
}

export {
  Crc32 as Crc32Js,
  Crc32 as Crc32Node,
  missing as Md5,
  missing as readableStreamHasher,
  Sha256 as Sha256Js,
  Sha256 as Sha256Node,
};
