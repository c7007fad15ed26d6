/**
 * Fills a local runtime with a community: users, rooms, direct conversations and messages of four weeks. Users register over
 * HTTP; what has a time in the past is stored by the rules of the domain, with their clock set to it.
 */
import type { Caller } from '../../shared/domain/model/accounts.ts';
import { people } from './people.ts';
import { planSample } from './plan.ts';
import { openSampleStores, type SampleStores, type TableAddress } from './sample-ports.ts';
import { storeRoom } from './store-room.ts';

export interface SampleOptions {
  /** The address of the HTTP API. */
  url: string;
  table: TableAddress;
  /** The password of all users. */
  password: string;
}

export interface Sample {
  users: string[];
  rooms: { name: string; isPrivate: boolean }[];
  directConversations: number;
  /** How many messages were stored; 0 when an earlier run has stored all. */
  messages: number;
}

/** Creates what is missing of the sample. Repeating it changes nothing. */
export async function createSample({ url, table, password }: SampleOptions): Promise<Sample> {
  const stores = openSampleStores(table);
  const callers = new Map(
    await Promise.all(
      people.map(async (person): Promise<[string, Caller]> => {
        const { username, firstName, lastName } = person;
        const login =
          (await stores.users.findLogin(username)) ?? (await register(stores, url, username, password));
        await stores.users.update(login.userId, { firstName, lastName });
        const caller = {
          userId: login.userId,
          username,
          sessionId: 'sample',
          tokenVersion: 0,
          tokenEndsAtMs: 0,
        };
        return [username, caller];
      }),
    ),
  );
  const planned = planSample(Date.now());
  // Rooms side by side, the messages of each in their order.
  const stored = await Promise.all(planned.map((room) => storeRoom(stores.portsFor(), callers, room)));
  return {
    users: [...callers.keys()],
    rooms: planned.filter(({ isDirect }) => !isDirect).map(({ name, isPrivate }) => ({ name, isPrivate })),
    directConversations: planned.filter(({ isDirect }) => isDirect).length,
    messages: stored.reduce((sum, count) => sum + count, 0),
  };
}

async function register({ users }: SampleStores, url: string, username: string, password: string) {
  const response = await fetch(`${url}/users/auth/register/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, email: `${username}@example.com`, password }),
  });
  const login = await users.findLogin(username);
  if (login !== undefined) return login;
  throw new Error(`${username} could not be registered: ${response.status} ${await response.text()}`);
}
