/** Signatures made by the SDK, to compare those of shared/aws/sign-request.ts with. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials, UnsignedRequest } from '../../../shared/aws/sign-request.ts';

export const region = 'eu-central-1';

/** A hash in the form that the library requires. */
class Sha256 {
  private readonly hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof secret === 'string' ? secret : Buffer.from(secret as Uint8Array));
  }
  update(data: Uint8Array | string): void {
    this.hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
  reset(): void {}
}

/** Returns the headers that the SDK's own signer adds to a request. */
export async function signatureBySdk(
  service: string,
  credentials: Credentials,
  { method, path, headers, body }: UnsignedRequest,
  timeMs: number,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false });
  const hostname = headers['host'] as string;
  const request = { method, protocol: 'https:', hostname, path, headers: { ...headers }, body };
  const signed = await signer.sign(request, { signingDate: new Date(timeMs) });
  return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => !(name in headers)));
}
