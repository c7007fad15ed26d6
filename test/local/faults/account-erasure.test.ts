/** The erasure of an account while the function that erases it is killed. */
import { beforeAll, expect, it } from 'vitest';
import { call } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { bodyOf } from '../../kit/request.ts';
import { newRoom, postMessage } from '../../kit/rooms.ts';
import { useRuntime } from '../../kit/use-runtime.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';

useRuntime({ faults: true, settings: { DYNAMODB_ENDPOINT: undefined } });
let bob: TestUser;

beforeAll(async () => {
  bob = await newUser('bob');
});

const faults = (method: string, body?: object) =>
  bodyOf(method === 'DELETE' ? 204 : 200, call(method, '/_local/faults', { body }));

interface ActiveUser {
  user: TestUser;
  rooms: { room_id: string }[];
  /** The private room in which the user is alone. */
  alone: { room_name: string };
}

/** Creates a user with messages in a room of their own and in one of bob's, and with a private room. */
async function createActiveUser(): Promise<ActiveUser> {
  const user = await newUser('killed');
  const rooms = [await newRoom(user), await newRoom(bob)];
  const alone = await newRoom(user, { is_private: true });
  for (const room of rooms) {
    for (const sender of [user, bob]) await postMessage(sender, room, 'hi');
  }
  return { user, rooms, alone };
}

/** Reads everything that bob can see of the rooms, as one text. */
const seenBy = (rooms: ActiveUser['rooms']): Promise<string> =>
  Promise.all(
    rooms.flatMap(({ room_id: id }) =>
      ['', 'members/', 'messages/', 'read/'].map((part) =>
        bodyOf(200, get(bob, `/chat/rooms/${id}/${part}`)),
      ),
    ),
  ).then((all) => JSON.stringify(all));

async function expectErased({ user, rooms, alone }: ActiveUser): Promise<void> {
  await eventually(async () => {
    const seen = await seenBy(rooms);
    expect(seen).not.toContain(`"${user.username}"`);
    expect(seen).toContain('"sender_username":"deleted user"');
    expect(seen).toContain('"creator_username":"deleted user"');
  });
  // The private room has no members left, so it is deleted. To bob, its reserved name is a missing room.
  await eventually(async () => {
    const body = { room: alone.room_name };
    expect(await call('POST', '/chat/ws-ticket/', { token: bob.access, body })).toMatchObject({
      status: 404,
    });
  });
}

const remove = ({ access: token, password }: TestUser) =>
  bodyOf(204, call('DELETE', '/users/auth/profile/', { token, body: { password } }));

/** The distance between the database calls at which the function is killed, one in each round. */
const stride = 7;

it(
  'a deleted account is erased even when the function is killed at any of its database calls',
  { timeout: 300_000 },
  async () => {
    let kills = 0;
    for (let nth = 1, isKilled = true; isKilled; nth += stride) {
      const victim = await createActiveUser();
      const match = { function: 'cleanup', phase: nth % 2 === 0 ? 'before' : 'after', nth };
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
