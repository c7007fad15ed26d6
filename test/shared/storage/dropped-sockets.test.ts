/** The table's client against a database whose idle connections are dropped without notice, with the bounds of production. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTable } from '../../../shared/storage/open-table.ts';
import type { Table } from '../../../shared/storage/table.ts';

const connections = 6;
let database: Server;
let table: Table;
/** The sockets over which requests are no longer answered. */
let silent: Set<Socket>;
let open: Set<Socket>;

beforeEach(async () => {
  silent = new Set();
  open = new Set();
  const waiting: (() => void)[] = [];
  database = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (silent.has(request.socket)) return;
    const answer = (): void => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    };
    // The first requests wait for one another, so that each of them opens a connection.
    if (silent.size > 0 || waiting.length === connections) return answer();
    waiting.push(answer);
    if (waiting.length === connections) for (const one of waiting) one();
  });
  database.on('connection', (socket) => open.add(socket));
  await new Promise<void>((resolve) => database.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const { port } = database.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${port}`);
  table = openTable('table');
  await Promise.all(Array.from({ length: connections }, read));
  if (open.size !== connections) throw new Error(`The client opened ${open.size} connections`);
  // The answers have arrived, so the sockets are idle in the next turn.
  await new Promise(setImmediate);
  silent = new Set(open);
});

afterEach(() => {
  vi.unstubAllEnvs();
  database.closeAllConnections();
  database.close();
});

const read = (): Promise<unknown> => table.get({ pk: 'a', sk: 'b' });

async function millisecondsOf(action: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await action();
  return performance.now() - startedAtMs;
}

describe('the client of the table, when its idle connections were dropped without notice', () => {
  it('gets an answer after one time limit, and from then on at once', async () => {
    const first = await millisecondsOf(read);
    expect(first).toBeGreaterThan(1_900);
    expect(first).toBeLessThan(3_000);
    expect(await millisecondsOf(read)).toBeLessThan(500);
  });

  it('gets an answer at once when it was not used for more than a minute', async () => {
    const now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now + 61_000);
    expect(await millisecondsOf(read)).toBeLessThan(500);
  });
});
