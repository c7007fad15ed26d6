import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { secretValues, type SecretValues } from '../../../shared/aws/secret-values.ts';
import { region, signatureBySdk } from './signature-by-sdk.ts';

type Reply =
  | { status: number; headers?: Record<string, string>; body: string }
  | 'no answer'
  | 'half an answer'
  | 'close';

let replies: Reply[] = [];
let requests: { headers: IncomingHttpHeaders; url: string | undefined; body: string; port?: number }[] = [];

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    const { headers, url, socket } = request;
    requests.push({ headers, url, body, ...(socket.remotePort && { port: socket.remotePort }) });
    const reply = replies.length > 1 ? replies.shift()! : replies[0]!;
    if (reply === 'no answer') return;
    if (reply === 'close') socket.destroy();
    else if (reply === 'half an answer') response.writeHead(200, { 'content-length': 100 }).write('{');
    else response.writeHead(reply.status, reply.headers).end(reply.body);
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const role = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'IQoJb3JpZ2luX2VjE+/=',
};
const ok: Reply = { status: 200, body: JSON.stringify({ SecretString: '{"key":"ä"}', VersionId: 'v' }) };
const refusal = (name: string, status = 400): Reply => ({
  status,
  body: JSON.stringify({ __type: name, Message: 'because' }),
});

let pauses: number[] = [];
let values: SecretValues;
beforeEach(() => {
  requests = [];
  pauses = [];
  values = secretValues({
    region,
    credentials: async () => role,
    endpoint: `http://${host}/base`,
    bounds: { tryMs: 100, maxTries: 3 },
    randomInteger(below) {
      pauses.push(below);
      return 0;
    },
  });
});

describe('the value of a secret', () => {
  it('is requested with the secret, the stage and a signature as the SDK makes it', async () => {
    replies = [ok];
    expect(await values.get('arn:aws:secretsmanager:Key-AbCdEf', 'AWSPREVIOUS')).toBe('{"key":"ä"}');
    const [{ headers, body, url } = { headers: {}, body: '', url: '' }] = requests;
    expect(JSON.parse(body)).toEqual({
      SecretId: 'arn:aws:secretsmanager:Key-AbCdEf',
      VersionStage: 'AWSPREVIOUS',
    });
    expect(url).toBe('/base');
    const covered = {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    };
    const date = String(headers['x-amz-date']);
    const nowMs = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    expect(headers).toMatchObject(
      await signatureBySdk(
        'secretsmanager',
        role,
        { method: 'POST', path: '/base', headers: covered, body },
        nowMs,
      ),
    );
  });

  it('is requested over a fresh socket each time', async () => {
    replies = [ok];
    await values.get('s', 'AWSCURRENT');
    await values.get('s', 'AWSCURRENT');
    expect(new Set(requests.map(({ port }) => port)).size).toBe(2);
  });

  it.each<[string, Reply]>([
    ['a request that is throttled', refusal('ThrottlingException')],
    ['an error of the service', refusal('InternalServiceError', 500)],
    ['an answer without a name', { status: 502, body: '<html>' }],
    ['a broken connection', 'close'],
    ['no answer', 'no answer'],
    ['an answer that does not end', 'half an answer'],
  ])('is requested again after %s', async (_, reply) => {
    replies = [reply, reply, ok];
    expect(await values.get('s', 'AWSCURRENT')).toBe('{"key":"ä"}');
    expect(pauses).toEqual([100, 200]);
  });

  it.each<[string, Reply, string]>([
    ['its name in the body', refusal('ResourceNotFoundException'), 'ResourceNotFoundException'],
    ['a namespace before its name', refusal('com.amazon#AccessDeniedException'), 'AccessDeniedException'],
    [
      'its name in a header',
      { status: 400, headers: { 'x-amzn-errortype': 'DecryptionFailure:http://a/' }, body: '' },
      'DecryptionFailure',
    ],
    ['no text in it', { status: 200, body: '{"SecretBinary":"AAAA"}' }, 'NoSecretString'],
  ])('is not requested again after a refusal with %s', async (_, reply, name) => {
    replies = [reply];
    await expect(values.get('s', 'AWSCURRENT')).rejects.toMatchObject({ name });
    expect(requests).toHaveLength(1);
  });

  it('is given up after the last try, with the reason', async () => {
    for (const reply of ['no answer', 'half an answer'] as const) {
      requests = [];
      replies = [reply];
      await expect(values.get('s', 'AWSCURRENT')).rejects.toMatchObject({ name: 'TimeoutError' });
      expect(requests).toHaveLength(3);
    }
    replies = [refusal('ThrottlingException')];
    await expect(values.get('s', 'AWSCURRENT')).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'because',
    });
  });
});
