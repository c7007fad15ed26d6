/** Unread counts stay exact when users repeat, delete and send many messages. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { ChatSocket, like } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import type { Answer } from '../kit/request.ts';
import { newRoom } from '../kit/rooms.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { useProductionRuntime, withoutBudgets } from './production-runtime.ts';

useProductionRuntime(withoutBudgets);

let ann: TestUser;
let bob: TestUser;
let cleo: TestUser;
let room: any;

beforeAll(async () => {
  [ann, bob, cleo] = await Promise.all([newUser('ann'), newUser('bob'), newUser('cleo')]);
});

beforeEach(async () => {
  room = await newRoom(ann, { is_private: true });
  for (const { id } of [bob, cleo])
    await call('POST', `/chat/rooms/${room.room_id}/members/add/`, {
      token: ann.access,
      body: { user_id: id },
    });
});

const send = (user: TestUser, content: string, clientId?: string): Promise<Answer> =>
  call('POST', `/chat/rooms/${room.room_id}/messages/`, {
    token: user.access,
    body: { content, ...(clientId !== undefined && { client_id: clientId }) },
  });

const unreadOf = async (user: TestUser): Promise<number> => {
  const { body } = await call('GET', '/chat/rooms/mine/', { token: user.access });
  return body.find(({ room_id }: any) => room_id === room.room_id).unread_count;
};

const read = async (user: TestUser, messageId: string): Promise<number> => {
  const path = `/chat/rooms/${room.room_id}/read/`;
  return (await call('POST', path, { token: user.access, body: { message_id: messageId } })).body
    .unread_count;
};

/** Acts a few times at once, so that the burst limit of the gateway is not reached. */
async function inBatches<T>(count: number, atOnce: number, act: (at: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let at = 0; at < count; at += atOnce)
    done.push(...(await Promise.all(Array.from({ length: atOnce }, (_, more) => act(at + more)))));
  return done;
}

test('repeating one client_id 200 times changes no unread count', async () => {
  const first = (await send(ann, 'once', 'first')).body;
  const answers = await inBatches(200, 10, () => send(ann, 'once', 'first'));
  const accepted = answers.filter(({ status }) => status === 200);
  expect(accepted.length).toBeGreaterThan(100);
  expect(new Set(accepted.map(({ body }) => body.message_id))).toEqual(new Set([first.message_id]));
  await send(cleo, 'news');
  expect([await unreadOf(ann), await unreadOf(bob), await unreadOf(cleo)]).toEqual([1, 2, 1]);
  expect(await read(bob, first.message_id)).toBe(1);
  expect(await read(ann, first.message_id)).toBe(1);
});

test('200 deletions leave all unread counts exact, for markers before and among the deleted messages', async () => {
  const authors = [ann, cleo];
  const sent = await inBatches(200, 10, async (at) => {
    const author = authors[at % 2]!;
    return { author, message: (await send(author, `message ${at}`)).body };
  });
  sent.sort((a, b) => a.message.seq - b.message.seq);
  const kept = sent.filter((_, at) => at % 10 === 0);
  await read(bob, kept[0]!.message.message_id);
  const toDelete = sent.filter((_, at) => at % 10 !== 0);
  await inBatches(toDelete.length, 10, async (at) => {
    const { author, message } = toDelete[at]!;
    const path = `/chat/messages/${message.message_id}/delete/`;
    const { status } = await call('DELETE', path, { token: author.access });
    expect(status).toBe(204);
  });
  expect(await unreadOf(bob)).toBe(kept.length - 1);
  const others = kept.filter(({ author }) => author !== ann).length;
  expect([await unreadOf(ann), await unreadOf(cleo)]).toEqual([others, kept.length - others]);
  expect(await read(bob, kept[5]!.message.message_id)).toBe(kept.length - 6);
  const last = (await send(cleo, 'the last word')).body;
  expect(await unreadOf(bob)).toBe(kept.length - 5);
  expect(await read(bob, last.message_id)).toBe(0);
});

test('a user’s own messages over HTTP and sockets do not count as unread for them', async () => {
  const socket = await ChatSocket.open(`/ws/chat/${room.room_name}/`, {
    headers: { authorization: `Bearer ${bob.access}` },
  });
  await socket.next('history_end');
  const first = (await send(ann, 'hello')).body;
  await inBatches(40, 10, (at) => send(bob, `monologue ${at}`));
  for (let at = 0; at < 10; at += 1) {
    socket.send({ type: 'message', content: `spoken ${at}`, client_id: `spoken-${at}` });
    await socket.next(like('ack', { client_id: `spoken-${at}` }));
    expect(await unreadOf(bob)).toBe(1);
  }
  expect(await unreadOf(cleo)).toBe(51);
  expect(await read(bob, first.message_id)).toBe(0);
  await send(ann, 'still there?');
  expect(await unreadOf(bob)).toBe(1);
  expect(await read(cleo, first.message_id)).toBe(51);
  await socket.close();
});
