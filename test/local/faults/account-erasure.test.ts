import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { testSettings } from '../../kit/test-settings.ts';
import { eventually } from './started-runtime.ts';

const directory = mkdtempSync(join(tmpdir(), 'erasure-faults-'));
const password = 'lantern-orbit-42';

interface Person {
  id: string;
  username: string;
  access: string;
}

let runtime: LocalRuntime;
let bob: Person;

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

async function signUp(username: string): Promise<Person> {
  const { id } = await call('POST', '/users/auth/register/', undefined, { username, password });
  const { access } = await call('POST', '/users/auth/login/', undefined, { username, password });
  return { id, username, access };
}

const faults = (method: string, body?: object) => call(method, '/_local/faults', undefined, body);

async function createRoom(creator: Person, room_name: string, is_private = false): Promise<string> {
  return (await call('POST', '/chat/rooms/create/', creator.access, { room_name, is_private })).room_id;
}

/** Somebody with a room of their own, and one of bob's, in both of which they said something, and one for them alone. */
async function someone(name: string): Promise<{ person: Person; rooms: string[] }> {
  const person = await signUp(name);
  const rooms = [await createRoom(person, `own-${name}`), await createRoom(bob, `bobs-${name}`)];
  await createRoom(person, `alone-${name}`, true);
  for (const room of rooms) {
    for (const who of [person, bob])
      await call('POST', `/chat/rooms/${room}/messages/`, who.access, { content: 'hi' });
  }
  return { person, rooms };
}

/** All that bob can see of those rooms. */
const seenBy = (rooms: string[]): Promise<string> =>
  Promise.all(
    rooms.flatMap((room) =>
      ['', 'members/', 'messages/', 'read/'].map((part) =>
        call('GET', `/chat/rooms/${room}/${part}`, bob.access),
      ),
    ),
  ).then((all) => JSON.stringify(all));

async function expectErased({ person, rooms }: { person: Person; rooms: string[] }): Promise<void> {
  await eventually(async () => {
    const seen = await seenBy(rooms);
    expect(seen).not.toContain(`"${person.username}"`);
    expect(seen).toContain('"sender_username":"deleted user"');
    expect(seen).toContain('"creator_username":"deleted user"');
  });
  // Nobody could reach the one for them alone: it is gone, and its name rests, which is not told apart from a room's.
  await eventually(async () => {
    const name = `alone-${person.username}`;
    await expect(call('POST', '/chat/ws-ticket/', bob.access, { room: name })).rejects.toThrow('404');
  });
}

const remove = ({ access }: Person) => call('DELETE', '/users/auth/profile/', access, { password });

/** The function dies at its first call of the database, then so many calls later, until there is none to die at. */
const stride = 7;

it(
  'a deleted account is erased, wherever the function that does it is killed',
  { timeout: 300_000 },
  async () => {
    let kills = 0;
    for (let nth = 1, isKilled = true; isKilled; nth += stride) {
      const victim = await someone(`killed-${nth}`);
      const match = { function: 'tableStream', phase: nth % 2 === 0 ? 'before' : 'after', nth };
      await faults('POST', { point: 'database', action: 'kill', count: 1, match });
      await remove(victim.person);
      await expectErased(victim);
      const [{ fired }] = (await faults('GET')).rules;
      isKilled = fired === 1;
      kills += fired;
      await faults('DELETE');
    }
    expect(kills).toBeGreaterThan(20 / stride);
  },
);
