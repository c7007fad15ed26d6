/** Creates sample data in a local run: two users and a room for `--seed`, a whole community for `--sample`. */

import { errorMessage } from './error-details.ts';
import type { LocalRuntime } from './local-runtime.ts';
import { StartFailure } from './start-failure.ts';

export const sampleUsers = ['ann', 'bob'] as const;
export const samplePassword = 'lantern-orbit-42';
export const sampleRoom = 'general';

/**
 * Registers the sample users and creates the room over HTTP; 409 means that they exist already. Returns what there is.
 * @throws StartFailure
 */
export async function addSampleData(url: string): Promise<string> {
  for (const username of sampleUsers) {
    await post(url, {
      path: '/users/auth/register/',
      body: { username, email: `${username}@example.com`, password: samplePassword },
      expected: [201, 409],
    });
  }
  const [owner] = sampleUsers;
  const login = await post(url, {
    path: '/users/auth/login/',
    body: { username: owner, password: samplePassword },
    expected: [200],
  });
  const { access }: { access: string } = JSON.parse(await login.text());
  await post(url, {
    path: '/chat/rooms/create/',
    body: { room_name: sampleRoom, description: 'For everyone' },
    expected: [201, 409],
    token: access,
  });
  return `the users ${sampleUsers.join(' and ')} with the password ${samplePassword}, and the room ${sampleRoom}`;
}

/** Not part of the runtime: it stores messages with times in the past, for which it uses the rules of the domain. */
const sampleModule = new URL('../tools/sample/create-sample.ts', import.meta.url);

interface SampleModule {
  createSample(options: {
    url: string;
    table: {
      tableName: string;
      endpoint: string;
      region: string;
      credentials: LocalRuntime['engine']['credentials'];
    };
    password: string;
  }): Promise<{
    users: string[];
    rooms: { name: string; isPrivate: boolean }[];
    directConversations: number;
    messages: number;
  }>;
}

/**
 * Creates a community with messages of some weeks, unless an earlier run has. Returns what there is.
 * @throws StartFailure
 */
export async function createCommunity({ url, stack, engine }: LocalRuntime): Promise<string> {
  const sampling: SampleModule = await import(sampleModule.href);
  const { endpoint, credentials } = engine;
  const table = { tableName: stack.table.tableName, endpoint, region: stack.region, credentials };
  const sample = await sampling
    .createSample({ url, table, password: samplePassword })
    .catch((error: unknown) => {
      throw new StartFailure(`The sample data could not be created: ${errorMessage(error)}`);
    });
  const rooms = sample.rooms.map(({ name, isPrivate }) => (isPrivate ? `${name} (private)` : name));
  const messages = sample.messages === 0 ? 'was there already' : `${sample.messages} messages are new`;
  return [
    `sign in as one of these, with the password ${samplePassword} (${messages})`,
    `  users  ${sample.users.join(', ')}`,
    `  rooms  ${rooms.join(', ')}, and ${sample.directConversations} direct conversations`,
  ].join('\n');
}

interface Post {
  path: string;
  body: object;
  /** The status codes that mean success. */
  expected: number[];
  token?: string;
}

async function post(url: string, { path, body, expected, token }: Post): Promise<Response> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (expected.includes(response.status)) return response;
  throw new StartFailure(
    `The sample data could not be created: ${path} answered ${response.status}: ${(await response.text()).slice(0, 200)}`,
  );
}
