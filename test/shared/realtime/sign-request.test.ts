import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { requestSigner, type Credentials } from '../../../shared/realtime/sign-request.ts';

const region = 'eu-central-1';
const host = 'abc123.execute-api.eu-central-1.amazonaws.com';

/** As the library wants to be given one. */
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

/** Headers of the same request as the SDK's own signer makes them. */
async function bySdk(
  credentials: Credentials,
  method: string,
  path: string,
  body: string,
  at: number,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const request = { method, protocol: 'https:', hostname: host, path, headers: { host }, body };
  const { headers } = await signer.sign(request, { signingDate: new Date(at) });
  const { host: _, ...others } = headers;
  return others;
}

const user = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const role = { ...user, sessionToken: 'IQoJb3JpZ2luX2VjE+/=' };
const at = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const pathOf = (connectionId: string): string => `/prod/@connections/${encodeURIComponent(connectionId)}`;

describe('a signed request', () => {
  it.each([
    ['of a user', user, 'POST', 'abc', '{"a":1}'],
    ['of a role', role, 'POST', 'abc', '{"a":1}'],
    ['to an id that must be encoded', role, 'POST', 'BFaT_fALIAMCKug=', '{"a":1}'],
    ['with a body of any script', user, 'POST', 'abc', 'ä 🙂'],
    ['without a body', user, 'POST', 'abc', ''],
    ['that closes', role, 'DELETE', 'BFaT_fALIAMCKug=', ''],
  ])('%s is signed as the SDK signs it', async (_, credentials, method, connectionId, body) => {
    const path = pathOf(connectionId);
    const headers = requestSigner(host, region, credentials).headersFor(method, path, body, at);
    expect(headers).toEqual(await bySdk(credentials, method, path, body, at));
  });

  it('follows the clock over seconds and days, and the body from post to post', async () => {
    const signer = requestSigner(host, region, role);
    const path = pathOf('L0SM9cOFvHcCIhw=');
    const day = 24 * 60 * 60 * 1_000;
    for (const [later, body] of [
      [0, 'one'],
      [400, 'two'],
      [1_000, 'two'],
      [day, 'one'],
      [365 * day, 'one'],
    ] as const) {
      const headers = signer.headersFor('POST', path, body, at + later);
      expect(headers).toEqual(await bySdk(role, 'POST', path, body, at + later));
    }
  });
});
