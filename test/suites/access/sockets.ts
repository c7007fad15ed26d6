/** The WebSocket side of the table: how sockets are opened, and what each command sends. */
import { uniqueName } from '../api.ts';
import { ChatSocket, like, Refused, type Event } from '../socket.ts';
import type { handshakeTable, insideTable, outsideTable } from './expectations.ts';
import { appearance } from './requests.ts';
import { canary, type Stage } from './stage.ts';

export type HandshakeAction = keyof typeof handshakeTable;
export type OutsideAction = keyof typeof outsideTable;
export type InsideAction = keyof typeof insideTable;

const inRoom = (room: string): string => `/ws/chat/${encodeURIComponent(room)}/`;

const addresses: Record<HandshakeAction, (stage: Stage) => string> = {
  'open a socket without a room': () => '/ws/chat/',
  'open a socket by the room’s id': ({ room }) => inRoom(room.room_id),
  'open a socket by the room’s name': ({ room }) => inRoom(room.room_name),
};

const statuses: Record<number, string> = { 401: 'u', 403: 'x', 404: '0' };

/** What came of the handshake, and the socket if it was opened, its welcome heard. */
export async function open(
  action: HandshakeAction,
  stage: Stage,
): Promise<{ outcome: string; socket?: ChatSocket; seen?: object }> {
  const { token } = stage;
  try {
    const socket = await ChatSocket.open(addresses[action](stage), token === undefined ? {} : { token });
    await socket.next(action === 'open a socket without a room' ? 'ready' : 'history_end');
    return { outcome: '+', socket };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
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

const here = ({ room }: Stage): object => ({ room_id: room.room_id });
const ownOf = ({ own, others }: Stage): string => own ?? others;

/** On a socket in no room. */
export const outsideFrames: Record<OutsideAction, (stage: Stage) => object> = {
  'join by id': ({ room }) => ({ type: 'join', room: room.room_id }),
  'join by room_id': ({ room }) => ({ type: 'join', room_id: room.room_id }),
  'join by name': ({ room }) => ({ type: 'join', room: room.room_name }),
  'send without having joined': (stage) => ({ type: 'message', content: 'x', ...here(stage) }),
  'type without having joined': (stage) => ({ type: 'typing', is_typing: true, ...here(stage) }),
  'read without having joined': (stage) => ({ type: 'read', message_id: stage.others, ...here(stage) }),
  'edit an own message without having joined': (stage) => ({
    type: 'edit',
    message_id: ownOf(stage),
    content: 'x',
  }),
  'edit another’s message without having joined': (stage) => ({
    type: 'edit',
    message_id: stage.others,
    content: 'x',
  }),
  'delete an own message without having joined': (stage) => ({ type: 'delete', message_id: ownOf(stage) }),
  'delete another’s message without having joined': (stage) => ({ type: 'delete', message_id: stage.others }),
  'ask for the history without having joined': (stage) => ({ type: 'history', ...here(stage) }),
};

/** On a socket that was opened for the room; `said` is the message that was sent on it. */
export const insideFrames: Record<InsideAction, (stage: Stage, said: string) => object> = {
  'send inside': () => ({ type: 'message', content: `${canary} inside` }),
  'type inside': () => ({ type: 'typing', is_typing: true }),
  'read inside': (_, said) => ({ type: 'read', message_id: said }),
  'edit an own message inside': (_, said) => ({ type: 'edit', message_id: said, content: `${canary} anew` }),
  'edit another’s message inside': ({ others }) => ({ type: 'edit', message_id: others, content: 'x' }),
  'delete an own message inside': (_, said) => ({ type: 'delete', message_id: said }),
  'delete another’s message inside': ({ others }) => ({ type: 'delete', message_id: others }),
  'ask for the history inside': () => ({ type: 'history', limit: 1 }),
  'join another room inside': () => ({ type: 'join', room: uniqueName('elsewhere') }),
  'leave inside': () => ({ type: 'leave' }),
};

/** What the others in the room hear of a command that was done; of one that only its sender hears, `undefined`. */
export const heardByOthers: Partial<Record<InsideAction, string>> = {
  'send inside': 'chat_message',
  'type inside': 'typing_indicator',
  'read inside': 'message_read',
  'edit an own message inside': 'message_edited',
  'delete an own message inside': 'message_deleted',
};

const errorNames: Record<string, string> = { '4003 forbidden': 'x', '4004 not_found': '0' };

/** The refusal of a command, as it came. */
export function complaint(socket: ChatSocket, frame: object): Promise<Event> {
  const ref = uniqueName('ref');
  socket.send({ ...frame, ref });
  return socket.find(like('error', { ref }));
}

export const outcomeOfError = ({ code, name, error }: Event): string =>
  errorNames[`${code} ${name}`] ?? `${code} ${error}`;

/** Everything of an error that a client could tell it apart by from another one. */
export const appearanceOfError = (event: Event): object => ({ ...event, ref: 'any' });
