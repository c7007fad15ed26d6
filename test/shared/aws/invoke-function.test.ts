import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { invokerOf } from '../../../shared/aws/invoke-function.ts';
import { region, signatureBySdk } from './signature-by-sdk.ts';

type Reply = { status: number; headers?: Record<string, string>; body: string } | 'no answer';

let reply: Reply = { status: 200, body: 'null' };
let requests: { headers: IncomingHttpHeaders; url: string; body: string }[] = [];

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    requests.push({ headers: request.headers, url: request.url ?? '', body });
    if (reply !== 'no answer') response.writeHead(reply.status, reply.headers).end(reply.body);
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const role = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'IQoJb3JpZ2luX2VjE+/=' };
const alias = 'arn:aws:lambda:us-east-1:123456789012:function:uploads:live';
const invoke = invokerOf(alias, {
  region,
  credentials: async () => role,
  endpoint: `http://${host}/base/`,
  timeoutMs: 200,
});

beforeEach(() => {
  requests = [];
  reply = { status: 200, body: 'null' };
});

it('invokes the function, waits for its result, and signs as the SDK does', async () => {
  await invoke({ check: { roomId: 'r' } });
  const [{ headers, url, body } = { headers: {}, url: '', body: '' }] = requests;
  const path = `/base/2015-03-31/functions/${encodeURIComponent(alias)}/invocations`;
  expect(url).toBe(path);
  expect(JSON.parse(body)).toEqual({ check: { roomId: 'r' } });
  expect(headers['x-amz-invocation-type']).toBe('RequestResponse');
  const date = String(headers['x-amz-date']);
  const nowMs = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const covered = {
    host,
    'content-type': 'application/json',
    'x-amz-invocation-type': 'RequestResponse',
  };
  expect(headers).toMatchObject(
    await signatureBySdk('lambda', role, { method: 'POST', path, headers: covered, body }, nowMs),
  );
});

it.each<[string, Reply, string]>([
  ['refuses', { status: 429, body: '{"message":"Rate exceeded"}' }, 'Rate exceeded'],
  [
    'reports that the function failed',
    { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorMessage":"broken"}' },
    'broken',
  ],
])('rejects with the text of the answer when Lambda %s', async (_, answer, text) => {
  reply = answer;
  await expect(invoke({})).rejects.toMatchObject({
    name: 'InvocationFailedError',
    message: expect.stringContaining(text),
  });
  expect(requests).toHaveLength(1);
});

it('rejects when the function has not ended in time', async () => {
  reply = 'no answer';
  await expect(invoke({})).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(requests).toHaveLength(1);
});
