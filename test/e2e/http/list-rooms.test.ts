/** The list of public rooms: its content, order and pages. */
import { beforeAll, expect, test, vi } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { addMember, newRoom } from '../../kit/rooms.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import { allPages, nextOf, pagesFrom } from './pages.ts';
import { room } from './shapes.ts';

let ann: TestUser;
let bob: TestUser;
/** Sorts near the start of the list, so that few pages lead to these rooms. */
const family = `--${uniqueName('list')}`;
/** In the order of the list, which is not the order in which they are created. */
const names = [0, 1, 2, 3, 4].map((index) => `${family}-${index}`);
let hidden: string[];

beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  for (const index of [3, 0, 4, 2, 1]) {
    const room_name = names[index] as string;
    // The order ignores case.
    await newRoom(ann, { room_name: index % 2 === 0 ? room_name : room_name.toUpperCase() });
  }
  const secret = await newRoom(ann, { room_name: `${family}-secret`, is_private: true });
  await addMember(ann, secret, bob);
  const direct = (await get(ann, `/chat/dm/${bob.id}/`)).body;
  hidden = [secret.room_id, direct.room_id];
  // The index is eventually consistent with the rooms.
  await vi.waitFor(async () => {
    const found = await mine('/chat/rooms/?limit=100');
    if (found.length !== names.length) throw new Error(`only ${found.length} are listed`);
  });
});

const isMine = ({ room_name }: any): boolean => room_name.toLowerCase().startsWith(family.toLowerCase());

/** Returns the names of this file's rooms in a list, in its order. */
async function mine(path: string, token?: string): Promise<string[]> {
  const rooms = (await allPages(path, token)).flat();
  return rooms.filter(isMine).map(({ room_name }) => room_name.toLowerCase());
}

test.each([
  ['an anonymous caller', () => undefined],
  ['their creator', () => ann.access],
  ['a member', () => bob.access],
])('only public rooms are listed, by name, for %s', async (_, token) => {
  const rooms = (await allPages('/chat/rooms/', token())).flat();
  for (const one of rooms) expect(one).toEqual({ ...room, is_private: false, is_direct: false });
  const ids = rooms.map(({ room_id }) => room_id);
  for (const id of hidden) expect(ids).not.toContain(id);
  const found = rooms.filter(isMine).map(({ room_name }) => room_name.toLowerCase());
  expect(found).toEqual(names.map((name) => name.toLowerCase()));
});

test('following Link returns every room once, in pages of the requested length', async () => {
  const found: any[] = [];
  for await (const page of pagesFrom('/chat/rooms/?limit=2')) {
    expect(page.length).toBeLessThanOrEqual(2);
    found.push(...page);
    if (found.filter(isMine).length === names.length) break;
  }
  expect(found.filter(isMine).map(({ room_name }) => room_name.toLowerCase())).toEqual(
    names.map((name) => name.toLowerCase()),
  );
  expect(new Set(found.map(({ room_id }) => room_id)).size).toBe(found.length);
});

test('the last page has no Link', async () => {
  let answer = await call('GET', '/chat/rooms/?limit=100');
  for (let next = nextOf(answer); next !== undefined; next = nextOf(answer)) {
    answer = await call('GET', next);
  }
  expect(answer.headers.get('link')).toBeNull();
  expect(answer.status).toBe(200);
});

test.each(['/chat/rooms/', '/chat/rooms/mine/'])('%s refuses limits outside 1 to 100', async (path) => {
  for (const limit of ['0', '-1', '101', '1.5', 'ten', '', 'NaN', '1e999', '9'.repeat(30), '1,2']) {
    expect(await get(ann, `${path}?limit=${limit}`)).toEqual(problem(400, 'invalid_request'));
  }
  expect(await get(ann, `${path}?limit=1&limit=2`)).toMatchObject({ status: 400 });
  for (const limit of [1, 100])
    expect(await get(ann, `${path}?limit=${limit}`)).toMatchObject({ status: 200 });
});

test('a cursor is valid for its own list and its own user only', async () => {
  const cursorOf = async (user: TestUser, path: string): Promise<string> => {
    const { headers } = await get(user, `${path}?limit=1`);
    return /cursor=([^&>]+)/.exec(headers.get('link') ?? '')?.[1] ?? '';
  };
  const [all, anns] = [await cursorOf(ann, '/chat/rooms/'), await cursorOf(ann, '/chat/rooms/mine/')];
  expect(await get(bob, `/chat/rooms/?limit=1&cursor=${all}`)).toMatchObject({ status: 200 });
  expect(await get(ann, `/chat/rooms/mine/?limit=1&cursor=${anns}`)).toMatchObject({ status: 200 });
  const [place = '', seal = ''] = anns.split('.');
  const elsewhere = Buffer.from(JSON.stringify(['9'.repeat(15)])).toString('base64url');
  for (const [user, path] of [
    [ann, `/chat/rooms/mine/?cursor=${all}`],
    [ann, `/chat/rooms/?cursor=${anns}`],
    [bob, `/chat/rooms/mine/?cursor=${anns}`],
    [ann, `/chat/rooms/mine/?cursor=${elsewhere}.${seal}`],
    [ann, `/chat/rooms/mine/?cursor=${place}`],
    [ann, `/chat/rooms/mine/?cursor=${place}.`],
    [ann, `/chat/rooms/mine/?cursor=${place}.${seal}.${seal}`],
  ] as const) {
    expect(await get(user, path)).toEqual(problem(400, 'invalid_request'));
  }
});

test('a forged cursor is refused', async () => {
  const [, good = ''] = /cursor=([^&>]+)/.exec(
    (await call('GET', '/chat/rooms/?limit=1')).headers.get('link') ?? '',
  ) as RegExpExecArray;
  const forged = ['', 'x', '%00', '{}', '__proto__', `${good}A`, good.slice(1), 'A'.repeat(4_000)];
  for (const text of ['ROOM#1', '\0', 'ﷺ'.repeat(60), JSON.stringify({ pk: 'ACCOUNT#1' })]) {
    forged.push(Buffer.from(text).toString('base64url'));
  }
  for (const path of ['/chat/rooms/', '/chat/rooms/mine/', `/chat/rooms/${hidden[0]}/members/`]) {
    for (const cursor of forged) {
      expect(await get(bob, `${path}?cursor=${cursor}`)).toEqual(problem(400, 'invalid_request'));
    }
  }
});
