/** The WebSocket side of the table: the handshakes, and the frame of each command. */
import { ChatSocket, HandshakeRefused, like, type ChatEvent } from '../../kit/chat-socket.ts';
import { uniqueName } from '../../kit/names.ts';
import type { handshakeTable, insideTable, outsideTable } from './expectations.ts';
import { appearance, ownUpload } from './requests.ts';
import { secretMarker, type Fixture } from './fixture.ts';

export type HandshakeAction = keyof typeof handshakeTable;
export type OutsideAction = keyof typeof outsideTable;
export type InsideAction = keyof typeof insideTable;

const inRoom = (room: string): string => `/ws/chat/${encodeURIComponent(room)}/`;

const addresses: Record<HandshakeAction, (fixture: Fixture) => string> = {
  'open a socket without a room': () => '/ws/chat/',
  'open a socket by the room’s id': ({ room }) => inRoom(room.room_id),
  'open a socket by the room’s name': ({ room }) => inRoom(room.room_name),
};

const statuses: Record<number, string> = { 401: 'u', 403: 'x', 404: '0' };

/** Returns the outcome of a handshake, and the socket after its welcome if it was opened. */
export async function open(
  action: HandshakeAction,
  fixture: Fixture,
): Promise<{ outcome: string; socket?: ChatSocket; seen?: object }> {
  const { token } = fixture;
  try {
    const socket = await ChatSocket.open(addresses[action](fixture), token === undefined ? {} : { token });
    await socket.next(action === 'open a socket without a room' ? 'ready' : 'history_end');
    return { outcome: '+', socket };
  } catch (error) {
    if (!(error instanceof HandshakeRefused)) throw error;
    const { status, headers, body } = error;
    const seen = appearance({
      status,
      headers: new Headers(headers as Record<string, string>),
      body: asJson(body),
    });
    return { outcome: statuses[status] ?? String(status), seen };
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const here = ({ room }: Fixture): object => ({ room_id: room.room_id });
const ownOf = ({ own, others }: Fixture): string => own ?? others;

/** The frames of commands on a socket without a room. */
export const outsideFrames: Record<OutsideAction, (fixture: Fixture) => object> = {
  'join by id': ({ room }) => ({ type: 'join', room: room.room_id }),
  'join by room_id': ({ room }) => ({ type: 'join', room_id: room.room_id }),
  'join by name': ({ room }) => ({ type: 'join', room: room.room_name }),
  'send without having joined': (fixture) => ({ type: 'message', content: 'x', ...here(fixture) }),
  'send an own upload without having joined': (fixture) => ({
    type: 'message',
    content: '',
    attachments: [ownUpload(fixture.files)],
    ...here(fixture),
  }),
  'send another’s upload without having joined': (fixture) => ({
    type: 'message',
    content: '',
    attachments: [fixture.files.others],
    ...here(fixture),
  }),
  'type without having joined': (fixture) => ({ type: 'typing', is_typing: true, ...here(fixture) }),
  'read without having joined': (fixture) => ({ type: 'read', message_id: fixture.others, ...here(fixture) }),
  'edit an own message without having joined': (fixture) => ({
    type: 'edit',
    message_id: ownOf(fixture),
    content: 'x',
  }),
  'edit another’s message without having joined': (fixture) => ({
    type: 'edit',
    message_id: fixture.others,
    content: 'x',
  }),
  'delete an own message without having joined': (fixture) => ({
    type: 'delete',
    message_id: ownOf(fixture),
  }),
  'delete another’s message without having joined': (fixture) => ({
    type: 'delete',
    message_id: fixture.others,
  }),
  'ask for the history without having joined': (fixture) => ({ type: 'history', ...here(fixture) }),
};

/** The frames of commands on a socket that was opened for the room; `said` is the id of a message sent on it. */
export const insideFrames: Record<InsideAction, (fixture: Fixture, said: string) => object> = {
  'send inside': () => ({ type: 'message', content: `${secretMarker} inside` }),
  'send an own upload inside': ({ files }) => ({
    type: 'message',
    content: `${secretMarker} with a file`,
    attachments: [files.own.at(-1)],
  }),
  'send another’s upload inside': ({ files }) => ({
    type: 'message',
    content: '',
    attachments: [files.others],
  }),
  'type inside': () => ({ type: 'typing', is_typing: true }),
  'read inside': (_, said) => ({ type: 'read', message_id: said }),
  'edit an own message inside': (_, said) => ({
    type: 'edit',
    message_id: said,
    content: `${secretMarker} anew`,
  }),
  'edit another’s message inside': ({ others }) => ({ type: 'edit', message_id: others, content: 'x' }),
  'delete an own message inside': (_, said) => ({ type: 'delete', message_id: said }),
  'delete another’s message inside': ({ others }) => ({ type: 'delete', message_id: others }),
  'ask for the history inside': () => ({ type: 'history', limit: 1 }),
  'join another room inside': () => ({ type: 'join', room: uniqueName('elsewhere') }),
  'leave inside': () => ({ type: 'leave' }),
};

/** The event that the others in the room receive after a command; `undefined` if only the sender gets an answer. */
export const heardByOthers: Partial<Record<InsideAction, string>> = {
  'send inside': 'chat_message',
  'send an own upload inside': 'chat_message',
  'type inside': 'typing_indicator',
  'read inside': 'message_read',
  'edit an own message inside': 'message_edited',
  'delete an own message inside': 'message_deleted',
};

const errorNames: Record<string, string> = {
  '4003 forbidden': 'x',
  '4004 not_found': '0',
  '4005 invalid_frame': 'i',
};

/** Returns the error that refuses a command. */
export function complaint(socket: ChatSocket, frame: object): Promise<ChatEvent> {
  const ref = uniqueName('ref');
  socket.send({ ...frame, ref });
  return socket.find(like('error', { ref }));
}

export const outcomeOfError = ({ code, name, error }: ChatEvent): string =>
  errorNames[`${code} ${name}`] ?? `${code} ${error}`;

/** Returns everything by which a client could distinguish two errors. */
export const appearanceOfError = (event: ChatEvent): object => ({ ...event, ref: 'any' });
