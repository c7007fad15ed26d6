import { describe, expect, it } from 'vitest';
import { sdkSigner } from '../../../shared/aws/sdk-signer.ts';
import { requestSigner, type Credentials, type UnsignedRequest } from '../../../shared/aws/sign-request.ts';
import { region, signatureBySdk } from './signature-by-sdk.ts';

const user = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const role = { ...user, sessionToken: 'IQoJb3JpZ2luX2VjE+/=' };
const at = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const day = 24 * 60 * 60 * 1_000;

/** About a connection. */
function request(method: string, connectionId: string, body: string): UnsignedRequest {
  const path = `/prod/@connections/${encodeURIComponent(connectionId)}`;
  return { method, path, headers: { host: 'abc123.execute-api.eu-central-1.amazonaws.com' }, body };
}

describe('a signed request', () => {
  it.each([
    ['of a user', user, 'POST', 'abc', '{"a":1}'],
    ['of a role', role, 'POST', 'abc', '{"a":1}'],
    ['to an id that must be encoded', role, 'POST', 'BFaT_fALIAMCKug=', '{"a":1}'],
    ['with a body of any script', user, 'POST', 'abc', 'ä 🙂'],
    ['without a body', user, 'POST', 'abc', ''],
    ['that closes', role, 'DELETE', 'BFaT_fALIAMCKug=', ''],
  ])('%s is signed as the SDK signs it', async (_, credentials, method, connectionId, body) => {
    const unsigned = request(method, connectionId, body);
    const headers = requestSigner('execute-api', region, credentials).headersFor(unsigned, at);
    expect(headers).toEqual(await signatureBySdk('execute-api', credentials, unsigned, at));
  });

  it('follows the clock over seconds and days, and the body from post to post', async () => {
    const signer = requestSigner('execute-api', region, role);
    for (const [later, body] of [
      [0, 'one'],
      [400, 'two'],
      [1_000, 'two'],
      [day, 'one'],
      [365 * day, 'one'],
    ] as const) {
      const unsigned = request('POST', 'L0SM9cOFvHcCIhw=', body);
      const headers = signer.headersFor(unsigned, at + later);
      expect(headers).toEqual(await signatureBySdk('execute-api', role, unsigned, at + later));
    }
  });
});

/** As the SDK gives one to its signer. */
class SdkRequest {
  protocol = 'https:';
  hostname = 'dynamodb.eu-central-1.amazonaws.com';
  method = 'POST';
  path = '/';
  query: Record<string, string> = {};
  headers: Record<string, string> = {
    'Content-Type': 'application/x-amz-json-1.0',
    'content-length': '17',
    'X-Amz-Target': 'DynamoDB_20120810.GetItem',
    'amz-sdk-request': 'attempt=1; max=4',
    host: 'dynamodb.eu-central-1.amazonaws.com',
  };
  body: string | Uint8Array;
  constructor(body: string | Uint8Array = '{"TableName":"t"}') {
    this.body = body;
  }
}

const signing = { signingDate: new Date(at) };
const signerOf = (credentials: Credentials) =>
  sdkSigner({ service: 'dynamodb', region, credentials: async () => credentials });

/** What the SDK's signer would add to it, covering the same headers. */
function expected(body: string | Uint8Array, when = at, credentials: Credentials = role) {
  const { method, path, headers } = new SdkRequest();
  const covered = {
    'content-type': headers['Content-Type']!,
    host: headers['host']!,
    'x-amz-target': headers['X-Amz-Target']!,
  };
  return signatureBySdk('dynamodb', credentials, { method, path, headers: covered, body }, when);
}

describe('the signer of a client of the SDK', () => {
  it.each([
    ['a role’s request', role, '{"TableName":"t"}'],
    ['a user’s request', user, '{"TableName":"t"}'],
    ['bytes', role, new TextEncoder().encode('{"TableName":"ä"}')],
  ])('signs %s as the SDK does', async (_, credentials, body) => {
    const given = new SdkRequest(body);
    const signed = await signerOf(credentials).sign(given, signing);
    expect(signed).toBeInstanceOf(SdkRequest);
    expect(signed.body).toBe(body);
    expect(signed.headers).toEqual({ ...given.headers, ...(await expected(body, at, credentials)) });
  });

  it('leaves what it was given as it was, so that it can be signed again for another try', async () => {
    const given = new SdkRequest();
    const before = { ...given.headers };
    const signer = signerOf(role);
    await signer.sign(given, signing);
    expect(given.headers).toEqual(before);
    const later = await signer.sign(given, { ...signing, signingDate: new Date(at + 5_000) });
    expect(later.headers).toMatchObject(await expected(given.body, at + 5_000));
  });

  it('asks for credentials once', async () => {
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      return role;
    };
    const signer = sdkSigner({ service: 'dynamodb', region, credentials });
    await signer.sign(new SdkRequest(), signing);
    await signer.sign(new SdkRequest(), signing);
    expect(asked).toBe(1);
  });

  it('signs for another region when an endpoint wants it', async () => {
    const signer = signerOf(user);
    await signer.sign(new SdkRequest(), signing);
    const { headers } = await signer.sign(new SdkRequest(), { ...signing, signingRegion: 'us-east-1' });
    expect(headers['authorization']).toContain('/us-east-1/dynamodb/aws4_request');
  });

  it('refuses a query, which its signature would not cover', async () => {
    const given = new SdkRequest();
    given.query = { a: 'b' };
    await expect(signerOf(role).sign(given, signing)).rejects.toThrow('query');
  });
});
