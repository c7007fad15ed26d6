/** A member who watches a room while forbidden actions are tried, and finds the traces that these leave. */
import { deepStrictEqual } from 'node:assert/strict';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { TestUser } from '../../kit/users.ts';
import type { Kind } from './expectations.ts';
import type { Fixture } from './fixture.ts';

export interface Witness {
  user: TestUser;
  socket: ChatSocket;
}

export const isThere = (kind: Kind): boolean => ['public', 'private', 'direct'].includes(kind);

/** Another user, who is in the room and receives all of its events. */
export async function openWitness({
  kind,
  actor,
  creator,
  member,
  room,
}: Fixture): Promise<Witness | undefined> {
  if (!isThere(kind)) return undefined;
  const user = actor === creator ? member : creator;
  return { user, socket: await ChatSocket.inRoom(room.room_id, user.access) };
}

/** Reads everything of the room that an actor could have changed. */
export async function lookAt({ access: token }: TestUser, { room }: Fixture): Promise<unknown[]> {
  const paths = ['', 'messages/', 'members/', 'read/'];
  const answers = await Promise.all(
    paths.map((path) => call('GET', `/chat/rooms/${room.room_id}/${path}`, { token })),
  );
  return answers.map(({ status, body }) => ({ status, body: withoutAddresses(body) }));
}

/** The addresses of files change with time. */
const withoutAddresses = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body), (name, value: unknown) => (name.endsWith('url') ? 'any' : value));

/** Describes what the forbidden actions changed, recorded or published; undefined when nothing. */
export async function traceOf(
  { user, socket }: Witness,
  fixture: Fixture,
  before: unknown,
): Promise<string | undefined> {
  try {
    deepStrictEqual(await lookAt(user, fixture), before);
  } catch (error) {
    return `changed: ${(error as Error).message}`;
  }
  const head = await headOf(socket, fixture);
  // Sent over HTTP, so that it is published after the events of the earlier requests.
  const content = uniqueName('marker');
  const sent = await call('POST', `/chat/rooms/${fixture.room.room_id}/messages/`, {
    token: user.access,
    body: { content },
  });
  const welcome = socket.events.findIndex(({ type }) => type === 'history_end') + 1;
  await socket.find(like('chat_message', { message: content }));
  const heard = socket.events.slice(welcome).filter(({ type }) => type !== 'pong');
  const [first] = heard;
  if (first?.['message'] !== content) return `heard: ${JSON.stringify(first)}`;
  return sent.body.seq === head + 1 ? undefined : `the log went on from ${head} to ${sent.body.seq}`;
}

async function headOf(socket: ChatSocket, { room }: Fixture): Promise<number> {
  socket.send({ type: 'ping' });
  const { heads } = await socket.find('pong');
  return heads[room.room_id];
}
