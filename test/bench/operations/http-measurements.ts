/** One request for each row of the HTTP contract, with what it needs to be there; nothing is counted here. */

import type { OperationName } from '../../../shared/contract/http/operations.ts';
import type { Person, RoomView } from '../../faults/harness/people.ts';
import type { Stage } from './stage.ts';

export interface HttpRequest {
  method: string;
  path: string;
  access?: string;
  body?: unknown;
}

/** Sets up what the request needs, in a room of so many who listen, and gives it. */
type Prepare = (stage: Stage, listeners: number) => Promise<HttpRequest>;

export interface HttpMeasurement {
  /** Whether what it costs depends on how many are in the room. */
  dependsOnSize: boolean;
  prepare: Prepare;
}

const text = 'as long as such lines usually are, with some more words';

async function inRoom(
  stage: Stage,
  listeners: number,
): Promise<{ person: Person; room: RoomView; path: string }> {
  const person = await stage.person();
  const room = await stage.room(person, listeners);
  return { person, room, path: `/chat/rooms/${room.room_id}/` };
}

async function withMessage(
  stage: Stage,
  listeners: number,
): Promise<{ person: Person; id: string; path: string }> {
  const { person, room, path } = await inRoom(stage, listeners);
  return { person, path, id: await stage.message(person, room) };
}

/** As somebody who is signed in. */
function signedIn(method: string, path: string, body?: unknown): Prepare {
  return async (stage) => {
    const { access } = await stage.person();
    return { method, path, access, ...(body !== undefined && { body }) };
  };
}

const anonymous =
  (path: string): Prepare =>
  async () => ({ method: 'GET', path });

const accounts = {
  registerUser: async () => ({
    method: 'POST',
    path: '/users/auth/register/',
    body: { username: `newcomer-${Date.now()}`, password: 'copper-lantern-71' },
  }),
  loginUser: async (stage) => {
    const { username, password } = await stage.person();
    return { method: 'POST', path: '/users/auth/login/', body: { username, password } };
  },
  refreshTokens: async (stage) => {
    const { refresh } = await stage.person();
    return { method: 'POST', path: '/users/token/refresh/', body: { refresh } };
  },
  logoutUser: async (stage) => {
    const { refresh } = await stage.person();
    return { method: 'POST', path: '/users/auth/logout/', body: { refresh } };
  },
  listSessions: signedIn('GET', '/users/auth/sessions/'),
  endSessions: signedIn('DELETE', '/users/auth/sessions/'),
  endSession: async (stage) => {
    const { access } = await stage.person();
    const [session] = await stage.call('GET', '/users/auth/sessions/', access);
    return { method: 'DELETE', path: `/users/auth/sessions/${session.session_id ?? session.id}/`, access };
  },
  changePassword: async (stage) => {
    const { access, password } = await stage.person();
    return {
      method: 'POST',
      path: '/users/auth/password/',
      access,
      body: { old_password: password, new_password: 'silver-harbour-42' },
    };
  },
  getProfile: signedIn('GET', '/users/auth/profile/'),
  updateProfile: signedIn('PATCH', '/users/auth/profile/', { first_name: 'Ann' }),
  deleteAccount: async (stage) => {
    const { access, password } = await stage.person();
    return { method: 'DELETE', path: '/users/auth/profile/', access, body: { password } };
  },
  exportAccount: signedIn('GET', '/users/auth/export/'),
  findUsers: signedIn('GET', '/users/?username=bench'),
} satisfies Partial<Record<OperationName, Prepare>>;

const rooms = {
  listRooms: async (stage) => {
    const person = await stage.person();
    for (let made = 0; made < 50; made += 1) await stage.room(person);
    return { method: 'GET', path: '/chat/rooms/?limit=50' };
  },
  listMyRooms: async (stage) => {
    const person = await stage.person();
    for (let made = 0; made < 50; made += 1) {
      const room = await stage.room(person);
      await stage.message(person, room);
    }
    return { method: 'GET', path: '/chat/rooms/mine/?limit=50', access: person.access };
  },
  createRoom: async (stage) => {
    const { access } = await stage.person();
    return { method: 'POST', path: '/chat/rooms/create/', access, body: { room_name: `made-${Date.now()}` } };
  },
  getRoom: async (stage, listeners) => {
    const { person, path } = await inRoom(stage, listeners);
    return { method: 'GET', path, access: person.access };
  },
  listMembers: async (stage, listeners) => {
    const { person, path } = await inRoom(stage, listeners);
    return { method: 'GET', path: `${path}members/`, access: person.access };
  },
  openDirectRoom: async (stage) => {
    const [one, other] = (await stage.people(2)) as [Person, Person];
    return { method: 'POST', path: `/chat/dm/${other.id}`, access: one.access };
  },
} satisfies Partial<Record<OperationName, Prepare>>;

const messages = {
  listMessages: async (stage, listeners) => {
    const { person, room, path } = await inRoom(stage, listeners);
    for (let sent = 0; sent < 50; sent += 1) await stage.message(person, room);
    return { method: 'GET', path: `${path}messages/?limit=50`, access: person.access };
  },
  listReaders: async (stage, listeners) => {
    const { person, id, path } = await withMessage(stage, listeners);
    await stage.call('POST', `${path}read/`, person.access, { message_id: id });
    return { method: 'GET', path: `${path}read/`, access: person.access };
  },
  createTicket: signedIn('POST', '/chat/ws-ticket/', {}),
} satisfies Partial<Record<OperationName, Prepare>>;

/** What everybody in the room hears of, or loses. */
const heard = {
  updateRoom: async (stage, listeners) => {
    const { person, path } = await inRoom(stage, listeners);
    return { method: 'PATCH', path, access: person.access, body: { description: text } };
  },
  deleteRoom: async (stage, listeners) => {
    const { person, path } = await withMessage(stage, listeners);
    return { method: 'DELETE', path, access: person.access };
  },
  addMember: async (stage, listeners) => {
    const [owner, other] = (await stage.people(2)) as [Person, Person];
    const { room_id } = await stage.privateRoom(owner, listeners);
    const path = `/chat/rooms/${room_id}/members/add/`;
    return { method: 'POST', path, access: owner.access, body: { user_id: other.id } };
  },
  removeMember: async (stage, listeners) => {
    const [owner, other] = (await stage.people(2)) as [Person, Person];
    const { room_id } = await stage.privateRoom(owner, listeners);
    await stage.call('POST', `/chat/rooms/${room_id}/members/add/`, owner.access, { user_id: other.id });
    const path = `/chat/rooms/${room_id}/members/remove/${other.id}/`;
    return { method: 'DELETE', path, access: owner.access };
  },
  leaveRoom: async (stage, listeners) => {
    const [owner, other] = (await stage.people(2)) as [Person, Person];
    const { room_id } = await stage.privateRoom(owner, listeners);
    await stage.call('POST', `/chat/rooms/${room_id}/members/add/`, owner.access, { user_id: other.id });
    return { method: 'POST', path: `/chat/rooms/${room_id}/leave/`, access: other.access };
  },
  sendMessage: async (stage, listeners) => {
    const { person, path } = await inRoom(stage, listeners);
    return { method: 'POST', path: `${path}messages/`, access: person.access, body: { content: text } };
  },
  editMessage: async (stage, listeners) => {
    const { person, id } = await withMessage(stage, listeners);
    const path = `/chat/messages/${id}/edit/`;
    return { method: 'PATCH', path, access: person.access, body: { content: text } };
  },
  deleteMessage: async (stage, listeners) => {
    const { person, id } = await withMessage(stage, listeners);
    return { method: 'DELETE', path: `/chat/messages/${id}/delete/`, access: person.access };
  },
  markRead: async (stage, listeners) => {
    const { person, id, path } = await withMessage(stage, listeners);
    return { method: 'POST', path: `${path}read/`, access: person.access, body: { message_id: id } };
  },
} satisfies Partial<Record<OperationName, Prepare>>;

const documents = {
  showSwagger: anonymous('/swagger/'),
  getOpenapiJson: anonymous('/openapi.json'),
  getOpenapiYaml: anonymous('/openapi.yaml'),
  showWebsocketDocs: anonymous('/chat/websocket-docs/'),
  getAsyncapiYaml: anonymous('/asyncapi.yaml'),
  getHealth: anonymous('/health/'),
} satisfies Partial<Record<OperationName, Prepare>>;

function measured<Name extends OperationName>(
  dependsOnSize: boolean,
  all: Record<Name, Prepare>,
): Record<Name, HttpMeasurement> {
  const entries = Object.entries<Prepare>(all).map(([name, prepare]) => [name, { dependsOnSize, prepare }]);
  return Object.fromEntries(entries) as Record<Name, HttpMeasurement>;
}

/** Every operation: a row that is missing here does not compile. */
export const httpMeasurements: Record<OperationName, HttpMeasurement> = {
  ...measured(false, { ...accounts, ...rooms, ...messages, ...documents }),
  ...measured(true, heard),
};
