/** Searching the messages of one room and of all of one's rooms. */
import { beforeAll, expect, test } from 'vitest';
import { call } from '../../kit/deployment.ts';
import { addMember, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import { problem } from './problem.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;
let other: any;

beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  room = await newRoom(ann, { is_private: true });
  other = await newRoom(ann, { is_private: true });
  await addMember(ann, room, bob);
  for (const content of [
    'Das ist die Straße',
    '私は東京に住んでいます',
    'see https://example.com/',
    'STRASSE again',
  ])
    await postMessage(ann, room, content);
  await postMessage(bob, room, 'strasse by bob');
  await postMessage(ann, other, 'strasse elsewhere');
});

const search = (user: TestUser, query: string, path = `/chat/rooms/${room.room_id}/search/`) =>
  get(user, `${path}?${query}`);
const contents = ({ body }: { body: any }): string[] => body.results.map(({ content }: any) => content);

test('a room is searched regardless of case and spelling, newest first', async () => {
  const answer = await search(ann, 'q=strasse');
  expect(answer.status).toBe(200);
  expect(contents(answer)).toEqual(['strasse by bob', 'STRASSE again', 'Das ist die Straße']);
  expect(answer.body).toMatchObject({ searched_back_to: null });
  expect(answer.body.results[2]).toMatchObject({
    highlights: [{ start: 12, end: 18 }],
    context: { after: { content: '私は東京に住んでいます' } },
  });
});

test('words are found anywhere in scripts without spaces', async () => {
  const answer = await search(ann, `q=${encodeURIComponent('東京')}`);
  expect(answer.body.results).toMatchObject([{ highlights: [{ start: 2, end: 4 }] }]);
});

test('senders, links and times narrow a search', async () => {
  expect(contents(await search(ann, `q=strasse&from_user=${bob.id}`))).toEqual(['strasse by bob']);
  expect(contents(await search(ann, 'has=link'))).toEqual(['see https://example.com/']);
  expect(contents(await search(ann, 'q=strasse&before=2020-01-01'))).toEqual([]);
  expect(contents(await search(ann, 'q=strasse&after=2020-01-01'))).toHaveLength(3);
});

test('a cursor leads to the next results of the same search, and to no other', async () => {
  const found: string[] = [];
  let query = 'q=strasse&limit=1';
  for (let pages = 0; pages < 5; pages += 1) {
    const { body } = await search(ann, query);
    found.push(...contents({ body }));
    if (body.cursor === undefined) break;
    query = `q=strasse&limit=1&cursor=${body.cursor}`;
  }
  expect(found).toEqual(['strasse by bob', 'STRASSE again', 'Das ist die Straße']);
  const { body } = await search(ann, 'q=strasse&limit=1');
  const refused = problem(400, 'invalid_request');
  expect(await search(ann, `q=strass&limit=1&cursor=${body.cursor}`)).toEqual(refused);
  expect(await search(bob, `q=strasse&limit=1&cursor=${body.cursor}`)).toEqual(refused);
});

test('a search of one’s rooms finds messages of all of them, and of no others', async () => {
  const all = await search(ann, 'q=strasse', '/chat/search/');
  expect(contents(all)).toEqual([
    'strasse elsewhere',
    'strasse by bob',
    'STRASSE again',
    'Das ist die Straße',
  ]);
  expect(all.body.results[0]).toMatchObject({ room_id: other.room_id });
  expect(contents(await search(bob, 'q=strasse', '/chat/search/'))).toEqual([
    'strasse by bob',
    'STRASSE again',
    'Das ist die Straße',
  ]);
});

test('a message is not found any more once its deletion or the removal of the reader was answered', async () => {
  const cat = await newUser('cat');
  await addMember(ann, room, cat);
  const message = await postMessage(ann, room, 'a secret marker');
  expect(contents(await search(cat, 'q=secret', '/chat/search/'))).toEqual(['a secret marker']);
  await call('DELETE', `/chat/messages/${message.message_id}/delete/`, { token: ann.access });
  expect(contents(await search(ann, 'q=secret'))).toEqual([]);
  expect(contents(await search(cat, 'q=secret', '/chat/search/'))).toEqual([]);
  await call('DELETE', `/chat/rooms/${room.room_id}/members/remove/${cat.id}/`, { token: ann.access });
  expect((await search(cat, 'q=strasse')).status).toBe(404);
  expect(contents(await search(cat, 'q=strasse', '/chat/search/'))).toEqual([]);
});

test.each(['', 'q=', 'q=%20', 'q=a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k', 'before=2020-01-01'])(
  'a search for %j is refused',
  async (query) => {
    expect(await search(ann, query)).toEqual(problem(400, 'invalid_request'));
  },
);
