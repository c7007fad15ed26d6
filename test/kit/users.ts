/** Registers users and signs them in. */
import { call } from './deployment.ts';
import { uniqueName } from './names.ts';
import { bodyOf, type Answer } from './request.ts';

export interface TestUser {
  id: string;
  username: string;
  password: string;
  access: string;
  refresh: string;
}

export interface TokenPair {
  access: string;
  refresh: string;
}

/** Registers a user with a unique name and signs them in. */
export async function newUser(prefix = 'user'): Promise<TestUser> {
  const username = uniqueName(prefix);
  const password = 'lantern-orbit-42';
  const registered = call('POST', '/users/auth/register/', { body: { username, password } });
  const { id } = await bodyOf(201, registered);
  return { id, username, password, ...(await login(username, password)) };
}

/** Registers `count` users and signs them in. */
export const newUsers = (count: number): Promise<TestUser[]> =>
  Promise.all(Array.from({ length: count }, () => newUser()));

/** Signs a user in and returns the tokens of the new session. */
export async function login(username: string, password: string): Promise<TokenPair> {
  const answer = call('POST', '/users/auth/login/', { body: { username, password } });
  const { access, refresh } = await bodyOf(200, answer);
  return { access, refresh };
}

/** Sends a GET request as the user. */
export const get = (user: TestUser, path: string): Promise<Answer> =>
  call('GET', path, { token: user.access });
