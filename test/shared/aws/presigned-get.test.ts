import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '@smithy/core/checksum';
import { describe, expect, it } from 'vitest';
import { bucketUrl, presignedGet } from '../../../shared/aws/presigned-get.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'to/ken+=' };
const nowMs = Date.UTC(2026, 10, 22, 12, 10, 5);
const region = 'eu-central-1';

/** The address that the SDK's signer makes. */
async function bySdk(url: URL, given: object): Promise<string> {
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: given as typeof credentials,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      path: url.pathname,
      headers: { host: url.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    {
      signingDate: new Date(nowMs),
      expiresIn: 60,
      unhoistableHeaders: new Set(['x-amz-content-sha256']),
      unsignableHeaders: new Set(['x-amz-content-sha256']),
    },
  );
  return String(query['X-Amz-Signature']);
}

describe('the address of an object', () => {
  it.each([
    ['on AWS', undefined, credentials],
    ['without a session', undefined, { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }],
    ['at an endpoint', 'http://127.0.0.1:3000/_aws/s3', credentials],
  ])('is signed %s as the SDK signs it', async (_, endpoint, given) => {
    const key = 'files/0b9f1c3e-5a77-4a1c-9a38-7f0d4b6f2c11/AAECAwQFBgcICQoLDA0ODw/original';
    const url = bucketUrl('chat-files', region, endpoint);
    const address = new URL(
      presignedGet(key, { bucketUrl: url, region, credentials: given, nowMs, lifetimeSeconds: 60 }),
    );
    expect(`${address.origin}${address.pathname}`).toBe(`${url}/${key}`);
    expect(address.searchParams.get('X-Amz-Expires')).toBe('60');
    expect(address.searchParams.get('X-Amz-Signature')).toBe(await bySdk(new URL(`${url}/${key}`), given));
  });

  it('is made for names only that need no encoding', () => {
    const options = { bucketUrl: 'https://b.example', region, credentials, nowMs, lifetimeSeconds: 60 };
    expect(() => presignedGet('files/ä', options)).toThrow(/needs encoding/);
  });
});
