/** An HTTP client for the suites: knows nothing of the project but its address. */
import { inject } from 'vitest';

export interface Answer<T = any> {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, text otherwise, undefined when empty. */
  body: T;
}

export interface CallOptions {
  token?: string | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Uint8Array;
  headers?: Record<string, string>;
}

export interface TestUser {
  id: string;
  username: string;
  password: string;
  access: string;
  refresh: string;
}

let other: string | undefined;

export const chatUrl = (): string => other ?? inject('chatUrl');

/** For a file of tests with a deployment of its own. */
export function useDeployment(url: string): void {
  other = url;
}

export async function call<T = any>(
  method: string,
  path: string,
  { token, body, raw, headers }: CallOptions = {},
): Promise<Answer<T>> {
  const response = await fetch(chatUrl() + path, {
    method,
    redirect: 'manual',
    body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    headers: {
      ...(raw === undefined && body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : isJson ? JSON.parse(text) : text) as T,
  };
}

let counter = 0;

/** A name that nobody has had, in this run or an earlier one. */
export function uniqueName(prefix = 'n'): string {
  counter += 1;
  const random = Math.random().toString(36).slice(2, 8);
  return `${prefix}-${process.pid.toString(36)}-${counter}-${random}`;
}

/** A registered and signed-in user. */
export async function newUser(prefix = 'user'): Promise<TestUser> {
  const username = uniqueName(prefix);
  const password = 'lantern-orbit-42';
  const registered = await call('POST', '/users/auth/register/', { body: { username, password } });
  if (registered.status !== 201) throw new Error(`registering: ${JSON.stringify(registered.body)}`);
  const { access, refresh } = await login(username, password);
  return { id: registered.body.id, username, password, access, refresh };
}

export async function login(
  username: string,
  password: string,
): Promise<{ access: string; refresh: string }> {
  const answer = await call('POST', '/users/auth/login/', { body: { username, password } });
  if (answer.status !== 200) throw new Error(`signing in: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function newRoom(
  creator: TestUser,
  request: { is_private?: boolean; room_name?: string; description?: string } = {},
): Promise<any> {
  const answer = await call('POST', '/chat/rooms/create/', {
    token: creator.access,
    body: { room_name: uniqueName('room'), ...request },
  });
  if (answer.status !== 201) throw new Error(`creating a room: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
