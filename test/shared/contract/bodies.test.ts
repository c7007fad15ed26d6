/** Which request bodies, queries and command frames are valid. Identifiers have tests of their own. */
import { expect, test } from 'vitest';
import { operations } from '../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../shared/contract/http/operation.ts';
import { commandExamples } from '../../../tools/documents/examples.ts';
import { commands, variants } from '../../../shared/contract/websocket/commands.ts';

const { registerUser, updateProfile, createRoom, updateRoom, sendMessage, listMessages } = operations;

const withBody = Object.entries(operations as Record<string, Operation>).flatMap(([name, { body }]) =>
  body === undefined ? [] : [{ name, body }],
);

const credentials = { username: 'ann', password: 'correct-horse-7' };

test('a message without a type is parsed like a message command', () => {
  const sent = commands.message.parse({ type: 'message', content: 'hi', client_id: 'c-1' });
  expect(variants.untypedMessage.parse({ message: 'hi', client_id: 'c-1' })).toEqual(sent);
  expect(variants.untypedMessage.parse({ message: 'hi' })).toEqual({ type: 'message', content: 'hi' });
});

test('a message without a type ignores the other fields that clients of the predecessor send', () => {
  const frame = { message: 'hi', username: 'ann', room: 'general', content: 'not this' };
  expect(variants.untypedMessage.parse(frame)).toEqual({ type: 'message', content: 'hi' });
});

test.each([{}, { message: '' }, { message: 7 }, { message: { $gt: '' } }, { message: 'x'.repeat(4001) }])(
  'a message without a type refuses %j',
  (frame) => {
    expect(variants.untypedMessage.safeParse(frame).success).toBe(false);
  },
);

test.each(Object.entries(commands))('the command %s ignores unknown fields', (name, command) => {
  const example = commandExamples[name as keyof typeof commandExamples];
  const parsed = command.parse(example);
  expect(command.parse({ ...example, is_admin: true })).toEqual(parsed);
  const disguised = command.parse(JSON.parse(`{"__proto__": 1, ${JSON.stringify(example).slice(1)}`));
  expect(Object.getOwnPropertyNames(disguised).toSorted()).toEqual(Object.keys(parsed).toSorted());
});

test.each(withBody)('the body of $name ignores unknown fields', ({ body }) => {
  const issuesOf = (value: unknown) => body.safeParse(value).error?.issues;
  expect(issuesOf({ is_admin: true, nested: { deeply: [{}] } })).toEqual(issuesOf({}));
});

test.each(withBody)('the body of $name must be an object', ({ body }) => {
  for (const value of [null, [], 'text', 7, true]) expect(body.safeParse(value).success).toBe(false);
});

test.each([{}, { email: '' }, { email: null }, { email: 'ann@example.com' }])(
  'a registration with %j is accepted',
  (email) => {
    expect(registerUser.body.safeParse({ ...credentials, ...email }).success).toBe(true);
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
])('a registration with %j is refused', (fields) => {
  expect(registerUser.body.safeParse({ ...credentials, ...fields }).success).toBe(false);
});

test('a password can be longer than the 72 bytes that bcrypt reads', () => {
  expect(registerUser.body.safeParse({ ...credentials, password: 'é'.repeat(64) }).success).toBe(true);
});

test('an update of a profile or a room accepts its read-only fields', () => {
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

test('creating a room ignores the fields that the server sets', () => {
  const sent = { room_name: 'general', room_id: 'x', is_direct: true, creator_id: 'y' };
  expect(createRoom.body.parse(sent)).toEqual({ room_name: 'general' });
});

test('sending a message over HTTP keeps white space and markup in the content', () => {
  expect(sendMessage.body.parse({ content: ' <b>hi</b> ' })).toEqual({ content: ' <b>hi</b> ' });
});

test('a page of messages is requested with before or after, but not both', () => {
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
])('a page of messages refuses the query %j', (query) => {
  expect(listMessages.query.safeParse(query).success).toBe(false);
});
