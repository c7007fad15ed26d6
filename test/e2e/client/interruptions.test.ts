import { expect, test } from 'vitest';
import { memoryTokenStore, type Clock, type StoredTokens } from '../../../client/src/index.ts';
import { call } from '../../kit/deployment.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser } from '../../kit/users.ts';
import { contents, isLive, newClient, until } from './clients.ts';

test('200 messages are stored once and in order although sockets are cut in between, and both clients show the same', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const { room_name, room_id } = await newRoom(ann.user);
  const anns = ann.client.room(room_name);
  const bobs = bob.client.room(room_name);
  await Promise.all([until(anns, isLive), until(bobs, isLive)]);
  const written: string[] = [];
  for (let number = 0; number < 100; number += 1) {
    for (const [name, room] of [
      ['ann', anns],
      ['bob', bobs],
    ] as const) {
      room.send(`${name} ${number}`);
      written.push(`${name} ${number}`);
    }
    // Cut after the server has stored some of the messages, while others are being sent.
    if (number % 25 === 10) {
      const seen = bobs.messages.filter(({ state }) => state === 'sent').length;
      await until(
        bobs,
        ({ messages }) => messages.filter(({ state }) => state === 'sent').length >= seen + 3,
        30_000,
      );
      for (const { sockets } of [ann, bob]) sockets.at(-1)?.terminate();
    }
  }
  await Promise.all([until(anns, areAllSent, 60_000), until(bobs, areAllSent, 60_000)]);
  expect(ann.sockets.length).toBeGreaterThan(1);
  expect(contents(anns).toSorted()).toEqual(written.toSorted());
  expect(anns.messages.map(({ key }) => key)).toEqual(bobs.messages.map(({ key }) => key));
  const inHistory: string[] = [];
  for await (const page of ann.client.http.listMessages({ room_id, limit: 100 }).pages()) {
    inHistory.unshift(...page.map(({ content }) => content));
  }
  expect(contents(anns)).toEqual(inHistory);
  // The messages of one user stay in the order of writing.
  expect(contents(anns).filter((text) => text.startsWith('ann'))).toEqual(
    Array.from({ length: 100 }, (_, number) => `ann ${number}`),
  );
}, 120_000);

test('a client that reconnects shows the messages and edits that it missed', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const { room_name, room_id } = await newRoom(ann.user);
  const bobs = bob.client.room(room_name);
  await until(bobs, isLive);
  bobs.send('first');
  const { messages } = await until(bobs, (shown) => shown.messages[0]?.state === 'sent');
  bob.client.disconnect();
  expect(bob.client.state).toBe('offline');
  for (let number = 0; number < 130; number += 1) {
    await ann.client.http.sendMessage({ room_id, content: `missed ${number}` });
  }
  await bob.client.http.editMessage({ message_id: messages[0]?.message_id ?? '', content: 'first, edited' });
  bob.client.connect();
  await until(bobs, (shown) => shown.status === 'live' && shown.messages.length === 131);
  await until(bobs, (shown) => shown.messages[0]?.content === 'first, edited');
  expect(contents(bobs).slice(1)).toEqual(Array.from({ length: 130 }, (_, number) => `missed ${number}`));
});

test('the removal of a user closes the room in their client, and their other rooms stay open', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const closed = await newRoom(ann.user, { is_private: true });
  const added = new Promise((resolve) => bob.client.onAdded(({ room_id }) => resolve(room_id)));
  const open = bob.client.room((await newRoom(bob.user)).room_name);
  await until(open, isLive);
  await ann.client.http.addMember({ room_id: closed.room_id, user_id: bob.user.id });
  expect(await added).toBe(closed.room_id);
  const bobs = bob.client.room(closed.room_name);
  await until(bobs, isLive);
  await ann.client.http.removeMember({ room_id: closed.room_id, user_id: bob.user.id });
  const { problem } = await until(bobs, ({ status }) => status === 'closed');
  expect(problem?.code).toBe('removed');
  expect(() => bobs.send('still there?')).toThrow('You were removed from this room');
  expect(bob.client.state).toBe('live');
  open.send('here');
  await until(open, ({ messages }) => messages[0]?.state === 'sent');
});

test('a refused room is closed with the problem, and other rooms open', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const hidden = await newRoom(ann.user, { is_private: true });
  const refused = bob.client.room(hidden.room_name);
  const open = bob.client.room((await newRoom(bob.user)).room_name);
  const { problem } = await until(refused, ({ status }) => status === 'closed');
  expect(problem).toMatchObject({ name: 'ChatProblem', code: 'forbidden' });
  await until(open, isLive);
});

test('a client is signed out when its session is ended by another client', async () => {
  const store = memoryTokenStore();
  const ann = await newClient('ann', { tokens: store });
  const room = ann.client.room((await newRoom(ann.user)).room_name);
  await until(room, isLive);
  const { refresh } = (await store.get()) as StoredTokens;
  const answer = await call('POST', '/users/auth/logout/', { body: { refresh } });
  expect(answer.status).toBe(204);
  await until(ann.client, ({ state }) => state === 'signed-out');
  expect(room.getSnapshot()).toMatchObject({ status: 'closed', problem: { code: 'signed_out' } });
  await expect(ann.client.http.getProfile()).rejects.toMatchObject({ code: 'signed_out' });
});

test('a refused token is renewed once, however many requests wait for it', async () => {
  const user = await newUser('ann');
  const renewals: string[] = [];
  const store = memoryTokenStore({
    access: user.access.slice(0, -4),
    refresh: user.refresh,
    received_at: Date.now(),
  });
  const { client } = await newClient('ann', {
    user,
    tokens: store,
    fetch: (input, init) => {
      if ((input as string).includes('/token/refresh/')) renewals.push(input as string);
      return fetch(input, init);
    },
  });
  await store.set({ access: user.access.slice(0, -4), refresh: user.refresh, received_at: Date.now() });
  const names = await Promise.all(
    Array.from({ length: 10 }, async () => (await client.http.getProfile()).username),
  );
  expect(new Set(names)).toEqual(new Set([user.username]));
  expect(renewals).toHaveLength(1);
});

test('a client sends a new token over the open socket before the old one ends', async () => {
  const jumping = jumpingClock();
  const ann = await newClient('ann', { clock: jumping.clock });
  const room = ann.client.room((await newRoom(ann.user)).room_name);
  await until(room, isLive);
  const frames: { type: string }[] = [];
  const [socket] = ann.sockets;
  const send = socket?.send.bind(socket) as (data: string) => void;
  Object.assign(socket as object, {
    send: (data: string) => {
      frames.push(JSON.parse(data));
      send(data);
    },
  });
  // By the client's clock, most of the token's five minutes have passed.
  jumping.jump(4.75 * 60_000);
  await expect.poll(() => frames.filter(({ type }) => type === 'auth').length).toBe(1);
  room.send('still here');
  await until(room, ({ messages }) => messages[0]?.state === 'sent');
  expect(ann.sockets).toHaveLength(1);
});

function areAllSent({ messages }: { messages: readonly { state: string }[] }): boolean {
  return messages.length >= 200 && messages.every(({ state }) => state === 'sent');
}

/** Real time that can jump forward: timers that have become due run at once. */
function jumpingClock(): { clock: Clock; jump(milliseconds: number): void } {
  let offsetMs = 0;
  const timers = new Map<object, { dueMs: number; run: () => void; real: NodeJS.Timeout }>();
  const now = (): number => Date.now() + offsetMs;
  const clock: Clock = {
    now,
    after(milliseconds, run) {
      const id = {};
      const fire = (): void => {
        timers.delete(id);
        run();
      };
      timers.set(id, { dueMs: now() + milliseconds, run: fire, real: setTimeout(fire, milliseconds) });
      return () => {
        clearTimeout(timers.get(id)?.real);
        timers.delete(id);
      };
    },
  };
  return {
    clock,
    jump(milliseconds) {
      offsetMs += milliseconds;
      for (const timer of [...timers.values()].filter(({ dueMs }) => dueMs <= now())) {
        clearTimeout(timer.real);
        timer.run();
      }
    },
  };
}
