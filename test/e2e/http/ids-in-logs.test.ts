/** Every log line of a request or a frame names the user and the session that it came from, by ids alone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { testSettings } from '../../kit/test-settings.ts';
import { call, newRoom, newUser, useDeployment, type TestUser } from '../api.ts';
import { ChatSocket } from '../socket.ts';

const printed: string[] = [];
const sink = (text: string): void => void printed.push(text);
let runtime: LocalRuntime;
let dataDirectory: string;
let ann: TestUser;
let room: any;

/** What the functions logged. */
const lines = (): any[] =>
  printed
    .join('')
    .split('\n')
    .map((line) => /\{"level":.*\}/.exec(line)?.[0])
    .filter((json) => json !== undefined)
    .map((json) => JSON.parse(json));

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'chat-ids-'));
  runtime = await startLocal({
    port: 0,
    dataDirectory,
    fresh: true,
    log: createLog('verbose', sink, sink),
    environment: { ...process.env, ...testSettings },
  });
  useDeployment(runtime.url);
  ann = await newUser('canaryname');
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
  // Once everything has stopped, every line has been printed.
  await runtime.stop();
});

afterAll(async () => {
  await runtime?.stop();
  await rm(dataDirectory, { recursive: true, force: true });
});

const sessionId = (): string =>
  JSON.parse(Buffer.from(ann.access.split('.')[1]!, 'base64url').toString()).sid;

test.each([
  ['a request that is answered', { service: 'accounts', message: 'Request answered', method: 'GET' }],
  ['a request that is refused', { service: 'accounts', message: 'Request refused', method: 'DELETE' }],
  ['a request of another function', { service: 'chat', message: 'Request answered', method: 'POST' }],
  ['a request with a mistake', { service: 'chat', message: 'Request refused', method: 'GET' }],
  ['a handshake', { service: 'connect', message: 'Request answered' }],
  ['a handshake that is refused', { service: 'connect', message: 'Request refused' }],
  ['a frame', { service: 'message', message: 'Request answered' }],
  ['the end of a socket', { service: 'disconnect', message: 'Request answered' }],
])('%s', (_, fields) => {
  const ids = { user_id: ann.id, session_id: sessionId() };
  expect(lines()).toContainEqual(expect.objectContaining({ ...fields, ...ids }));
});

test('the lines of an anonymous request name nobody, also after one that was not', () => {
  const anonymous = lines().filter(
    ({ service, route, user_id }) =>
      service === 'accounts' && route === 'ANY /users/{proxy+}' && user_id === undefined,
  );
  expect(anonymous.length).toBeGreaterThan(0);
  expect(lines().every(({ user_id }) => user_id === undefined || user_id === ann.id)).toBe(true);
});

test('no line holds the name', () => {
  expect(JSON.stringify(lines())).not.toContain('canaryname');
});
