/** Redriving as an operator does it, in a local run of the whole project whose functions fail by fault rules. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../../tools/redrive.ts';
import { startTestRuntime, type TestRuntime } from '../../kit/runtime.ts';

let running: TestRuntime;
let token: string;

beforeAll(async () => {
  running = await startTestRuntime({ faults: true, maximumRecordAgeSeconds: 1 });
  await call('POST', '/users/auth/register/', { username: 'ann', password: 'lantern-orbit-42' });
  const { access } = await call('POST', '/users/auth/login/', {
    username: 'ann',
    password: 'lantern-orbit-42',
  });
  token = access;
});

afterAll(() => running?.stop());

async function call(method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(running.runtime.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Runs the command against the runtime; returns its exit code and its lines. */
async function run(...flags: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await main(['--local', running.runtime.url, ...flags], (line) => lines.push(line));
  return { code, lines };
}

const failures = (): string[] => {
  const { buckets } = running.runtime;
  return buckets.names().flatMap((name) => buckets.list(name).map(({ key }) => key));
};

/** The keys of the objects of which the queue of failures was notified. */
function notifiedKeys(): string[] {
  const { queues, stack } = running.runtime;
  return queues.peek(stack.queues[0]!.logicalId).map((body) => {
    const { Records } = JSON.parse(body) as { Records: { s3: { object: { key: string } } }[] };
    return Records[0]!.s3.object.key;
  });
}

/** The items of a room that its purge deletes. */
async function entriesOf(roomId: string): Promise<number> {
  const { engine, stack } = running.runtime;
  const { DynamoDBClient, QueryCommand } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient({
    endpoint: engine.endpoint,
    credentials: engine.credentials,
    region: 'us-east-1',
  });
  const { Count = 0 } = await client.send(
    new QueryCommand({
      TableName: stack.table.tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `LOG#${roomId}` } },
      Select: 'COUNT',
    }),
  );
  client.destroy();
  return Count;
}

describe('npm run redrive', () => {
  it('completes what a poison record left undone, once, after its cause is gone', async () => {
    const room = await call('POST', '/chat/rooms/create/', { room_name: 'doomed', is_private: true });
    for (const content of ['one', 'two', 'three'])
      await call('POST', `/chat/rooms/${room.room_id}/messages/`, { content });
    // Every change of this room fails in the function that handles the stream.
    await call('POST', '/_local/faults', {
      id: 'poison',
      point: 'database',
      action: 'fail',
      status: 400,
      error: 'ValidationException',
      match: { function: 'tableStream', contains: room.room_id },
    });
    await call('DELETE', `/chat/rooms/${room.room_id}/`);
    await vi.waitFor(() => expect(failures().length).toBeGreaterThan(0), { timeout: 10_000 });
    expect(failures()[0]).toMatch(
      /^aws\/lambda\/[0-9a-f-]{36}\/[^/]+\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/,
    );
    expect(await entriesOf(room.room_id)).toBeGreaterThan(0);
    expect(notifiedKeys()).toEqual(expect.arrayContaining(failures()));

    const again = await run();
    expect(again.code).toBe(1);
    expect(again.lines.at(-1)).toContain('failed again');
    expect(failures().length).toBeGreaterThan(0);

    await call('DELETE', '/_local/faults');
    const before = failures();
    const dry = await run('--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.lines.filter((line) => line.startsWith('would replay'))).toHaveLength(before.length);
    expect(failures()).toEqual(before);

    // A batch that failed for the last time just before may be recorded a moment later.
    await vi.waitFor(async () => {
      expect((await run()).code).toBe(0);
      expect(failures()).toEqual([]);
      expect(await run()).toMatchObject({ lines: ['0 replayed, 0 failed again, 0 unreadable'] });
    }, 10_000);
    await vi.waitFor(async () => expect(await entriesOf(room.room_id)).toBe(0), { timeout: 10_000 });
    expect(await run()).toEqual({ code: 0, lines: ['0 replayed, 0 failed again, 0 unreadable'] });
  });

  it('leaves an object that is not the record of a failure, and says so', async () => {
    const { buckets } = running.runtime;
    const [name = ''] = buckets.names();
    buckets.put(
      name,
      'aws/lambda/other',
      '{"requestContext":{"functionArn":"arn:aws:lambda:a:b:function:c"}}',
    );
    expect(await run()).toMatchObject({
      code: 1,
      lines: ['cannot replay aws/lambda/other: it has no event', '0 replayed, 0 failed again, 1 unreadable'],
    });
    buckets.delete(name, 'aws/lambda/other');
  });

  it('prints its options with --help, and refuses unknown or missing ones in one line', async () => {
    const lines: string[] = [];
    expect(await main(['--help'], (line) => lines.push(line))).toBe(0);
    expect(lines.join('\n')).toContain('--dry-run');
    await expect(main(['--other'], () => undefined)).rejects.toThrow(
      /^Unknown option '--other'. See --help.$/,
    );
    await expect(main([], () => undefined)).rejects.toThrow('Name either a stage');
    await expect(main(['--local', 'http://127.0.0.1:9'], () => undefined)).rejects.toThrow(
      'No local runtime answers at http://127.0.0.1:9',
    );
  });
});
