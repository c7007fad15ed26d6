/** `history`: older messages or every entry after a seq, in pages that end with `history_end`. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ChatSocket, type ChatEvent } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { awaitEntries, expectError } from '../../kit/room-sockets.ts';
import { newRoom, postMessage } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let room: any;
let socket: ChatSocket;

/** Messages at 1 to 20, an edit of the first at 21, a deletion of the second at 22, messages at 23 to 60. */
beforeAll(async () => {
  ann = await newUser('ann');
  room = await newRoom(ann);
  const witness = await ChatSocket.inRoom(room.room_name, ann.access);
  const [first, second] = [await postMessage(ann, room, 'm1'), await postMessage(ann, room, 'm2')];
  const fill = (count: number) =>
    Promise.all(Array.from({ length: count }, () => postMessage(ann, room, 'more')));
  await fill(18);
  await call('PATCH', `/chat/messages/${first.message_id}/edit/`, {
    token: ann.access,
    body: { content: 'm1, mended' },
  });
  await call('DELETE', `/chat/messages/${second.message_id}/delete/`, { token: ann.access });
  await fill(38);
  await awaitEntries(witness, 60);
});

beforeEach(async () => {
  socket = await ChatSocket.inRoom(room.room_name, ann.access, '?history=0');
});

async function ask(
  page: Record<string, number>,
): Promise<{ seqs: number[]; events: ChatEvent[]; end: ChatEvent }> {
  const from = socket.events.length;
  socket.send({ type: 'history', ...page });
  const end = await socket.next('history_end');
  const events = socket.events.slice(from, -1);
  return { seqs: events.map((event) => event['seq'] as number), events, end };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('before', () => {
  test('returns the messages just before a seq, oldest first', async () => {
    const { seqs, events, end } = await ask({ before: 61, limit: 5 });
    expect(seqs).toEqual([56, 57, 58, 59, 60]);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['chat_message']));
    expect(end).toEqual({
      type: 'history_end',
      room_id: room.room_id,
      first_seq: 56,
      head: 60,
      has_more: true,
      recovered: true,
    });
  });

  test('skips entries that are not messages', async () => {
    const { seqs } = await ask({ before: 25, limit: 4 });
    expect(seqs).toEqual([19, 20, 23, 24]);
  });

  test('shows edited and deleted messages as they are now', async () => {
    const { events } = await ask({ before: 3 });
    expect(events).toMatchObject([
      { type: 'chat_message', seq: 1, message: 'm1, mended' },
      { type: 'chat_message', seq: 2, message: 'This message has been deleted', is_deleted: true },
    ]);
  });

  test('returns has_more: false at the first message', async () => {
    expect((await ask({ before: 4, limit: 3 })).end).toMatchObject({ first_seq: 1, has_more: false });
    const nothing = await ask({ before: 1 });
    expect(nothing.seqs).toEqual([]);
    expect(nothing.end).toMatchObject({ has_more: false });
  });

  test('pages back to the first message without missing or repeating one', async () => {
    const all: number[] = [];
    let before = 61;
    for (;;) {
      const { seqs, end } = await ask({ before, limit: 17 });
      all.unshift(...seqs);
      if (!end['has_more']) break;
      before = end['first_seq'];
    }
    expect(all).toEqual([...range(1, 20), ...range(23, 60)]);
  });
});

describe('after', () => {
  test('returns every entry after a seq as its event', async () => {
    const { seqs, events, end } = await ask({ after: 19, limit: 5 });
    expect(seqs).toEqual([20, 21, 22, 23, 24]);
    expect(events.map(({ type }) => type)).toEqual([
      'chat_message',
      'message_edited',
      'message_deleted',
      'chat_message',
      'chat_message',
    ]);
    expect(end).toMatchObject({ first_seq: 20, head: 60, has_more: true, recovered: true });
  });

  test('returns has_more: false at the head', async () => {
    expect((await ask({ after: 58 })).end).toMatchObject({ first_seq: 59, head: 60, has_more: false });
    const nothing = await ask({ after: 60 });
    expect(nothing.seqs).toEqual([]);
    expect(nothing.end).toMatchObject({ first_seq: null, head: 60, has_more: false, recovered: true });
  });

  test('returns recovered: false beyond the head', async () => {
    const { end } = await ask({ after: 70, limit: 1 });
    expect(end).toMatchObject({ head: 60, recovered: false, gap: { from: 61, to: 70 } });
  });

  test('pages on to the head without missing or repeating one', async () => {
    const all: number[] = [];
    for (let more = true; more;) {
      const { seqs, end } = await ask({ after: all.at(-1) ?? 0, limit: 25 });
      all.push(...seqs);
      more = end['has_more'];
    }
    expect(all).toEqual(range(1, 60));
  });
});

describe('a page of history', () => {
  test('has 50 messages by default, and a limit of 1 to 100', async () => {
    expect((await ask({ before: 61 })).seqs).toHaveLength(50);
    expect((await ask({ after: 0 })).seqs).toHaveLength(50);
    expect((await ask({ after: 0, limit: 1 })).seqs).toEqual([1]);
    expect((await ask({ after: 0, limit: 100 })).seqs).toEqual(range(1, 60));
  });
});

test('has the newest messages without before and after', async () => {
  const { seqs, end } = await ask({ limit: 3 });
  expect(seqs).toEqual([58, 59, 60]);
  expect(end).toMatchObject({ first_seq: 58, head: 60, has_more: true });
});

test('is refused with both before and after', async () => {
  const error = await expectError(socket, { type: 'history', before: 9, after: 1 });
  expect(error).toMatchObject({ code: 4005, name: 'invalid_frame' });
});

test('is sent to the requesting socket only', async () => {
  const other = await ChatSocket.inRoom(room.room_name, ann.access, '?history=0');
  const from = other.events.length;
  await ask({ limit: 5 });
  other.send({ type: 'ping' });
  await other.next('pong');
  expect(other.events.slice(from).map(({ type }) => type)).toEqual(['pong']);
});
