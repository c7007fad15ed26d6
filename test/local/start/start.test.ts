import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { fixtureApp } from './fixture/bundles.ts';

const directory = mkdtempSync(join(tmpdir(), 'runtime-'));
const { app, environment, sources } = fixtureApp(directory);
const printed: string[] = [];
const log = createLog(
  'normal',
  (line) => printed.push(line),
  (line) => printed.push(line),
);
const start = (port = 0) =>
  startLocal({ app, environment, log, port, dataDirectory: join(directory, 'data'), watch: true });

let runtime: LocalRuntime;
beforeAll(async () => {
  runtime = await start();
});
afterAll(async () => {
  await runtime.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function api(action: string, body: object = {}): Promise<unknown> {
  const response = await fetch(`${runtime.url}/api/${action}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (response.status !== 200)
    throw new Error(`${action} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

function functionName(prefix: string): string {
  return runtime.stack.functions.find(({ functionName: name }) => name.startsWith(prefix))!.functionName;
}

describe('a local run', () => {
  it('serves the HTTP API of the template', async () => {
    expect(await api('version')).toBe('first');
    expect((await fetch(`${runtime.url}/nowhere`)).status).toBe(404);
  });

  it('has no faults API without the option faults', async () => {
    expect((await fetch(`${runtime.url}/_local/faults`)).status).toBe(404);
  });

  it('serves the WebSocket API at its stage and behind the edge, with posts and route responses', async () => {
    for (const path of ['/local', '/ws/chat/general/']) {
      const socket = new WebSocket(runtime.webSocketUrl + path);
      const frames: string[] = [];
      socket.on('message', (data: Buffer) => frames.push(data.toString()));
      await once(socket, 'open');
      socket.send('hi');
      await vi.waitFor(() => expect(frames).toEqual(['posted hi', 'returned hi']));
      socket.close();
      await once(socket, 'close');
    }
  });

  it('gives functions access to the database through the unmodified SDK', async () => {
    await api('put', { pk: 'a', sk: 'b', text: 'stored' });
    expect(await api('get', { pk: 'a', sk: 'b' })).toMatchObject({ text: { S: 'stored' } });
  });

  it('gives functions their secrets, which are generated once', async () => {
    const secret = await api('secret');
    expect(JSON.parse(String(secret))).toEqual({ use: 'test', key: expect.stringMatching(/^.{40}$/s) });
    expect(await api('secret', { stage: 'AWSCURRENT' })).toEqual(secret);
    await expect(api('secret', { stage: 'AWSPREVIOUS' })).rejects.toThrow('500');
  });

  it('rotates a secret and keeps its previous value', async () => {
    const previous = await api('secret');
    const response = await fetch(`${runtime.url}/_aws/secretsmanager/`, {
      method: 'POST',
      headers: { 'x-amz-target': 'secretsmanager.PutSecretValue' },
      body: JSON.stringify({ SecretId: runtime.stack.secrets[0]!.arn, SecretString: 'rotated' }),
    });
    expect(response.status).toBe(200);
    expect(await api('secret')).toBe('rotated');
    expect(await api('secret', { stage: 'AWSPREVIOUS' })).toBe(previous);
  });

  it('lets a function invoke another one and receive its failure', async () => {
    const answer = await api('invoke', { name: functionName('stream'), payload: '{"fail":"on purpose"}' });
    expect(answer).toMatchObject({
      status: 200,
      error: 'Unhandled',
      payload: expect.stringContaining('on purpose'),
    });
    await expect(api('invoke', { name: 'missing' })).rejects.toThrow('500');
  });

  it('sends an asynchronous event that always fails to the failure queue, from which SQS returns it', async () => {
    const name = functionName('stream');
    expect(await api('invoke', { name, type: 'Event', payload: '{"fail":"always fails"}' })).toMatchObject({
      status: 202,
    });
    await vi.waitFor(() => expect(queueOf('always fails')).toHaveLength(1), { timeout: 5_000 });
    const received = await callSqs('ReceiveMessage', { MaxNumberOfMessages: 10 });
    expect(received).toMatchObject({ Messages: [{ Body: expect.stringContaining('always fails') }] });
    expect(await callSqs('ReceiveMessage', {})).toEqual({ Messages: [] });
    expect(await callSqs('PurgeQueue', {})).toEqual({});
    expect(queueOf('always fails')).toEqual([]);
  });

  it('passes changes that match the filter to the stream function, in the format of Lambda', async () => {
    await api('put', { pk: 'filtered', sk: 'OTHER', text: 'filtered out' });
    await api('put', { pk: 'matched', sk: 'NOTE#1', text: 'hello' });
    await vi.waitFor(async () => expect(await api('get', { pk: 'matched', sk: 'SEEN' })).not.toBeNull(), {
      timeout: 5_000,
    });
    const { record } = (await api('get', { pk: 'matched', sk: 'SEEN' })) as { record: { S: string } };
    const { tableName } = runtime.stack.table;
    expect(JSON.parse(record.S)).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: expect.stringMatching(`^arn:aws:dynamodb:us-east-1:\\d{12}:table/${tableName}/stream/`),
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { pk: { S: 'matched' }, sk: { S: 'NOTE#1' } },
        NewImage: { pk: { S: 'matched' }, sk: { S: 'NOTE#1' }, text: { S: 'hello' } },
        SequenceNumber: expect.stringMatching(/^\d+$/),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    expect(await api('get', { pk: 'filtered', sk: 'SEEN' })).toBeNull();
  });

  it('sends a poison record to the failure queue and continues with the next records', async () => {
    for (const text of ['fine', 'poison'])
      await api('put', { pk: `${text}${Math.random()}`, sk: 'NOTE', text });
    // Later, since nothing would separate the poison record from one behind it in the same batch.
    await vi.waitFor(() => expect(queueOf('DDBStreamBatchInfo')).toHaveLength(1), { timeout: 10_000 });
    await api('put', { pk: 'last', sk: 'NOTE', text: 'fine' });
    await vi.waitFor(async () => expect(await api('get', { pk: 'last', sk: 'SEEN' })).not.toBeNull(), {
      timeout: 5_000,
    });
    expect(JSON.parse(queueOf('DDBStreamBatchInfo')[0]!)).toMatchObject({
      DDBStreamBatchInfo: { batchSize: 1 },
    });
  });

  it('recovers when the database dies', async () => {
    process.kill(runtime.engine.pid()!, 'SIGKILL');
    await vi.waitFor(() => api('put', { pk: 'after', sk: 'NOTE', text: 'fine' }), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await api('get', { pk: 'after', sk: 'SEEN' })).not.toBeNull(), {
      timeout: 5_000,
    });
    expect(printed.join('')).toContain('is restarted');
  });

  it('reloads only the changed function after a change of its source', async () => {
    const file = join(sources, 'api.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace("version = 'first'", "version = 'second'"));
    const changedAtMs = Date.now();
    await vi.waitFor(async () => expect(await api('version')).toBe('second'), {
      timeout: 5_000,
      interval: 20,
    });
    printed.push(`reloaded after ${Date.now() - changedAtMs} ms`);
    await vi.waitFor(() => expect(printed.join('')).toContain(`Reloaded ${functionName('api')}`));
    expect(printed.join('')).not.toContain(`Reloaded ${functionName('socket')}`);
  });

  it('logs a build error of a changed source and keeps the previous version', async () => {
    const file = join(sources, 'api.ts');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, `${good}\nconst broken = ;`);
    await vi.waitFor(() => expect(printed.join('')).toContain('functions/api.ts:'), { timeout: 5_000 });
    expect(await api('version')).toBe('second');
    writeFileSync(file, good);
  });

  it('rejects a second run on the same data', async () => {
    await expect(start()).rejects.toThrow(`process ${process.pid}`);
  });

  it('rejects a port in use and stops everything that was started', async () => {
    const port = Number(new URL(runtime.url).port);
    const dataDirectory = join(directory, 'other-data');
    const attempt = startLocal({ app, environment, log, port, dataDirectory });
    await expect(attempt).rejects.toThrow(`Port ${port} is in use`);
    const again = await startLocal({ app, environment, log, dataDirectory });
    await again.stop();
  });

  it('continues after a restart without processing records again', async () => {
    const seen = await api('get', { pk: 'matched', sk: 'SEEN' });
    const secret = await api('secret');
    await runtime.stop();
    runtime = await start();
    expect(await api('get', { pk: 'matched', sk: 'SEEN' })).toEqual(seen);
    expect(await api('secret')).toBe(secret);
    await api('put', { pk: 'restarted', sk: 'NOTE', text: 'fine' });
    await vi.waitFor(async () => expect(await api('get', { pk: 'restarted', sk: 'SEEN' })).not.toBeNull(), {
      timeout: 5_000,
    });
    expect(await api('get', { pk: 'matched', sk: 'SEEN' })).toEqual(seen);
  });
});

function queueOf(text: string): string[] {
  return runtime.queues.peek(runtime.stack.queues[0]!.logicalId).filter((body) => body.includes(text));
}

async function callSqs(operation: string, input: object): Promise<unknown> {
  const QueueUrl = `https://sqs.us-east-1.amazonaws.com/0/${runtime.stack.queues[0]!.queueName}`;
  const response = await fetch(`${runtime.url}/_aws/sqs/`, {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonSQS.${operation}` },
    body: JSON.stringify({ QueueUrl, ...input }),
  });
  return response.json();
}
