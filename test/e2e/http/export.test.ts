/** The export of everything that is stored about a user. */
import { expect, test } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { addMember, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import { nextOf } from './pages.ts';

const path = '/users/auth/export/';

async function exportOf(user: TestUser): Promise<any[]> {
  const pages: any[] = [];
  let address: string | undefined = path;
  while (address !== undefined) {
    const answer = await get(user, address);
    expect(answer.status).toBe(200);
    pages.push(answer.body);
    address = nextOf(answer);
  }
  return pages;
}

test('the export contains profile, sessions, memberships, read markers, rooms and messages', async () => {
  const [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  await call('PATCH', '/users/auth/profile/', { token: ann.access, body: { first_name: 'Ann' } });
  const [own, bobs] = [await newRoom(ann, { description: 'mine' }), await newRoom(bob, { is_private: true })];
  await addMember(bob, bobs, ann);
  const { message_id } = await postMessage(ann, bobs, 'from ann');
  await postMessage(bob, bobs, 'from bob');
  await call('POST', `/chat/rooms/${bobs.room_id}/read/`, { token: ann.access, body: { message_id } });
  const [page, ...more] = await exportOf(ann);
  expect(more).toEqual([]);
  expect(page).toMatchObject({
    account: { id: ann.id, username: ann.username, first_name: 'Ann' },
    sessions: [{ is_current: true }],
    rooms_created: [{ room_id: own.room_id, description: 'mine' }],
    messages: [{ message_id, content: 'from ann' }],
  });
  expect(page.memberships).toHaveLength(2);
  expect(page.memberships).toContainEqual(
    expect.objectContaining({ room_id: bobs.room_id, role: 'member', last_read_message_id: message_id }),
  );
  expect(JSON.stringify(page)).not.toMatch(/hash|from bob/);
});

test('a long export comes in pages, with every message once and in order', { timeout: 60_000 }, async () => {
  const ann = await newUser('ann');
  const room = await newRoom(ann);
  for (let count = 0; count < 230; count += 1) await postMessage(ann, room, `message ${count}`);
  const pages = await exportOf(ann);
  expect(pages.map(({ messages }) => messages.length)).toEqual([100, 100, 30]);
  expect(pages.flatMap(({ messages }) => messages.map(({ content }: any) => content))).toEqual(
    Array.from({ length: 230 }, (_, count) => `message ${count}`),
  );
});

test('an invalid cursor or one of another user is refused', async () => {
  const ann = await newUser('ann');
  expect(await get(ann, `${path}?cursor=nonsense`)).toEqual(problem(400, 'invalid_request'));
});
