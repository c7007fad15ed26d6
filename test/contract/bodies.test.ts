/** What request bodies and command frames take and refuse, beyond the identifiers in them. */
import { expect, test } from 'vitest';
import { operations } from '../../shared/contract/http/operations.ts';
import type { Operation } from '../../shared/contract/http/operation.ts';
import { commandExamples } from '../../shared/contract/documents/examples.ts';
import { commands, variants } from '../../shared/contract/websocket/commands.ts';

const { registerUser, updateProfile, createRoom, updateRoom, sendMessage, listMessages } = operations;

const withBody = Object.entries(operations as Record<string, Operation>).flatMap(([name, { body }]) =>
  body === undefined ? [] : [{ name, body }],
);

const named = { username: 'ann', password: 'correct-horse-7' };

test('a send takes either of its two forms, and both mean the same', () => {
  const sent = commands.message.parse({ type: 'message', content: 'hi', client_id: 'c-1' });
  expect(variants.untypedMessage.parse({ message: 'hi', client_id: 'c-1' })).toEqual(sent);
  expect(variants.untypedMessage.parse({ message: 'hi' })).toEqual({ type: 'message', content: 'hi' });
});

test.each([
  {},
  { message: '' },
  { message: 7 },
  { message: { $gt: '' } },
  { message: 'hi', content: 'hi' },
  { message: 'x'.repeat(4001) },
])('a send without a type refuses %j', (frame) => {
  expect(variants.untypedMessage.safeParse(frame).success).toBe(false);
});

test.each(Object.entries(commands))('%s refuses a field that it does not know', (name, command) => {
  const example = commandExamples[name as keyof typeof commandExamples];
  expect(command.safeParse(example).success).toBe(true);
  expect(command.safeParse({ ...example, is_admin: true }).success).toBe(false);
  expect(command.safeParse(JSON.parse(`{"__proto__": 1, ${JSON.stringify(example).slice(1)}`)).success).toBe(
    false,
  );
});

test.each(withBody)('$name refuses a field that it does not know', ({ body }) => {
  const result = body.safeParse({ is_admin: true });
  expect(result.error?.issues.some(({ code }) => code === 'unrecognized_keys')).toBe(true);
});

test.each(withBody)('$name refuses whatever is no object', ({ body }) => {
  for (const value of [null, [], 'text', 7, true]) expect(body.safeParse(value).success).toBe(false);
});

test.each([{}, { email: '' }, { email: null }, { email: 'ann@example.com' }])(
  'registering takes an account with %j',
  (email) => {
    expect(registerUser.body.safeParse({ ...named, ...email }).success).toBe(true);
  },
);

test.each([
  { email: 'ann' },
  { email: 'ann@' },
  { email: `${'a'.repeat(250)}@example.com` },
  { password: 'short-7' },
  { password: 'x'.repeat(257) },
  { password: '\ud83d'.repeat(8) },
  { username: '' },
  { id: 'x' },
])('registering refuses an account with %j', (fields) => {
  expect(registerUser.body.safeParse({ ...named, ...fields }).success).toBe(false);
});

test('a password may be longer than the 72 bytes that bcrypt reads', () => {
  expect(registerUser.body.safeParse({ ...named, password: 'é'.repeat(64) }).success).toBe(true);
});

test('a profile and a room may be sent back as they came, and their read-only fields do no harm', () => {
  const profile = {
    id: 'x',
    username: 'y',
    email: 'z',
    profile_picture: null,
    first_name: 'Ann',
    last_name: '',
  };
  expect(updateProfile.body.safeParse(profile).success).toBe(true);
  const room = { room_id: 'x', creator_id: 'y', is_private: 'z', member_count: -1, description: 'new' };
  expect(updateRoom.body.safeParse(room).success).toBe(true);
});

test('a new room takes no field that the server decides on', () => {
  expect(createRoom.body.safeParse({ room_name: 'general', room_id: 'x' }).success).toBe(false);
  expect(createRoom.body.safeParse({ room_name: 'general', is_direct: true }).success).toBe(false);
});

test('a send keeps its content as it is', () => {
  expect(sendMessage.body.parse({ content: ' <b>hi</b> ' })).toEqual({ content: ' <b>hi</b> ' });
});

test('messages are asked for before a seq or after one, not both', () => {
  expect(listMessages.query.parse({})).toEqual({ limit: 50 });
  expect(listMessages.query.parse({ before: '7', limit: '100' })).toEqual({ before: 7, limit: 100 });
  expect(listMessages.query.safeParse({ before: '7', after: '1' }).success).toBe(false);
});

test.each([
  { limit: '0' },
  { limit: '101' },
  { limit: 'x' },
  { before: '0' },
  { after: '-1' },
  { after: '1.5' },
])('a page of messages refuses %j', (query) => {
  expect(listMessages.query.safeParse(query).success).toBe(false);
});
