/** Sends commands on a socket and waits for their answers. */
import { ChatSocket, like, type ChatEvent } from './chat-socket.ts';
import { uniqueName } from './names.ts';
import { newRoom } from './rooms.ts';
import { newUser, type TestUser } from './users.ts';

export const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Opens a socket without a room and waits until it is ready. */
export async function openWithoutRoom(user: TestUser): Promise<ChatSocket> {
  const socket = await ChatSocket.open('/ws/chat/', { token: user.access });
  await socket.next('ready');
  return socket;
}

/** Creates a public room of Ann, with a socket of her and one of Bob in it. */
export async function openRoomOfTwo(): Promise<{
  ann: TestUser;
  bob: TestUser;
  room: any;
  anns: ChatSocket;
  bobs: ChatSocket;
}> {
  const [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  const room = await newRoom(ann);
  const anns = await ChatSocket.inRoom(room.room_name, ann.access);
  const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
  return { ann, bob, room, anns, bobs };
}

/** Joins one more room on a socket, and returns the `history_end` of its welcome. */
export async function joinRoom(socket: ChatSocket, room: string, options = {}): Promise<ChatEvent> {
  socket.send({ type: 'join', room, ...options });
  await socket.next(like('ready', { room }));
  return socket.next('history_end');
}

/** Sends a message and returns its `ack`. */
export function sendMessage(
  socket: ChatSocket,
  content: string,
  fields: Record<string, unknown> = {},
): Promise<ChatEvent> {
  const clientId = uniqueName('c');
  socket.send({ type: 'message', content, client_id: clientId, ...fields });
  return socket.find(like('ack', { client_id: clientId }));
}

/** Sends a command that the server must refuse, and returns its `error`. */
export function expectError(socket: ChatSocket, frame: Record<string, unknown>): Promise<ChatEvent> {
  const ref = uniqueName('ref');
  socket.send({ ...frame, ref });
  return socket.find(like('error', { ref }));
}

/**
 * Waits until a socket that was in the room before has received every entry up to `head`. Entries made over HTTP are
 * published a moment later; a socket that opens the room after this receives them as its history, and none of them live.
 */
export async function awaitEntries(witness: ChatSocket, head: number): Promise<void> {
  for (let seq = 1; seq <= head; seq += 1) {
    await witness.find((event) => event.type !== 'ack' && event['seq'] === seq);
  }
}

/** Sends a `ping` and returns the heads of its `pong`: the last seq of each room of the socket, by room id. */
export async function readHeads(socket: ChatSocket): Promise<Record<string, number>> {
  const earlierPongs = socket.ofType('pong').length;
  socket.send({ type: 'ping' });
  await socket.find(() => socket.ofType('pong').length > earlierPongs);
  return socket.ofType('pong')[earlierPongs]?.['heads'] as Record<string, number>;
}

/** Waits until the server has ended the connection, and returns its `close` frame. Rejects after five seconds. */
export async function awaitClose(socket: ChatSocket): Promise<ChatEvent> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the socket is still open'));
    }, 5_000);
  });
  await Promise.race([socket.closed, timeout]);
  clearTimeout(timer);
  const last = socket.events.at(-1);
  if (last?.type !== 'close') throw new Error(`no close frame before the end: ${JSON.stringify(last)}`);
  return last;
}
