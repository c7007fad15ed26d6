/** Creates sample users and a room through the HTTP API, unless they exist. */

import { StartFailure } from './start-failure.ts';

export const sampleUsers = ['ann', 'bob'] as const;
export const samplePassword = 'lantern-orbit-42';
export const sampleRoom = 'general';

/** Registers the sample users and creates the room; 409 means that they exist already. */
export async function addSampleData(url: string): Promise<void> {
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
