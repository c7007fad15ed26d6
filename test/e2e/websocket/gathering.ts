/** People in a room, each with a socket: what most WebSocket suites start from. */
import { call, newRoom, newUser, uniqueName, type TestUser } from '../api.ts';
import { ChatSocket, like, type Event } from '../socket.ts';

/** That many registered users. */
export function newUsers(count: number): Promise<TestUser[]> {
  return Promise.all(Array.from({ length: count }, () => newUser()));
}

/** A private room of the first of them, with the others as its members. */
export async function newPrivateRoom(creator: TestUser, ...members: TestUser[]): Promise<any> {
  const room = await newRoom(creator, { is_private: true });
  for (const { id } of members) await addMember(creator, room.room_id, id);
  return room;
}

export async function addMember(creator: TestUser, roomId: string, userId: string): Promise<void> {
  const answer = await call('POST', `/chat/rooms/${roomId}/members/add/`, {
    token: creator.access,
    body: { user_id: userId },
  });
  if (answer.status !== 200) throw new Error(`adding a member: ${JSON.stringify(answer.body)}`);
}

/** A socket without a room, ready. */
export async function openRoomless(user: TestUser): Promise<ChatSocket> {
  const socket = await ChatSocket.open('/ws/chat/', { token: user.access });
  await socket.next('ready');
  return socket;
}

/** Opens one more room on a socket without a room, and waits for the end of its welcome. */
export async function joinRoom(socket: ChatSocket, room: string, request = {}): Promise<Event> {
  socket.send({ type: 'join', room, ...request });
  await socket.next(like('ready', { room }));
  return socket.next('history_end');
}

/** Sends a message and waits for its `ack`. */
export function say(socket: ChatSocket, content: string, more: Record<string, unknown> = {}): Promise<Event> {
  const clientId = uniqueName('c');
  socket.send({ type: 'message', content, client_id: clientId, ...more });
  return socket.find(like('ack', { client_id: clientId }));
}

/** Sends a command that is to fail and waits for its `error`. */
export function complain(socket: ChatSocket, frame: Record<string, unknown>): Promise<Event> {
  const ref = uniqueName('ref');
  socket.send({ ...frame, ref });
  return socket.find(like('error', { ref }));
}

/** Sends a message over HTTP. */
export async function post(user: TestUser, roomId: string, content: string): Promise<any> {
  const answer = await call('POST', `/chat/rooms/${roomId}/messages/`, {
    token: user.access,
    body: { content },
  });
  if (answer.status !== 201) throw new Error(`sending: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/**
 * Waits until the witness, who was in the room before, has heard every entry up to a seq. What is done over HTTP is
 * told a moment later; whoever opens the room after this gets those entries as its history, and none of them live.
 */
export async function hearAll(witness: ChatSocket, head: number): Promise<void> {
  for (let seq = 1; seq <= head; seq += 1) {
    await witness.find((event) => event.type !== 'ack' && event['seq'] === seq);
  }
}

/** What the answer to a `ping` sent now tells: the last seq of each room of the socket. */
export async function heads(socket: ChatSocket): Promise<Record<string, number>> {
  const already = socket.ofType('pong').length;
  socket.send({ type: 'ping' });
  await socket.find(() => socket.ofType('pong').length > already);
  return socket.ofType('pong')[already]?.['heads'] as Record<string, number>;
}

/** Waits until the server ended the connection, and returns its last frame. Throws when that takes five seconds. */
export async function endOf(socket: ChatSocket): Promise<Event> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the socket is still open'));
    }, 5_000);
  });
  await Promise.race([socket.closed, tooLate]);
  clearTimeout(timer);
  const last = socket.events.at(-1);
  if (last?.type !== 'close') throw new Error(`no close frame before the end: ${JSON.stringify(last)}`);
  return last;
}

export const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
