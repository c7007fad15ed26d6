import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { eventually } from '../../kit/eventually.ts';
import { testSettings } from '../../kit/test-settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'erasure-faults-'));
const password = 'lantern-orbit-42';

interface User {
  id: string;
  username: string;
  access: string;
}

let runtime: LocalRuntime;
let bob: User;

beforeAll(async () => {
  runtime = await startLocal({
    dataDirectory: directory,
    log: createLog('silent'),
    environment: { ...process.env, ...testSettings, DYNAMODB_ENDPOINT: undefined },
    faults: true,
  });
  bob = await signUp('bob');
});
afterAll(async () => {
  await runtime.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function call(method: string, path: string, access?: string, body?: object): Promise<any> {
  const response = await fetch(runtime.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(access && { authorization: `Bearer ${access}` }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function signUp(username: string): Promise<User> {
  const { id } = await call('POST', '/users/auth/register/', undefined, { username, password });
  const { access } = await call('POST', '/users/auth/login/', undefined, { username, password });
  return { id, username, access };
}

const faults = (method: string, body?: object) => call(method, '/_local/faults', undefined, body);

async function createRoom(creator: User, room_name: string, is_private = false): Promise<string> {
  return (await call('POST', '/chat/rooms/create/', creator.access, { room_name, is_private })).room_id;
}

/** Creates a user with messages in a room of their own and in one of bob's, and with a private room. */
async function createActiveUser(name: string): Promise<{ user: User; rooms: string[] }> {
  const user = await signUp(name);
  const rooms = [await createRoom(user, `own-${name}`), await createRoom(bob, `bobs-${name}`)];
  await createRoom(user, `alone-${name}`, true);
  for (const room of rooms) {
    for (const sender of [user, bob])
      await call('POST', `/chat/rooms/${room}/messages/`, sender.access, { content: 'hi' });
  }
  return { user, rooms };
}

/** Reads everything that bob can see of the rooms, as one text. */
const seenBy = (rooms: string[]): Promise<string> =>
  Promise.all(
    rooms.flatMap((room) =>
      ['', 'members/', 'messages/', 'read/'].map((part) =>
        call('GET', `/chat/rooms/${room}/${part}`, bob.access),
      ),
    ),
  ).then((all) => JSON.stringify(all));

async function expectErased({ user, rooms }: { user: User; rooms: string[] }): Promise<void> {
  await eventually(async () => {
    const seen = await seenBy(rooms);
    expect(seen).not.toContain(`"${user.username}"`);
    expect(seen).toContain('"sender_username":"deleted user"');
    expect(seen).toContain('"creator_username":"deleted user"');
  });
  // The private room has no members left, so it is deleted. To bob, its reserved name is a missing room.
  await eventually(async () => {
    const name = `alone-${user.username}`;
    await expect(call('POST', '/chat/ws-ticket/', bob.access, { room: name })).rejects.toThrow('404');
  });
}

const remove = ({ access }: User) => call('DELETE', '/users/auth/profile/', access, { password });

/** The distance between the database calls at which the function is killed, one in each round. */
const stride = 7;

it(
  'a deleted account is erased even when the function is killed at any of its database calls',
  { timeout: 300_000 },
  async () => {
    let kills = 0;
    for (let nth = 1, isKilled = true; isKilled; nth += stride) {
      const victim = await createActiveUser(`killed-${nth}`);
      const match = { function: 'tableStream', phase: nth % 2 === 0 ? 'before' : 'after', nth };
      await faults('POST', { point: 'database', action: 'kill', count: 1, match });
      await remove(victim.user);
      await expectErased(victim);
      const [{ fired }] = (await faults('GET')).rules;
      isKilled = fired === 1;
      kills += fired;
      await faults('DELETE');
    }
    expect(kills).toBeGreaterThan(20 / stride);
  },
);
