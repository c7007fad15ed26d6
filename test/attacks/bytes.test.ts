/** Text that is invisible when it is displayed, or much larger in JSON than when it was sent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problem } from '../e2e/http/problem.ts';
import { ChatSocket } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { newRoom } from '../kit/rooms.ts';
import { get, newUser, type TestUser } from '../kit/users.ts';
import { logBuilder, messageBy, type LogBuilder } from './log-builder.ts';
import { useProductionRuntime, withoutBudgets } from './production-runtime.ts';

const { runtime } = useProductionRuntime(withoutBudgets);

const frameBytes = 32 * 1024;

let builder: LogBuilder;
let ann: TestUser;
let room: any;
beforeAll(async () => {
  builder = logBuilder(runtime());
  ann = await newUser('ann');
  room = await newRoom(ann);
});
afterAll(() => builder.close());

const refused: [string, string][] = [
  ['control characters around a letter', `${'\u0001'.repeat(2_000)}a${'\u0001'.repeat(1_999)}`],
  ['a null character', 'a\u0000b'],
  ['an escape sequence', '\u001b[31mred'],
  ['DEL', 'a\u007f'],
  ['a C1 control', 'a\u009b31m'],
  ['zero-width characters alone', '\u200b\u200c\u200d\u2060\ufeff'],
  ['fillers alone', '\u3164\u115f\u1160\uffa0'],
  ['variation selectors alone', '\ufe0f\u{e0100}'],
  ['combining marks alone', '\u0301\u034f'],
  ['tags alone', '\u{e0020}\u{e0041}'],
  ['Braille blanks alone', '\u2800\u2800'],
  ['white space and marks of direction alone', ' \u202e\u3000 \u2066'],
];

describe.each(refused)('content made of %s', (_, content) => {
  test('is refused in a send, in an edit and over a socket', async () => {
    const { body: message } = await call('POST', `/chat/rooms/${room.room_id}/messages/`, {
      token: ann.access,
      body: { content: 'fine' },
    });
    const path = `/chat/rooms/${room.room_id}/messages/`;
    expect(await call('POST', path, { token: ann.access, body: { content } })).toEqual(
      problem(400, 'invalid_request'),
    );
    const edit = `/chat/messages/${message.message_id}/edit/`;
    expect(await call('PATCH', edit, { token: ann.access, body: { content } })).toEqual(
      problem(400, 'invalid_request'),
    );
    const socket = await ChatSocket.open(`/ws/?room=${room.room_name}&history=0`, { token: ann.access });
    await socket.next('history_end');
    for (const frame of [
      { message: content },
      { type: 'message', content },
      { type: 'edit', message_id: message.message_id, content },
    ]) {
      socket.send(frame);
      expect(await socket.next('error')).toMatchObject({ code: 4005, name: 'invalid_frame' });
    }
    await socket.close();
  });
});

test('control characters are refused in descriptions, names and refs, and the error does not repeat such a ref', async () => {
  const token = ann.access;
  for (const description of ['a\u0000b', '\u001b[2J']) {
    const patch = await call('PATCH', `/chat/rooms/${room.room_id}/`, { token, body: { description } });
    expect(patch).toEqual(problem(400, 'invalid_request'));
  }
  for (const first_name of ['a\nb', 'a\u0007', '\u3164', 'a\u2028b'])
    expect(await call('PATCH', '/users/auth/profile/', { token, body: { first_name } })).toEqual(
      problem(400, 'invalid_request'),
    );
  const socket = await ChatSocket.open(`/ws/?room=${room.room_name}&history=0`, { token });
  socket.send({ type: 'typing', is_typing: true, ref: '\u0001'.repeat(64) });
  const error = await socket.next('error');
  expect(error).toMatchObject({ code: 4005 });
  expect(error).not.toHaveProperty('ref');
  await socket.close();
});

describe('content that was stored under looser rules', () => {
  const heavy = '\u0001'.repeat(8_000);
  const rooms: any[] = [];
  let victim: TestUser;
  beforeAll(async () => {
    victim = await newUser('victim');
    const at = Date.now() - 1_000;
    for (let made = 0; made < 5; made += 1) rooms.push(await newRoom(ann, { is_private: true }));
    // Additions and new rooms are limited, so the other rooms are written to the table directly.
    const items = Array.from({ length: 114 }, (_, index) => index).flatMap((index) => {
      const room_id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
      const pk = `ROOM#${room_id}`;
      rooms.push({ room_id });
      return [
        {
          pk,
          sk: 'ROOM',
          room_id,
          room_name: `heavy-${index}`,
          description: '語'.repeat(2_000),
          created_at: at,
          creator_id: ann.id,
          creator_username: ann.username,
          is_private: true,
          is_direct: false,
          member_count: 2,
        },
        { pk, sk: 'HEAD', room_id, seq: 0, taken: 0, voids: 0, last_message_seq: 0, last_at: 0, shards: 1 },
        ...[ann, victim].map(({ id, username }) => ({
          pk,
          sk: `MEMBER#${id}`,
          lookup_pk: `MEMBEROF#${id}`,
          lookup_sk: room_id,
          room_id,
          user_id: id,
          username,
          role: id === ann.id ? 'owner' : 'member',
          joined_at: at,
        })),
      ];
    });
    await builder.putMany(items);
    for (const { room_id } of rooms) await builder.append(room_id, [messageBy(ann, heavy)]);
  });

  test('leaves the list of rooms of an added member readable, in pages with shortened previews', async () => {
    const seen: any[] = [];
    let address: string | undefined = '/chat/rooms/mine/';
    while (address !== undefined) {
      const answer: Awaited<ReturnType<typeof get>> = await get(victim, address);
      expect(answer.status).toBe(200);
      expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThanOrEqual(512 * 1024);
      seen.push(...answer.body);
      const link: string | null = answer.headers.get('link');
      address = link === null ? undefined : /<([^>]+)>/.exec(link)?.[1];
    }
    expect(new Set(seen.map(({ room_id }) => room_id)).size).toBe(114);
    expect(seen).toHaveLength(114);
    for (const { last_message } of seen) {
      expect(last_message.content).toHaveLength(501);
      expect(last_message.content).toMatch(/…$/);
    }
  });

  test('leaves the author’s export readable and complete', async () => {
    const messages: any[] = [];
    const memberships: any[] = [];
    let address: string | undefined = '/users/auth/export/';
    while (address !== undefined) {
      const answer: Awaited<ReturnType<typeof get>> = await get(ann, address);
      expect(answer.status).toBe(200);
      expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThanOrEqual(768 * 1024);
      messages.push(...answer.body.messages);
      memberships.push(...(answer.body.memberships ?? []));
      const link: string | null = answer.headers.get('link');
      address = link === null ? undefined : /<([^>]+)>/.exec(link)?.[1];
    }
    expect(messages.filter(({ content }) => content === heavy)).toHaveLength(119);
    expect(memberships.length).toBeGreaterThanOrEqual(119);
  });

  test.each(['', '&batch=1'])('is split into frames within the size limit%s', async (query) => {
    const [{ room_id, room_name }] = rooms;
    await builder.append(room_id, [messageBy(ann, heavy), messageBy(ann, '語'.repeat(8_000))]);
    const frames: number[] = [];
    const socket = await ChatSocket.open(`/ws/?room=${room_name}${query}`, { token: ann.access });
    socket.socket.on('message', (data) => frames.push((data as Buffer).byteLength));
    await socket.next('history_end');
    expect(socket.ofType('chat_message').length).toBeGreaterThanOrEqual(3);
    for (const frame of socket.frames)
      expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThanOrEqual(frameBytes);
    for (const bytes of frames) expect(bytes).toBeLessThanOrEqual(frameBytes);
    await socket.close();
  });
});

test('a page of messages has a limited size, and its Link leads to the next page', async () => {
  const heavyRoom = await newRoom(ann);
  await builder.append(
    heavyRoom.room_id,
    Array.from({ length: 100 }, () => messageBy(ann, '語'.repeat(4_000))),
  );
  const seqs: number[] = [];
  let address: string | undefined = `/chat/rooms/${heavyRoom.room_id}/messages/?limit=100`;
  while (address !== undefined) {
    const answer: Awaited<ReturnType<typeof get>> = await get(ann, address);
    expect(answer.status).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThanOrEqual(540 * 1024);
    seqs.unshift(...answer.body.map(({ seq }: any) => seq));
    const link: string | null = answer.headers.get('link');
    address = link === null ? undefined : /<([^>]+)>/.exec(link)?.[1];
  }
  expect(seqs).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
});
