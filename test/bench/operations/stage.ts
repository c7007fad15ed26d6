/** What the measured operations happen among: people, rooms with listeners, sockets. All of it is set up uncounted. */

import {
  newPeople,
  newPerson,
  newRoom,
  request,
  uniqueName,
  type Person,
  type RoomView,
} from '../../faults/harness/people.ts';
import { plainClient, type PlainClient } from '../../faults/harness/plain-client.ts';
import type { CountedRuntime } from '../counting/counted-runtime.ts';
import { addListeners } from '../counting/simulated-audience.ts';

export interface Stage {
  url: string;
  person(): Promise<Person>;
  people(count: number): Promise<Person[]>;
  /** A public room of that creator's, with so many listeners besides the sockets that will be opened, one when absent. */
  room(creator: Person, listeners?: number, sockets?: number): Promise<RoomView>;
  privateRoom(creator: Person, listeners: number): Promise<RoomView>;
  /** Stored over HTTP; its id. */
  message(sender: Person, room: RoomView): Promise<string>;
  /** A socket that has had its welcome, or one without a room. */
  socket(person: Person, room?: RoomView): Promise<PlainClient>;
  /** Any request that must succeed. */
  call(method: string, path: string, access?: string, body?: unknown): Promise<any>;
  /** Closes the sockets that were opened. */
  closeSockets(): Promise<void>;
}

export function createStage({ local }: CountedRuntime): Stage {
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

  async function withListeners(room: RoomView, count: number, sockets: number): Promise<RoomView> {
    if (count > 0) await addListeners(table, room.room_id, { count, sockets });
    return room;
  }

  return {
    url,
    call,
    person: () => newPerson(url, 'bench'),
    people: (count) => newPeople(url, count, 'bench'),
    async room(creator, listeners = 0, sockets = 1) {
      const room = await newRoom(url, creator, { room_name: uniqueName('bench') });
      return withListeners(room, listeners, sockets);
    },
    async privateRoom(creator, listeners) {
      return withListeners(await newRoom(url, creator, { is_private: true }), listeners, 1);
    },
    async message({ access }, { room_id }) {
      const { message_id } = await call('POST', `/chat/rooms/${room_id}/messages/`, access, {
        content: 'a message that is there already',
      });
      return message_id;
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
