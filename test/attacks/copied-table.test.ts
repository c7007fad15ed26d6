/** What a stolen copy of the table reveals about deleted messages. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTableReader, type TableReader } from '../chaos/harness/table-reader.ts';
import { ChatSocket, like } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { newRoom } from '../kit/rooms.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { useProductionRuntime, withoutBudgets } from './production-runtime.ts';

const { runtime } = useProductionRuntime(withoutBudgets);

const secret = 'the answer is no';
let table: TableReader;
let ann: TestUser;
let room: any;
/** One message sent over HTTP and one sent on a socket. */
let messageIds: string[];

beforeAll(async () => {
  const { engine, stack } = runtime();
  table = openTableReader(() => engine.endpoint, stack.table.tableName);
  ann = await newUser('ann');
  room = await newRoom(ann);
  const overHttp = await sendOverHttp('over-http');
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  socket.send({ type: 'message', content: secret, client_id: 'over-a-socket' });
  const { message_id } = await socket.find(like('ack', { client_id: 'over-a-socket' }));
  messageIds = [overHttp.body.message_id, message_id];
  for (const id of messageIds) {
    await call('DELETE', `/chat/messages/${id}/delete/`, { token: ann.access });
  }
});

afterAll(() => table?.close());

const sendOverHttp = (clientId: string) =>
  call('POST', `/chat/rooms/${room.room_id}/messages/`, {
    token: ann.access,
    body: { content: secret, client_id: clientId },
  });

test('no item contains a plain digest against which the content could be guessed', async () => {
  const items = JSON.stringify(await table.startingWith(''));
  expect(items).not.toContain(secret);
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha384', 'sha512']) {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const digest = createHash(algorithm).update(secret).digest(encoding);
      expect(items).not.toContain(digest);
    }
  }
});

test('the table does not show that two sends had the same content', async () => {
  const hashes = (await table.startingWith('SENT#')).map((item) => item['content_hash']);
  expect(hashes).toHaveLength(2);
  expect(new Set(hashes).size).toBe(2);
});

test('a repeated send is still recognized, over HTTP and on a socket', async () => {
  for (const [at, clientId] of ['over-http', 'over-a-socket'].entries()) {
    const original = { message_id: messageIds[at], is_deleted: true };
    expect(await sendOverHttp(clientId)).toMatchObject({ status: 200, body: original });
  }
});
