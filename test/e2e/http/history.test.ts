/** Reading a room's messages in pages, backward and forward. */
import { beforeAll, expect, test } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { listMessages, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import { nextOf, pagesFrom } from './pages.ts';

let ann: TestUser;
let room: any;
/** The messages as the history returns them; changes and edits have taken the seqs between them. */
let messages: any[];
let at: string;

beforeAll(async () => {
  ann = await newUser('ann');
  room = await newRoom(ann);
  at = `/chat/rooms/${room.room_id}/messages/`;
  const token = ann.access;
  const sent: any[] = [];
  for (let index = 0; index < 9; index += 1) {
    sent.push(await postMessage(ann, room, `message ${index}`));
    const { message_id } = sent[index >> 1];
    const about = `/chat/messages/${message_id}`;
    if (index === 2)
      await call('PATCH', `/chat/rooms/${room.room_id}/`, { token, body: { description: 'x' } });
    if (index === 4) await call('PATCH', `${about}/edit/`, { token, body: { content: 'edited' } });
    if (index === 6) await call('DELETE', `${about}/delete/`, { token });
  }
  messages = await listMessages(ann, room);
});

const ids = (page: any[]): string[] => page.map(({ message_id }) => message_id);

test('the history is oldest first, and edited and deleted messages keep their places', () => {
  expect(messages).toHaveLength(9);
  const seqs = messages.map(({ seq }) => seq);
  expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
  expect(new Set(seqs).size).toBe(9);
  expect(messages.map(({ content }) => content)).toEqual([
    'message 0',
    'message 1',
    'edited',
    'This message has been deleted',
    'message 4',
    'message 5',
    'message 6',
    'message 7',
    'message 8',
  ]);
});

test('a limit selects the newest messages', async () => {
  expect(await listMessages(ann, room, '?limit=4')).toEqual(messages.slice(-4));
});

test('before and after exclude the message at their seq', async () => {
  const { seq } = messages[4];
  expect(await listMessages(ann, room, `?before=${seq}`)).toEqual(messages.slice(0, 4));
  expect(await listMessages(ann, room, `?after=${seq}`)).toEqual(messages.slice(5));
  expect(await listMessages(ann, room, `?before=${seq}&limit=2`)).toEqual(messages.slice(2, 4));
  expect(await listMessages(ann, room, `?after=${seq}&limit=2`)).toEqual(messages.slice(5, 7));
});

test('a page beyond either end of the history is empty', async () => {
  for (const query of ['?before=1', `?after=${messages[8].seq}`, '?after=9007199254740991']) {
    const answer = await get(ann, at + query);
    expect(answer).toMatchObject({ status: 200, body: [] });
    expect(answer.headers.get('link')).toBeNull();
  }
  expect(await listMessages(ann, room, '?after=0')).toEqual(messages);
  expect(await listMessages(ann, room, '?before=9007199254740991')).toEqual(messages);
});

test.each([1, 2, 4, 9, 100])(
  'following Link backward in pages of %i returns every message once',
  async (limit) => {
    const found: any[] = [];
    for await (const page of pagesFrom(`${at}?limit=${limit}`, ann.access)) {
      expect(page.length).toBeLessThanOrEqual(limit);
      found.unshift(...page);
    }
    expect(ids(found)).toEqual(ids(messages));
  },
);

test.each([1, 2, 4, 9, 100])(
  'following Link forward in pages of %i returns every message once',
  async (limit) => {
    const found: any[] = [];
    for await (const page of pagesFrom(`${at}?after=0&limit=${limit}`, ann.access)) {
      expect(page.length).toBeLessThanOrEqual(limit);
      found.push(...page);
    }
    expect(ids(found)).toEqual(ids(messages));
  },
);

test('an answer with all messages has no Link', async () => {
  expect(nextOf(await get(ann, at))).toBeUndefined();
  expect(nextOf(await get(ann, `${at}?limit=3`))).toBeDefined();
});

test('a room without messages has an empty history', async () => {
  expect(await listMessages(ann, await newRoom(ann))).toEqual([]);
});

test.each([
  'limit=',
  'before=',
  'after=',
  'after=1e1',
  'after=%2B1',
  'after=0x1',
  'after=%201',
  'limit=0',
  'limit=101',
  'limit=-1',
  'limit=2.5',
  'limit=all',
  'before=0',
  'before=-1',
  'before=x',
  'before=1e999',
  'before=99999999999999999999',
  'after=-1',
  'after=1.5',
  'after=%00',
  'after=NaN',
  'before=5&after=2',
  'before=1&before=2',
])('?%s is refused', async (query) => {
  expect(await get(ann, `${at}?${query}`)).toEqual(problem(400, 'invalid_request'));
});
