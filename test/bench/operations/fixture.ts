/** Creates the users, rooms, subscribers and sockets that measured operations need, without counting. */

import {
  newPeople,
  newPerson,
  newRoom,
  request,
  uniqueName,
  type Person,
  type RoomView,
} from '../../chaos/harness/people.ts';
import { plainClient, type PlainClient } from '../../chaos/harness/plain-client.ts';
import type { CountedRuntime } from '../counting/counted-runtime.ts';
import { encodeAttachmentId } from '../../../shared/domain/files/attachment-id.ts';
import { filesOf } from '../../kit/files.ts';
import { addSubscribers } from '../counting/simulated-subscribers.ts';

export interface Fixture {
  url: string;
  person(): Promise<Person>;
  people(count: number): Promise<Person[]>;
  /** Creates a public room with simulated subscribers, one by default, in addition to the sockets that will be opened. */
  room(creator: Person, subscribers?: number, sockets?: number): Promise<RoomView>;
  privateRoom(creator: Person, subscribers: number): Promise<RoomView>;
  /** Stores a message over HTTP and returns its id. */
  message(sender: Person, room: RoomView): Promise<string>;
  /** Stores uploads that can be sent, as their declarations and checks do, and returns their ids. */
  uploads(owner: Person, room: RoomView, count: number): Promise<string[]>;
  /** Opens a socket and waits for its welcome, if it opens a room. */
  socket(person: Person, room?: RoomView): Promise<PlainClient>;
  /** Sends a request that must succeed, and returns the body. */
  call(method: string, path: string, access?: string, body?: unknown): Promise<any>;
  /** Closes all sockets of this fixture. */
  closeSockets(): Promise<void>;
}

export function createFixture({ local }: CountedRuntime): Fixture {
  const { url, webSocketUrl } = local;
  const table = { tableName: local.stack.table.tableName, endpoint: local.engine.endpoint };
  let sockets: PlainClient[] = [];

  async function call(method: string, path: string, access?: string, body?: unknown): Promise<any> {
    const answer = await request(url, method, path, {
      ...(access !== undefined && { access }),
      ...(body !== undefined && { body }),
    });
    if (answer.status >= 400) {
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  async function withSubscribers(room: RoomView, count: number, sockets: number): Promise<RoomView> {
    if (count > 0) await addSubscribers(table, room.room_id, { count, sockets });
    return room;
  }

  return {
    url,
    call,
    person: () => newPerson(url, 'bench'),
    people: (count) => newPeople(url, count, 'bench'),
    async room(creator, subscribers = 0, sockets = 1) {
      const room = await newRoom(url, creator, { room_name: uniqueName('bench') });
      return withSubscribers(room, subscribers, sockets);
    },
    async privateRoom(creator, subscribers) {
      return withSubscribers(await newRoom(url, creator, { is_private: true }), subscribers, 1);
    },
    async message({ access }, { room_id }) {
      const { message_id } = await call('POST', `/chat/rooms/${room_id}/messages/`, access, {
        content: 'a stored message',
      });
      return message_id;
    },
    async uploads(owner, { room_id: roomId }, count) {
      const files = filesOf(local);
      const ids = Array.from({ length: count }, async () => {
        const upload = await files.declare({ roomId, userId: owner.id, name: 'plan.pdf', declaredSize: 9 });
        const { uploadKey } = upload;
        const file = { folder: uploadKey, type: 'application/pdf', size: 9 };
        await files.uploads.settle(upload, { file });
        return encodeAttachmentId({ roomId, uploadKey });
      });
      return Promise.all(ids).finally(() => files.close());
    },
    async socket({ access }, room) {
      const socket = plainClient({ webSocketUrl, access, ...(room && { room: room.room_name }) });
      sockets.push(socket);
      await (room === undefined ? socket.open() : socket.enter());
      return socket;
    },
    async closeSockets() {
      await Promise.all(sockets.map((socket) => socket.close()));
      sockets = [];
    },
  };
}
