import { describe, expect, it } from 'vitest';
import { sdkSigner } from '../../../shared/aws/sdk-signer.ts';
import { requestSigner, type Credentials, type UnsignedRequest } from '../../../shared/aws/sign-request.ts';
import { region, signatureBySdk } from './signature-by-sdk.ts';

const user = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const role = { ...user, sessionToken: 'IQoJb3JpZ2luX2VjE+/=' };
const nowMs = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const dayMs = 24 * 60 * 60 * 1_000;

/** A request to the connections API. */
function request(method: string, connectionId: string, body: string): UnsignedRequest {
  const path = `/prod/@connections/${encodeURIComponent(connectionId)}`;
  return { method, path, headers: { host: 'abc123.execute-api.eu-central-1.amazonaws.com' }, body };
}

describe('a signed request', () => {
  it.each([
    ['of a user', user, 'POST', 'abc', '{"a":1}'],
    ['of a role', role, 'POST', 'abc', '{"a":1}'],
    ['to an id that must be encoded', role, 'POST', 'BFaT_fALIAMCKug=', '{"a":1}'],
    ['with a non-ASCII body', user, 'POST', 'abc', 'ä 🙂'],
    ['without a body', user, 'POST', 'abc', ''],
    ['that closes a connection', role, 'DELETE', 'BFaT_fALIAMCKug=', ''],
  ])('%s is signed as the SDK signs it', async (_, credentials, method, connectionId, body) => {
    const unsigned = request(method, connectionId, body);
    const headers = requestSigner('execute-api', region, credentials).headersFor(unsigned, nowMs);
    expect(headers).toEqual(await signatureBySdk('execute-api', credentials, unsigned, nowMs));
  });

  it('has the signature of its own time and body when the signer is reused', async () => {
    const signer = requestSigner('execute-api', region, role);
    for (const [laterMs, body] of [
      [0, 'one'],
      [400, 'two'],
      [1_000, 'two'],
      [dayMs, 'one'],
      [365 * dayMs, 'one'],
    ] as const) {
      const unsigned = request('POST', 'L0SM9cOFvHcCIhw=', body);
      const headers = signer.headersFor(unsigned, nowMs + laterMs);
      expect(headers).toEqual(await signatureBySdk('execute-api', role, unsigned, nowMs + laterMs));
    }
  });
});

/** A request as the SDK passes it to its signer. */
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

const signing = { signingDate: new Date(nowMs) };
const signerOf = (credentials: Credentials) =>
  sdkSigner({ service: 'dynamodb', region, credentials: async () => credentials });

/** Returns the headers that the SDK's own signer would add, with a signature of the same headers. */
function expected(body: string | Uint8Array, timeMs = nowMs, credentials: Credentials = role) {
  const { method, path, headers } = new SdkRequest();
  const covered = {
    'content-type': headers['Content-Type']!,
    host: headers['host']!,
    'x-amz-target': headers['X-Amz-Target']!,
  };
  return signatureBySdk('dynamodb', credentials, { method, path, headers: covered, body }, timeMs);
}

describe('the signer for clients of the SDK', () => {
  it.each([
    ['a role’s request', role, '{"TableName":"t"}'],
    ['a user’s request', user, '{"TableName":"t"}'],
    ['bytes', role, new TextEncoder().encode('{"TableName":"ä"}')],
  ])('signs %s as the SDK does', async (_, credentials, body) => {
    const request = new SdkRequest(body);
    const signed = await signerOf(credentials).sign(request, signing);
    expect(signed).toBeInstanceOf(SdkRequest);
    expect(signed.body).toBe(body);
    expect(signed.headers).toEqual({ ...request.headers, ...(await expected(body, nowMs, credentials)) });
  });

  it('does not change the request, so that it can be signed again for a retry', async () => {
    const request = new SdkRequest();
    const before = { ...request.headers };
    const signer = signerOf(role);
    await signer.sign(request, signing);
    expect(request.headers).toEqual(before);
    const later = await signer.sign(request, { ...signing, signingDate: new Date(nowMs + 5_000) });
    expect(later.headers).toMatchObject(await expected(request.body, nowMs + 5_000));
  });

  it('fetches credentials once', async () => {
    let fetches = 0;
    const credentials = async () => {
      fetches += 1;
      return role;
    };
    const signer = sdkSigner({ service: 'dynamodb', region, credentials });
    await signer.sign(new SdkRequest(), signing);
    await signer.sign(new SdkRequest(), signing);
    expect(fetches).toBe(1);
  });

  it('signs for another region when the endpoint requires it', async () => {
    const signer = signerOf(user);
    await signer.sign(new SdkRequest(), signing);
    const { headers } = await signer.sign(new SdkRequest(), { ...signing, signingRegion: 'us-east-1' });
    expect(headers['authorization']).toContain('/us-east-1/dynamodb/aws4_request');
  });

  it('refuses a request with a query string, which its signature would not cover', async () => {
    const request = new SdkRequest();
    request.query = { a: 'b' };
    await expect(signerOf(role).sign(request, signing)).rejects.toThrow('query');
  });
});
