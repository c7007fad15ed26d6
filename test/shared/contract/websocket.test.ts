/** Compares the WebSocket contract with the fields and codes that clients rely on, listed by hand. */
import { expect, test } from 'vitest';
import { errorCodes, frameCodes } from '../../../shared/contract/errors.ts';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { events } from '../../../shared/contract/websocket/events.ts';
import { HandshakeQuery } from '../../../shared/contract/websocket/handshake.ts';

/** The fields of each event in alphabetical order, without `type`. A question mark marks optional fields. */
const promisedEvents: Record<string, string> = {
  ready: 'head heartbeat_seconds inbox? ref? room room_id server_time user',
  left: 'ref? room_id',
  room_users_list: 'room_id total? users',
  chat_message:
    'attachments? client_id? edited_at is_deleted message message_id room_id sender_id sender_username seq timestamp',
  history_end: 'first_seq gap? has_more head recovered ref? room_id',
  user_join: 'room_id user_id username',
  user_leave: 'room_id user_id username',
  typing_indicator: 'expires_in_ms is_typing room room_id user user_id',
  message_edited: 'edited_at message_id new_content room_id sender_id sender_username seq',
  message_deleted: 'message_id room_id seq',
  message_read: 'message_id read_at room_id user_id username',
  message_unread: 'message_id room_id unread_count',
  member_added: 'member room? room_id seq',
  member_updated: 'member room_id seq',
  member_removed: 'member room_id seq',
  room_updated: 'room room_id seq',
  room_deleted: 'room room_id seq',
  room_activity: 'head last_message room_id unread_count',
  ack: 'client_id? duplicate message_id room_id seq timestamp',
  pong: 'heads server_time',
  error: 'code error name ref? retry_after_ms? retryable',
  close: 'code reason reconnect resume',
};

/** The same for commands, without `ref` and `room_id`, which every command can have. */
const promisedCommands: Record<string, string> = {
  message: 'attachments? client_id? content',
  typing: 'is_typing',
  read: 'message_id',
  edit: 'content message_id',
  delete: 'message_id',
  history: 'after? before? limit?',
  join: 'after? create? history? room?',
  leave: '',
  inbox: '',
  auth: 'token',
  ping: '',
};

function fields(
  shape: Record<string, { safeParse(value: unknown): { success: boolean } }>,
  without: string[],
) {
  return Object.entries(shape)
    .filter(([name]) => !without.includes(name))
    .map(([name, field]) => (field.safeParse(undefined).success ? `${name}?` : name))
    .toSorted()
    .join(' ');
}

test('the contract has exactly the promised events and fields', () => {
  const declared = Object.entries(events).map(([name, event]) => [name, fields(event.shape, ['type'])]);
  expect(Object.fromEntries(declared)).toEqual(promisedEvents);
});

test('the contract has exactly the promised commands and fields', () => {
  const declared = Object.entries(commands).map(([name, command]) => [
    name,
    fields(command.shape, ['type', 'ref', 'room_id']),
  ]);
  expect(Object.fromEntries(declared)).toEqual(promisedCommands);
});

test.each(Object.entries({ ...events, ...commands }))(
  'the type field of %s equals its name in the contract',
  (name, frame) => {
    expect(frame.shape.type.value).toBe(name);
  },
);

test.each(Object.entries(commands))('the command %s accepts ref and room_id', (_name, command) => {
  expect(Object.keys(command.shape)).toEqual(expect.arrayContaining(['ref', 'room_id']));
});

test('the contract has exactly the promised codes of error and close events', () => {
  const declared = Object.entries(frameCodes).map(([name, { code }]) => [code, name]);
  expect(Object.fromEntries(declared)).toEqual({
    4000: 'room_unavailable',
    4001: 'unauthorized',
    4003: 'forbidden',
    4004: 'not_found',
    4005: 'invalid_frame',
    4009: 'conflict',
    4013: 'too_large',
    4029: 'rate_limited',
    4100: 'try_again',
    4200: 'reconnect',
  });
});

test('only rate_limited, try_again and reconnect are retryable', () => {
  const retryable = Object.entries(frameCodes).filter(([, row]) => row.retryable);
  expect(retryable.map(([name]) => name)).toEqual(['rate_limited', 'try_again', 'reconnect']);
});

test('each promised HTTP status has an error code, and each error code a WebSocket code', () => {
  const statuses = new Set<number>(Object.values(errorCodes).map(({ status }) => status));
  expect([...statuses].toSorted((one, other) => one - other)).toEqual([
    400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503,
  ]);
  const frames = Object.values(errorCodes).map(({ frame }) => frame);
  expect(Object.keys(frameCodes)).toEqual(expect.arrayContaining(frames));
});

test('a refused login has status 401 and the title Invalid Credentials', () => {
  expect(errorCodes.invalid_credentials).toMatchObject({ status: 401, title: 'Invalid Credentials' });
});

test('a handshake without options requests 50 messages and no batches', () => {
  expect(HandshakeQuery.parse({ room: 'general' })).toEqual({
    room: 'general',
    history: 50,
    batch: false,
    inbox: false,
  });
});

test.each([
  [{ history: '0' }, { history: 0 }],
  [{ history: '100' }, { history: 100 }],
  [{ after: '0' }, { after: 0 }],
  [{ batch: '1' }, { batch: true }],
])('a handshake accepts the query %j', (query, expected) => {
  expect(HandshakeQuery.parse(query)).toMatchObject(expected);
});

test.each([
  { history: '101' },
  { history: '-1' },
  { history: 'all' },
  { after: '-1' },
  { after: '1.5' },
  { after: '9007199254740992' },
  { batch: '2' },
  { room: 'a b' },
  { room: '' },
])('a handshake refuses the query %j', (query) => {
  expect(HandshakeQuery.safeParse(query).success).toBe(false);
});
