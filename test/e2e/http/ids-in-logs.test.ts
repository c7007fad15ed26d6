/** Log lines about a request or a frame identify its user and session by their ids. */
import { beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';
import { useRuntime } from '../../kit/use-runtime.ts';

const printed: string[] = [];
const sink = (text: string): void => void printed.push(text);
const { runtime } = useRuntime({ log: createLog('verbose', sink, sink) });
let ann: TestUser;
let room: any;

/** Returns the structured log lines of the functions. */
const lines = (): any[] =>
  printed
    .join('')
    .split('\n')
    .map((line) => /\{"level":.*\}/.exec(line)?.[0])
    .filter((json) => json !== undefined)
    .map((json) => JSON.parse(json));

beforeAll(async () => {
  ann = await newUser('markedname');
  room = await newRoom(ann);
  await call('GET', '/users/auth/profile/', { token: ann.access });
  await call('DELETE', '/users/auth/profile/', { token: ann.access, body: { password: 'not the password' } });
  await call('GET', '/chat/rooms/mine/?cursor=nonsense', { token: ann.access });
  await call('GET', '/chat/rooms/');
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  await ChatSocket.refusal('/ws/chat/dm_nobody/', { token: ann.access });
  socket.send({ message: 'hi' });
  await socket.find('chat_message');
  await socket.close();
  // The last lines are printed while the runtime stops.
  await runtime().stop();
});

const sessionId = (): string =>
  JSON.parse(Buffer.from(ann.access.split('.')[1]!, 'base64url').toString()).sid;

test.each([
  ['an answered request', { service: 'accounts', message: 'Request answered', method: 'GET' }],
  ['a refused request', { service: 'accounts', message: 'Request refused', method: 'DELETE' }],
  ['a request of another function', { service: 'chat', message: 'Request answered', method: 'POST' }],
  ['an invalid request', { service: 'chat', message: 'Request refused', method: 'GET' }],
  ['a handshake', { service: 'connect', message: 'Request answered' }],
  ['a refused handshake', { service: 'connect', message: 'Request refused' }],
  ['a frame', { service: 'message', message: 'Request answered' }],
  ['the close of a socket', { service: 'disconnect', message: 'Request answered' }],
])('the log line of %s carries the ids of the user and the session', (_, fields) => {
  const ids = { user_id: ann.id, session_id: sessionId() };
  expect(lines()).toContainEqual(expect.objectContaining({ ...fields, ...ids }));
});

test('the log lines of anonymous requests carry no user id, even after requests of a user', () => {
  const anonymous = lines().filter(
    ({ service, route, user_id }) =>
      service === 'accounts' && route === 'ANY /users/{proxy+}' && user_id === undefined,
  );
  expect(anonymous.length).toBeGreaterThan(0);
  expect(lines().every(({ user_id }) => user_id === undefined || user_id === ann.id)).toBe(true);
});

test('no log line contains the username', () => {
  expect(JSON.stringify(lines())).not.toContain('markedname');
});
