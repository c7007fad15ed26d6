/** The measured requests, one for each operation of the HTTP contract, with what each of them needs. */

import type { OperationName } from '../../../shared/contract/http/operations.ts';
import type { Person, RoomView } from '../../chaos/harness/people.ts';
import type { Fixture } from './fixture.ts';

export interface HttpRequest {
  method: string;
  path: string;
  access?: string;
  body?: unknown;
}

/** Prepares what the request needs, in a room with this many subscribers, and returns it. */
type Prepare = (fixture: Fixture, subscribers: number) => Promise<HttpRequest>;

export interface HttpMeasurement {
  /** Whether the cost depends on the number of subscribers. */
  dependsOnSize: boolean;
  prepare: Prepare;
}

const text = 'a message of the usual length, made of a few more words';

async function inRoom(
  fixture: Fixture,
  subscribers: number,
): Promise<{ person: Person; room: RoomView; path: string }> {
  const person = await fixture.person();
  const room = await fixture.room(person, subscribers);
  return { person, room, path: `/chat/rooms/${room.room_id}/` };
}

async function withMessage(
  fixture: Fixture,
  subscribers: number,
): Promise<{ person: Person; id: string; path: string }> {
  const { person, room, path } = await inRoom(fixture, subscribers);
  return { person, path, id: await fixture.message(person, room) };
}

/** Prepares a request of a signed-in user. */
function signedIn(method: string, path: string, body?: unknown): Prepare {
  return async (fixture) => {
    const { access } = await fixture.person();
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
  loginUser: async (fixture) => {
    const { username, password } = await fixture.person();
    return { method: 'POST', path: '/users/auth/login/', body: { username, password } };
  },
  refreshTokens: async (fixture) => {
    const { refresh } = await fixture.person();
    return { method: 'POST', path: '/users/token/refresh/', body: { refresh } };
  },
  logoutUser: async (fixture) => {
    const { refresh } = await fixture.person();
    return { method: 'POST', path: '/users/auth/logout/', body: { refresh } };
  },
  listSessions: signedIn('GET', '/users/auth/sessions/'),
  endSessions: signedIn('DELETE', '/users/auth/sessions/'),
  endSession: async (fixture) => {
    const { access } = await fixture.person();
    const [session] = await fixture.call('GET', '/users/auth/sessions/', access);
    return { method: 'DELETE', path: `/users/auth/sessions/${session.session_id ?? session.id}/`, access };
  },
  changePassword: async (fixture) => {
    const { access, password } = await fixture.person();
    return {
      method: 'POST',
      path: '/users/auth/password/',
      access,
      body: { old_password: password, new_password: 'silver-harbour-42' },
    };
  },
  getProfile: signedIn('GET', '/users/auth/profile/'),
  updateProfile: signedIn('PATCH', '/users/auth/profile/', { first_name: 'Ann' }),
  createProfilePicture: signedIn('POST', '/users/auth/profile/picture/', { type: 'image/png', size: 9 }),
  removeProfilePicture: signedIn('DELETE', '/users/auth/profile/picture/'),
  deleteAccount: async (fixture) => {
    const { access, password } = await fixture.person();
    return { method: 'DELETE', path: '/users/auth/profile/', access, body: { password } };
  },
  exportAccount: signedIn('GET', '/users/auth/export/'),
  findUsers: signedIn('GET', '/users/?username=bench'),
} satisfies Partial<Record<OperationName, Prepare>>;

const rooms = {
  listRooms: async (fixture) => {
    const person = await fixture.person();
    for (let made = 0; made < 50; made += 1) await fixture.room(person);
    return { method: 'GET', path: '/chat/rooms/?limit=50' };
  },
  listMyRooms: async (fixture) => {
    const person = await fixture.person();
    for (let made = 0; made < 50; made += 1) {
      const room = await fixture.room(person);
      await fixture.message(person, room);
    }
    return { method: 'GET', path: '/chat/rooms/mine/?limit=50', access: person.access };
  },
  createRoom: async (fixture) => {
    const { access } = await fixture.person();
    return { method: 'POST', path: '/chat/rooms/create/', access, body: { room_name: `made-${Date.now()}` } };
  },
  getRoom: async (fixture, subscribers) => {
    const { person, path } = await inRoom(fixture, subscribers);
    return { method: 'GET', path, access: person.access };
  },
  listMembers: async (fixture, subscribers) => {
    const { person, path } = await inRoom(fixture, subscribers);
    return { method: 'GET', path: `${path}members/`, access: person.access };
  },
  openDirectRoom: async (fixture) => {
    const [one, other] = (await fixture.people(2)) as [Person, Person];
    return { method: 'POST', path: `/chat/dm/${other.id}`, access: one.access };
  },
} satisfies Partial<Record<OperationName, Prepare>>;

const messages = {
  listMessages: async (fixture, subscribers) => {
    const { person, room, path } = await inRoom(fixture, subscribers);
    for (let sent = 0; sent < 50; sent += 1) await fixture.message(person, room);
    return { method: 'GET', path: `${path}messages/?limit=50`, access: person.access };
  },
  listReaders: async (fixture, subscribers) => {
    const { person, id, path } = await withMessage(fixture, subscribers);
    await fixture.call('POST', `${path}read/`, person.access, { message_id: id });
    return { method: 'GET', path: `${path}read/`, access: person.access };
  },
  createUpload: async (fixture, subscribers) => {
    const { person, path } = await inRoom(fixture, subscribers);
    const body = { name: 'plan.png', type: 'image/png', size: 48_213 };
    return { method: 'POST', path: `${path}uploads/`, access: person.access, body };
  },
  getAttachment: async (fixture, subscribers) => {
    const { person, room } = await inRoom(fixture, subscribers);
    const [id] = await fixture.uploads(person, room, 1);
    await fixture.call('POST', `/chat/rooms/${room.room_id}/messages/`, person.access, {
      content: text,
      attachments: [id],
    });
    return { method: 'GET', path: `/chat/attachments/${id}/`, access: person.access };
  },
  listUnread: async (fixture) => {
    const person = await fixture.person();
    for (let made = 0; made < 50; made += 1) await fixture.message(person, await fixture.room(person));
    return { method: 'GET', path: '/chat/unread/', access: person.access };
  },
  createTicket: signedIn('POST', '/chat/ws-ticket/', {}),
  searchRoom: async (fixture, subscribers) => {
    const { person, room, path } = await inRoom(fixture, subscribers);
    for (let sent = 0; sent < 50; sent += 1) await fixture.message(person, room);
    return { method: 'GET', path: `${path}search/?from_user=${person.id}&limit=50`, access: person.access };
  },
  searchMyRooms: async (fixture) => {
    const person = await fixture.person();
    for (let made = 0; made < 50; made += 1) {
      const room = await fixture.room(person);
      await fixture.message(person, room);
    }
    return { method: 'GET', path: `/chat/search/?from_user=${person.id}&limit=50`, access: person.access };
  },
} satisfies Partial<Record<OperationName, Prepare>>;

/** Operations whose event is posted to every subscriber of the room. */
const published = {
  updateRoom: async (fixture, subscribers) => {
    const { person, path } = await inRoom(fixture, subscribers);
    return { method: 'PATCH', path, access: person.access, body: { description: text } };
  },
  deleteRoom: async (fixture, subscribers) => {
    const { person, path } = await withMessage(fixture, subscribers);
    return { method: 'DELETE', path, access: person.access };
  },
  addMember: async (fixture, subscribers) => {
    const [owner, other] = (await fixture.people(2)) as [Person, Person];
    const { room_id } = await fixture.privateRoom(owner, subscribers);
    const path = `/chat/rooms/${room_id}/members/add/`;
    return { method: 'POST', path, access: owner.access, body: { user_id: other.id } };
  },
  removeMember: async (fixture, subscribers) => {
    const [owner, other] = (await fixture.people(2)) as [Person, Person];
    const { room_id } = await fixture.privateRoom(owner, subscribers);
    await fixture.call('POST', `/chat/rooms/${room_id}/members/add/`, owner.access, { user_id: other.id });
    const path = `/chat/rooms/${room_id}/members/remove/${other.id}/`;
    return { method: 'DELETE', path, access: owner.access };
  },
  leaveRoom: async (fixture, subscribers) => {
    const [owner, other] = (await fixture.people(2)) as [Person, Person];
    const { room_id } = await fixture.privateRoom(owner, subscribers);
    await fixture.call('POST', `/chat/rooms/${room_id}/members/add/`, owner.access, { user_id: other.id });
    return { method: 'POST', path: `/chat/rooms/${room_id}/leave/`, access: other.access };
  },
  sendMessage: async (fixture, subscribers) => {
    const { person, path } = await inRoom(fixture, subscribers);
    return { method: 'POST', path: `${path}messages/`, access: person.access, body: { content: text } };
  },
  editMessage: async (fixture, subscribers) => {
    const { person, id } = await withMessage(fixture, subscribers);
    const path = `/chat/messages/${id}/edit/`;
    return { method: 'PATCH', path, access: person.access, body: { content: text } };
  },
  deleteMessage: async (fixture, subscribers) => {
    const { person, id } = await withMessage(fixture, subscribers);
    return { method: 'DELETE', path: `/chat/messages/${id}/delete/`, access: person.access };
  },
  markUnread: async (fixture, subscribers) => {
    const { person, id, path } = await withMessage(fixture, subscribers);
    await fixture.call('POST', `${path}read/`, person.access, { message_id: id });
    return { method: 'POST', path: `${path}unread/`, access: person.access, body: { message_id: id } };
  },
  markRead: async (fixture, subscribers) => {
    const { person, id, path } = await withMessage(fixture, subscribers);
    return { method: 'POST', path: `${path}read/`, access: person.access, body: { message_id: id } };
  },
} satisfies Partial<Record<OperationName, Prepare>>;

const documents = {
  showSwagger: anonymous('/swagger/'),
  getOpenapiJson: anonymous('/openapi.json'),
  getOpenapiYaml: anonymous('/openapi.yaml'),
  showWebsocketDocs: anonymous('/chat/websocket-docs/'),
  getAsyncapiYaml: anonymous('/asyncapi.yaml'),
  getPromisesHealth: anonymous('/health/promises/'),
  getHealth: anonymous('/health/'),
} satisfies Partial<Record<OperationName, Prepare>>;

function measured<Name extends OperationName>(
  dependsOnSize: boolean,
  all: Record<Name, Prepare>,
): Record<Name, HttpMeasurement> {
  const entries = Object.entries<Prepare>(all).map(([name, prepare]) => [name, { dependsOnSize, prepare }]);
  return Object.fromEntries(entries) as Record<Name, HttpMeasurement>;
}

/** Every operation of the contract; a missing one does not compile. */
export const httpMeasurements: Record<OperationName, HttpMeasurement> = {
  ...measured(false, { ...accounts, ...rooms, ...messages, ...documents }),
  ...measured(true, published),
};
