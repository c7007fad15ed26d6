/** The operations as the protocol page lists them, written independently of the contract. */
import type { Fixture } from './fixture.ts';
import { uniqueName } from '../../kit/names.ts';
import { login, type TestUser } from '../../kit/users.ts';
import * as shapes from './shapes.ts';

export interface OperationRow {
  methods: string[];
  /** As the protocol spells it. */
  path: string;
  auth: 'required' | 'optional' | 'none';
  /** The status of a successful answer. */
  status: number;
  /** The shape of a JSON answer, or the start of the content type of another answer; absent for no content. */
  answer?: object | string | undefined;
  /** Returns a valid body. */
  body?: (fixture: Fixture) => unknown;
  /** The fields of the body. */
  fields?: string[];
  /** Whether the body is optional. */
  bodyOptional?: boolean;
  /** The user for whom the operation succeeds; the owner by default. */
  by?: (fixture: Fixture) => TestUser;
  /** The user whose id is in the path; the member by default. */
  about?: (fixture: Fixture) => TestUser;
  /** The query with its question mark. */
  query?: (fixture: Fixture) => string;
  /** Whether the operation invalidates its user, so that the next operation needs new users. */
  endsSession?: boolean;
}

const required = { auth: 'required', status: 200 } as const;
const none = { auth: 'none', status: 200 } as const;

const newSession = async ({ owner }: Fixture): Promise<unknown> => ({
  refresh: (await login(owner.username, owner.password)).refresh,
});

export const rows: OperationRow[] = [
  {
    ...none,
    methods: ['POST'],
    path: '/users/auth/register/',
    status: 201,
    answer: shapes.registeredUser,
    fields: ['username', 'email', 'password'],
    body: () => ({ username: uniqueName('reg'), password: 'lantern-orbit-42' }),
  },
  {
    ...none,
    methods: ['POST'],
    path: '/users/auth/login/',
    answer: shapes.tokenPair,
    fields: ['username', 'password'],
    body: ({ owner }) => ({ username: owner.username, password: owner.password }),
  },
  {
    ...none,
    methods: ['POST'],
    path: '/users/token/refresh/',
    answer: shapes.tokenPair,
    fields: ['refresh'],
    body: newSession,
  },
  {
    ...none,
    methods: ['POST'],
    path: '/users/auth/logout/',
    status: 204,
    fields: ['refresh'],
    body: newSession,
  },
  {
    ...required,
    methods: ['GET'],
    path: '/users/auth/sessions/',
    answer: shapes.listOf(shapes.session) as object,
  },
  { ...required, methods: ['DELETE'], path: '/users/auth/sessions/', status: 204, endsSession: true },
  {
    ...required,
    methods: ['DELETE'],
    path: '/users/auth/sessions/{session_id}/',
    status: 204,
    endsSession: true,
  },
  {
    ...required,
    methods: ['POST'],
    path: '/users/auth/password/',
    status: 204,
    fields: ['old_password', 'new_password'],
    body: ({ owner }) => ({ old_password: owner.password, new_password: 'thimble-gravel-58' }),
    endsSession: true,
  },
  {
    ...required,
    methods: ['DELETE'],
    path: '/users/auth/profile/',
    status: 204,
    fields: ['password'],
    body: ({ owner }) => ({ password: owner.password }),
    endsSession: true,
  },
  {
    ...required,
    methods: ['GET'],
    path: '/users/auth/export/',
    answer: {
      account: { ...shapes.profile, created_at: shapes.time },
      sessions: shapes.listOf(shapes.session),
      memberships: shapes.listOf(shapes.membership),
      rooms_created: shapes.listOf(shapes.room),
      messages: shapes.listOf(shapes.message),
    },
  },
  { ...required, methods: ['GET'], path: '/users/auth/profile/', answer: shapes.profile },
  {
    ...required,
    methods: ['POST'],
    path: '/users/auth/profile/picture/',
    status: 201,
    answer: shapes.uploadForm,
    fields: ['type', 'size'],
    body: () => ({ type: 'image/png', size: 9 }),
  },
  { ...required, methods: ['DELETE'], path: '/users/auth/profile/picture/', status: 204 },
  {
    ...required,
    methods: ['PUT', 'PATCH'],
    path: '/users/auth/profile/',
    answer: shapes.profile,
    fields: ['first_name', 'last_name'],
    body: () => ({ first_name: 'Ann', last_name: 'Arbor' }),
  },
  {
    ...required,
    methods: ['GET'],
    path: '/users/',
    answer: shapes.listOf(shapes.userSummary) as object,
    query: ({ owner }) => `?username=${owner.username}`,
  },
  {
    methods: ['GET'],
    path: '/chat/rooms/',
    auth: 'optional',
    status: 200,
    answer: shapes.listOf(shapes.room) as object,
  },
  {
    ...required,
    methods: ['GET'],
    path: '/chat/rooms/mine/',
    answer: shapes.listOf(shapes.myRoom) as object,
    by: ({ member }) => member,
  },
  {
    ...required,
    methods: ['POST'],
    path: '/chat/rooms/create/',
    status: 201,
    answer: shapes.room,
    fields: ['room_name', 'description', 'is_private'],
    body: () => ({ room_name: uniqueName('room'), description: 'for the table', is_private: false }),
  },
  { ...required, methods: ['GET'], path: '/chat/rooms/{room_id}/', answer: shapes.room },
  {
    ...required,
    methods: ['PUT', 'PATCH'],
    path: '/chat/rooms/{room_id}/',
    answer: shapes.room,
    fields: ['room_name', 'description'],
    body: () => ({ room_name: uniqueName('renamed'), description: 'changed' }),
  },
  { ...required, methods: ['DELETE'], path: '/chat/rooms/{room_id}/', status: 204 },
  {
    ...required,
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/members/add/',
    answer: shapes.room,
    fields: ['user_id'],
    body: ({ stranger }) => ({ user_id: stranger.id }),
  },
  {
    ...required,
    methods: ['DELETE'],
    path: '/chat/rooms/{room_id}/members/remove/{user_id}/',
    answer: shapes.room,
  },
  {
    ...required,
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/members/',
    answer: shapes.listOf(shapes.member) as object,
  },
  {
    ...required,
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/leave/',
    status: 204,
    by: ({ member }) => member,
    body: () => ({}),
    bodyOptional: true,
  },
  { ...required, methods: ['GET', 'POST'], path: '/chat/dm/{target_user_id}', answer: shapes.directRoom },
  {
    ...required,
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/messages/',
    answer: shapes.listOf(shapes.message) as object,
  },
  {
    ...required,
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/search/',
    answer: shapes.searchPage,
    query: ({ message }) => `?q=${encodeURIComponent(message.content)}`,
  },
  {
    ...required,
    methods: ['GET'],
    path: '/chat/search/',
    answer: shapes.searchPage,
    query: ({ message }) => `?from_user=${message.sender_id}&limit=50`,
  },
  {
    ...required,
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/messages/',
    status: 201,
    answer: shapes.message,
    fields: ['content', 'client_id', 'attachments'],
    body: () => ({ content: 'said over HTTP' }),
  },
  {
    ...required,
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/uploads/',
    status: 201,
    answer: shapes.uploadForm,
    fields: ['name', 'type', 'size', 'alt'],
    body: () => ({ name: 'plan.txt', type: 'text/plain', size: 8 }),
  },
  {
    ...required,
    methods: ['GET'],
    path: '/chat/attachments/{attachment_id}/',
    answer: shapes.attachment,
  },
  {
    ...required,
    methods: ['PUT', 'PATCH'],
    path: '/chat/messages/{message_id}/edit/',
    answer: shapes.editedMessage,
    fields: ['content'],
    body: () => ({ content: 'said better' }),
  },
  { ...required, methods: ['DELETE'], path: '/chat/messages/{message_id}/delete/', status: 204 },
  {
    ...required,
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/read/',
    answer: shapes.readState,
    fields: ['message_id'],
    body: ({ message }) => ({ message_id: message.message_id }),
  },
  {
    ...required,
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/unread/',
    answer: shapes.markerMovedBack,
    fields: ['message_id'],
    body: ({ message }) => ({ message_id: message.message_id }),
  },
  { ...required, methods: ['GET'], path: '/chat/unread/', answer: shapes.unreadRooms },
  {
    ...required,
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/read/',
    answer: shapes.listOf(shapes.reader) as object,
  },
  {
    ...required,
    methods: ['POST'],
    path: '/chat/ws-ticket/',
    answer: shapes.ticket,
    fields: ['room'],
    body: ({ room }) => ({ room: room.room_name }),
    bodyOptional: true,
  },
  { ...none, methods: ['GET'], path: '/swagger/', answer: 'text/html' },
  { ...none, methods: ['GET'], path: '/openapi.json', answer: 'application/json' },
  { ...none, methods: ['GET'], path: '/openapi.yaml', answer: 'application/yaml' },
  { ...none, methods: ['GET'], path: '/chat/websocket-docs/', answer: 'text/html' },
  { ...none, methods: ['GET'], path: '/asyncapi.yaml', answer: 'application/yaml' },
  { ...none, methods: ['GET'], path: '/health/promises/', answer: shapes.promises },
  { ...none, methods: ['GET'], path: '/health/', answer: shapes.health },
];
