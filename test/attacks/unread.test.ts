/** Unread counts against users who repeat, delete and write to themselves. */
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

/** Some at a time, so that the gateway's burst is not what is tested. */
async function inTurns<T>(count: number, atOnce: number, act: (at: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let at = 0; at < count; at += atOnce)
    done.push(...(await Promise.all(Array.from({ length: atOnce }, (_, more) => act(at + more)))));
  return done;
}

test('one client_id repeated 200 times changes nobody’s count', async () => {
  const first = (await send(ann, 'once', 'first')).body;
  const answers = await inTurns(200, 10, () => send(ann, 'once', 'first'));
  const accepted = answers.filter(({ status }) => status === 200);
  expect(accepted.length).toBeGreaterThan(100);
  expect(new Set(accepted.map(({ body }) => body.message_id))).toEqual(new Set([first.message_id]));
  await send(cleo, 'news');
  expect([await unreadOf(ann), await unreadOf(bob), await unreadOf(cleo)]).toEqual([1, 2, 1]);
  expect(await read(bob, first.message_id)).toBe(1);
  expect(await read(ann, first.message_id)).toBe(1);
});

test('200 deletions leave every count exact, for a marker in front of them and for one among them', async () => {
  const authors = [ann, cleo];
  const sent = await inTurns(200, 10, async (at) => {
    const author = authors[at % 2]!;
    return { author, message: (await send(author, `message ${at}`)).body };
  });
  sent.sort((a, b) => a.message.seq - b.message.seq);
  const kept = sent.filter((_, at) => at % 10 === 0);
  await read(bob, kept[0]!.message.message_id);
  const doomed = sent.filter((_, at) => at % 10 !== 0);
  await inTurns(doomed.length, 10, async (at) => {
    const { author, message } = doomed[at]!;
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

test('own messages, however many, are not unread to their sender, over HTTP and sockets', async () => {
  const socket = await ChatSocket.open(`/ws/chat/${room.room_name}/`, {
    headers: { authorization: `Bearer ${bob.access}` },
  });
  await socket.next('history_end');
  const first = (await send(ann, 'hello')).body;
  await inTurns(40, 10, (at) => send(bob, `monologue ${at}`));
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
