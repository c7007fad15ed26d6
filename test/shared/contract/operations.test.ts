/** Compares the HTTP contract with the operations and fields that clients rely on, listed by hand. */
import { expect, test } from 'vitest';
import { operations } from '../../../shared/contract/http/operations.ts';
import { httpFunctions, type Operation } from '../../../shared/contract/http/operation.ts';

const rows: [string, Operation][] = Object.entries(operations);

/** The authentication and the success statuses of each operation, by its method and its path without the last slash. */
const promised: Record<string, string> = {
  'POST /users/auth/register': 'none 201',
  'POST /users/auth/login': 'none 200',
  'POST /users/token/refresh': 'none 200',
  'POST /users/auth/logout': 'none 204',
  'GET /users/auth/sessions': 'required 200',
  'DELETE /users/auth/sessions': 'required 204',
  'DELETE /users/auth/sessions/{session_id}': 'required 204',
  'POST /users/auth/password': 'required 204',
  'GET /users/auth/profile': 'required 200',
  'DELETE /users/auth/profile': 'required 204',
  'POST /users/auth/profile/picture': 'required 201',
  'DELETE /users/auth/profile/picture': 'required 204',
  'GET /users/auth/export': 'required 200',
  'PUT /users/auth/profile': 'required 200',
  'PATCH /users/auth/profile': 'required 200',
  'GET /users': 'required 200',
  'GET /chat/rooms': 'optional 200',
  'GET /chat/rooms/mine': 'required 200',
  'POST /chat/rooms/create': 'required 201',
  'GET /chat/rooms/{room_id}': 'required 200',
  'PUT /chat/rooms/{room_id}': 'required 200',
  'PATCH /chat/rooms/{room_id}': 'required 200',
  'DELETE /chat/rooms/{room_id}': 'required 204',
  'POST /chat/rooms/{room_id}/members/add': 'required 200',
  'DELETE /chat/rooms/{room_id}/members/remove/{user_id}': 'required 200',
  'GET /chat/rooms/{room_id}/members': 'required 200',
  'POST /chat/rooms/{room_id}/leave': 'required 204',
  'GET /chat/dm/{target_user_id}': 'required 200',
  'POST /chat/dm/{target_user_id}': 'required 200',
  'GET /chat/rooms/{room_id}/messages': 'required 200',
  'POST /chat/rooms/{room_id}/messages': 'required 200 201',
  'PUT /chat/messages/{message_id}/edit': 'required 200',
  'PATCH /chat/messages/{message_id}/edit': 'required 200',
  'DELETE /chat/messages/{message_id}/delete': 'required 204',
  'POST /chat/rooms/{room_id}/read': 'required 200',
  'GET /chat/rooms/{room_id}/read': 'required 200',
  'POST /chat/rooms/{room_id}/unread': 'required 200',
  'GET /chat/unread': 'required 200',
  'POST /chat/rooms/{room_id}/uploads': 'required 201',
  'GET /chat/attachments/{attachment_id}': 'required 200',
  'GET /chat/rooms/{room_id}/search': 'required 200',
  'GET /chat/search': 'required 200',
  'POST /chat/ws-ticket': 'required 200',
  'GET /swagger': 'none 200',
  'GET /openapi.json': 'none 200',
  'GET /openapi.yaml': 'none 200',
  'GET /chat/websocket-docs': 'none 200',
  'GET /asyncapi.yaml': 'none 200',
  'GET /health/promises': 'none 200',
  'GET /health': 'none 200',
};

test('the contract has exactly the promised operations, with their authentication and statuses', () => {
  const declared = rows.flatMap(([, row]) =>
    row.methods.map((method) => [
      `${method} ${row.path.replace(/\/$/, '')}`,
      [row.auth, ...Object.keys(row.responses)].join(' '),
    ]),
  );
  expect(Object.fromEntries(declared)).toEqual(promised);
  expect(declared).toHaveLength(Object.keys(promised).length);
});

test.each(rows)('%s declares exactly the parameters of its path', (_name, row) => {
  const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  expect(Object.keys(row.params?.shape ?? {})).toEqual(inPath);
});

test.each(rows)('%s has a path that is routed to its function', (_name, row) => {
  const routed = Object.entries(httpFunctions)
    .map(([name, routes]) => ({
      name,
      prefixes: [routes].flat().map((route) => route.replace(/^ANY |\{.*$/g, '')),
    }))
    .find(({ prefixes }) => prefixes.some((prefix) => prefix !== '$default' && row.path.startsWith(prefix)));
  expect(row.function).toBe(routed?.name ?? 'docs');
});

const fieldsOf = (name: keyof typeof operations, status: number) => {
  const response = (operations[name] as Operation).responses[status];
  if (response === null || response === undefined || typeof response === 'string') return [];
  const shape = (response as { shape?: object; element?: { shape: object } }).shape;
  return Object.keys(shape ?? (response as unknown as { element: { shape: object } }).element.shape);
};

const room = [
  'room_id',
  'room_name',
  'created_at',
  'creator_id',
  'creator_username',
  'description',
  'is_private',
  'is_direct',
  'message_count',
  'member_count',
  'peer',
];
const message = [
  'message_id',
  'room_id',
  'seq',
  'sender_id',
  'sender_username',
  'content',
  'timestamp',
  'edited_at',
  'is_deleted',
  'client_id',
  'attachments',
];

test.each([
  ['registerUser', 201, ['id', 'username', 'email']],
  ['loginUser', 200, ['access', 'refresh']],
  ['refreshTokens', 200, ['access', 'refresh']],
  ['getProfile', 200, ['id', 'username', 'email', 'first_name', 'last_name', 'profile_picture']],
  ['listSessions', 200, ['id', 'created_at', 'last_used_at', 'expires_at', 'is_current', 'user_agent']],
  ['exportAccount', 200, ['account', 'sessions', 'memberships', 'rooms_created', 'messages']],
  ['findUsers', 200, ['id', 'username', 'profile_picture']],
  ['listRooms', 200, room],
  ['listMyRooms', 200, [...room, 'unread_count', 'last_read_message_id', 'last_message']],
  ['createRoom', 201, room],
  ['openDirectRoom', 200, room],
  ['listMembers', 200, ['id', 'username', 'role', 'joined_at', 'last_read_message_id']],
  ['listMessages', 200, message],
  ['sendMessage', 201, message],
  ['editMessage', 200, message],
  ['markRead', 200, ['last_read_message_id', 'unread_count']],
  ['markUnread', 200, ['last_read_message_id', 'unread_count']],
  ['listUnread', 200, ['total', 'rooms']],
  ['listReaders', 200, ['user_id', 'username', 'last_read_message_id', 'read_at']],
  ['createUpload', 201, ['upload_id', 'url', 'fields', 'expires_in']],
  [
    'getAttachment',
    200,
    ['attachment_id', 'name', 'type', 'size', 'alt', 'width', 'height', 'url', 'thumbnail_url'],
  ],
  ['createTicket', 200, ['ticket', 'expires_in']],
  ['searchRoom', 200, ['results', 'searched_back_to', 'cursor']],
  ['searchMyRooms', 200, ['results', 'searched_back_to', 'cursor']],
  ['getPromisesHealth', 200, ['status', 'last_check']],
  ['getHealth', 200, ['status', 'version']],
] as const)('%s answers %i with exactly the promised fields', (name, status, fields) => {
  expect(fieldsOf(name, status)).toEqual(fields);
});

test('the operations that return lists in pages are marked as paged', () => {
  const paged = rows.filter(([, row]) => row.paged === true).map(([name]) => name);
  expect(paged).toEqual(expect.arrayContaining(['listRooms', 'listMyRooms', 'listMessages']));
});
