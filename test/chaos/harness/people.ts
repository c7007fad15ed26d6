/**
 * Users, rooms and plain HTTP requests for the scenarios, which name the runtime in every call, since one process uses
 * several; the kit's helpers have one deployment for each test file. Like the plain client, it shares no code with the
 * product.
 */

import { request as sendRequest, type Answer } from '../../kit/request.ts';

export interface Person {
  id: string;
  username: string;
  password: string;
  access: string;
  refresh: string;
}

export type HttpAnswer = Answer;

interface HttpOptions {
  access?: string;
  body?: unknown;
  /** The request rejects when it takes longer. */
  timeoutMs?: number;
}

/** Sends one request. Rejects when the connection is cut, or when there is no answer in time. */
export const request = (
  url: string,
  method: string,
  path: string,
  { access, body, timeoutMs = 35_000 }: HttpOptions = {},
): Promise<HttpAnswer> => sendRequest(url + path, method, { token: access, body, timeoutMs });

async function expect(status: number, request: Promise<HttpAnswer>): Promise<any> {
  const answer = await request;
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

let made = 0;
const password = 'copper-lantern-71';

/** Returns a name that no other call returns, in this process or in an earlier run. */
export function uniqueName(prefix: string): string {
  made += 1;
  return `${prefix}-${process.pid.toString(36)}-${Date.now().toString(36)}-${made}`;
}

/** Registers a user and signs them in. */
export async function newPerson(url: string, prefix = 'p'): Promise<Person> {
  const username = uniqueName(prefix);
  const { id } = await expect(
    201,
    request(url, 'POST', '/users/auth/register/', { body: { username, password } }),
  );
  return { id, username, password, ...(await signIn(url, username)) };
}

export async function newPeople(url: string, count: number, prefix = 'p'): Promise<Person[]> {
  const people: Person[] = [];
  // A few at a time, because each hash keeps an environment busy.
  while (people.length < count) {
    const some = Math.min(4, count - people.length);
    people.push(...(await Promise.all(Array.from({ length: some }, () => newPerson(url, prefix)))));
  }
  return people;
}

export function signIn(url: string, username: string): Promise<{ access: string; refresh: string }> {
  return expect(200, request(url, 'POST', '/users/auth/login/', { body: { username, password } }));
}

export interface RoomView {
  room_id: string;
  room_name: string;
}

/** Creates a room, public by default. */
export function newRoom(
  url: string,
  { access }: Person,
  options: { room_name?: string; is_private?: boolean } = {},
): Promise<RoomView> {
  const body = { room_name: uniqueName('room'), ...options };
  return expect(201, request(url, 'POST', '/chat/rooms/create/', { access, body }));
}
