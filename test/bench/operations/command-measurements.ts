/** The measured WebSocket commands, with opening and closing a socket, in a room of a given size. */

import type { CommandName } from '../../../shared/contract/websocket/commands.ts';
import type { Person, RoomView } from '../../chaos/harness/people.ts';
import type { ChatEvent, PlainClient } from '../../chaos/harness/plain-client.ts';
import type { Fixture } from './fixture.ts';

/** A user with a socket in a room of the given number of subscribers, which include this socket. */
export interface Place {
  fixture: Fixture;
  person: Person;
  room: RoomView;
  socket: PlainClient;
}

/** The measured act. Resolves when it has been answered. */
export type Act = () => Promise<unknown>;

export interface CommandMeasurement {
  /** Whether the cost depends on the number of subscribers. */
  dependsOnSize: boolean;
  /** Whether a welcome is the answer. */
  opens?: boolean;
  /** Prepares what the act needs. */
  prepare: (place: Place) => Promise<Act>;
}

const text = 'a message of the usual length, made of a few more words';

/** Sends a frame and waits for the event that answers it. Throws for an `error`, or without an answer. */
async function ask(socket: PlainClient, frame: object, type: string): Promise<ChatEvent> {
  const answer = await socket.ask(frame, (event) => event.type === type || event.type === 'error');
  if (answer?.type !== type)
    throw new Error(`${JSON.stringify(frame)} was answered with ${JSON.stringify(answer)}`);
  return answer;
}

const send =
  (clientId?: string) =>
  async ({ socket }: Place): Promise<Act> => {
    const frame = { type: 'message', content: text, ...(clientId !== undefined && { client_id: clientId }) };
    return () => ask(socket, frame, 'ack');
  };

const sendAttachments =
  (count: number) =>
  async ({ fixture, person, room, socket }: Place): Promise<Act> => {
    const attachments = await fixture.uploads(person, room, count);
    return () => ask(socket, { type: 'message', content: text, attachments }, 'ack');
  };

/** Prepares a frame that refers to a stored message. */
function onMessage(answer: string, frame: (messageId: string) => object): CommandMeasurement['prepare'] {
  return async ({ fixture, person, room, socket }) => {
    const id = await fixture.message(person, room);
    return () => ask(socket, frame(id), answer);
  };
}

export const commandMeasurements: Record<
  | CommandName
  | 'message_with_client_id'
  | 'message_with_attachment'
  | 'message_with_ten_attachments'
  | 'open_public_room'
  | 'open_public_room_again'
  | 'close_socket',
  CommandMeasurement
> = {
  open_public_room: {
    dependsOnSize: true,
    opens: true,
    prepare: async ({ fixture, room }) => {
      const newcomer = await fixture.person();
      return () => fixture.socket(newcomer, room);
    },
  },
  open_public_room_again: {
    dependsOnSize: false,
    opens: true,
    prepare: async ({ fixture, room }) => {
      const member = await fixture.person();
      await (await fixture.socket(member, room)).close();
      return () => fixture.socket(member, room);
    },
  },
  message: { dependsOnSize: true, prepare: send() },
  message_with_client_id: { dependsOnSize: true, prepare: send('bench-1') },
  message_with_attachment: { dependsOnSize: true, prepare: sendAttachments(1) },
  message_with_ten_attachments: { dependsOnSize: true, prepare: sendAttachments(10) },
  typing: {
    dependsOnSize: true,
    // It has no answer; the counted runtime waits for what follows.
    prepare:
      async ({ socket }) =>
      async () =>
        socket.send({ type: 'typing', is_typing: true }),
  },
  read: {
    dependsOnSize: true,
    // In a large room no event follows.
    prepare: async ({ fixture, person, room, socket }) => {
      const message_id = await fixture.message(person, room);
      return async () => socket.send({ type: 'read', message_id });
    },
  },
  edit: {
    dependsOnSize: true,
    prepare: onMessage('message_edited', (id) => ({ type: 'edit', message_id: id, content: text })),
  },
  delete: {
    dependsOnSize: true,
    prepare: onMessage('message_deleted', (id) => ({ type: 'delete', message_id: id })),
  },
  history: {
    dependsOnSize: false,
    prepare: async ({ fixture, person, room, socket }) => {
      for (let sent = 0; sent < 50; sent += 1) await fixture.message(person, room);
      return () => ask(socket, { type: 'history', before: 51, limit: 50 }, 'history_end');
    },
  },
  inbox: {
    dependsOnSize: false,
    prepare: async ({ fixture }) => {
      const socket = await fixture.socket(await fixture.person());
      return () => ask(socket, { type: 'inbox' }, 'ready');
    },
  },
  join: {
    dependsOnSize: true,
    prepare: async ({ fixture, room }) => {
      const socket = await fixture.socket(await fixture.person());
      return () => ask(socket, { type: 'join', room: room.room_name }, 'history_end');
    },
  },
  leave: {
    dependsOnSize: true,
    prepare: async ({ fixture, room }) => {
      const socket = await fixture.socket(await fixture.person());
      await ask(socket, { type: 'join', room: room.room_name }, 'history_end');
      return async () => socket.send({ type: 'leave', room_id: room.room_id });
    },
  },
  auth: {
    dependsOnSize: false,
    prepare: async ({ fixture, person, socket }) => {
      const { access } = await fixture.call('POST', '/users/token/refresh/', undefined, {
        refresh: person.refresh,
      });
      return async () => socket.send({ type: 'auth', token: access });
    },
  },
  ping: {
    dependsOnSize: false,
    prepare:
      async ({ socket }) =>
      () =>
        ask(socket, { type: 'ping' }, 'pong'),
  },
  close_socket: {
    dependsOnSize: true,
    prepare: async ({ fixture, room }) => {
      const socket = await fixture.socket(await fixture.person(), room);
      return () => socket.close();
    },
  },
};
