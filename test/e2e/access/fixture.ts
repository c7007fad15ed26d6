/** Users of every kind and a room of every kind for them, with a message from each user who could send one. */
import { createHmac } from 'node:crypto';
import { inject } from 'vitest';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { eventually } from '../../kit/eventually.ts';
import { bodyOf } from '../../kit/request.ts';
import { addMember, newRoom } from '../../kit/rooms.ts';
import { attachment, sendFiles, textFile, upload } from '../../kit/uploads.ts';
import { login, newUser, type TestUser } from '../../kit/users.ts';
import type { Kind, Who } from './expectations.ts';

/** Part of every text that only members of a room may see. */
export const secretMarker = `marker${Math.random().toString(36).slice(2)}`;

export interface Fixture {
  kind: Kind;
  who: Who;
  /** The room, which may have been deleted or never have existed. */
  room: { room_id: string; room_name: string };
  creator: TestUser;
  member: TestUser;
  /** A user in none of the rooms, whom an action adds. */
  guest: TestUser;
  /** The user who acts, and their token; undefined for anonymous requests. */
  actor: TestUser | undefined;
  token: string | undefined;
  /** The id of the actor's own message, if there is one, and of another user's message. */
  own: string | undefined;
  others: string;
  files: {
    /** The attachment of a message of another user. */
    attached: string;
    /** Uploads that were not sent: of the actor, if they could declare any, and of another user. */
    own: readonly string[];
    others: string;
  };
}

type Users = Record<'creator' | 'member' | 'removed' | 'left' | 'stranger' | 'guest', TestUser>;

/** Registers the users for all fixtures of one kind of room. */
export async function newUsers(): Promise<Users> {
  const names = ['creator', 'member', 'removed', 'left', 'stranger', 'guest'] as const;
  const users = await Promise.all(names.map((name) => newUser(name)));
  return Object.fromEntries(names.map((name, at) => [name, users[at]])) as Users;
}

export async function newFixture(kind: Kind, who: Who, users: Users): Promise<Fixture> {
  const { creator, member, guest } = users;
  const { room, said, files } = await roomOf(kind, users);
  const actor = actorOf(who, users);
  const other = actor === creator ? member : creator;
  return {
    kind,
    who,
    room,
    creator,
    member,
    guest,
    actor,
    token: await tokenOf(who, users),
    own: actor && said.get(actor.id),
    others: said.get(other.id) ?? missingMessageId(room.room_id),
    files: {
      attached: files.get(other.id)?.attached ?? missingAttachmentId(room.room_id),
      own: (actor && files.get(actor.id)?.unsent) ?? [],
      others: files.get(other.id)?.unsent[0] ?? missingAttachmentId(room.room_id),
    },
  };
}

/** Sorts before the rooms of other tests, so that it is on the first page of the list. */
const listedFirst = (): string => uniqueName('---access');

interface Made {
  room: { room_id: string; room_name: string };
  /** The ids of the messages, by the id of their sender. */
  said: Map<string, string>;
  /** The uploads of users, by their ids: one that was sent, and some that were not. */
  files: Map<string, { attached: string; unsent: string[] }>;
}

async function roomOf(kind: Kind, users: Users): Promise<Made> {
  switch (kind) {
    case 'never existing':
      return {
        room: { room_id: crypto.randomUUID(), room_name: listedFirst() },
        said: new Map(),
        files: new Map(),
      };
    case 'never opened direct':
      return {
        room: { room_id: crypto.randomUUID(), room_name: `dm_${users.stranger.id}_${users.guest.id}` },
        said: new Map(),
        files: new Map(),
      };
    case 'direct':
      return directRoom(users.creator, users.member);
    case 'public':
    case 'private':
      return namedRoom(kind, users);
    case 'deleted public':
    case 'deleted private': {
      const made = await namedRoom(kind === 'deleted public' ? 'public' : 'private', users);
      await must(204, 'DELETE', `/chat/rooms/${made.room.room_id}/`, users.creator);
      return made;
    }
  }
}

async function namedRoom(
  kind: 'public' | 'private',
  { creator, member, removed, left }: Users,
): Promise<Made> {
  const isPrivate = kind === 'private';
  const request = { room_name: listedFirst(), description: secretMarker, is_private: isPrivate };
  const room = await newRoom(creator, request);
  const talkers = isPrivate ? [member, removed, left] : [member, left];
  if (isPrivate) for (const user of talkers) await addMember(creator, room, user);
  const posted = await postFromAll(room, [creator, ...talkers]);
  if (isPrivate) {
    await must(200, 'DELETE', `/chat/rooms/${room.room_id}/members/remove/${removed.id}/`, creator);
  }
  await must(204, 'POST', `/chat/rooms/${room.room_id}/leave/`, left);
  return { room, ...posted };
}

/** Opens the direct room of two users who have none yet. */
async function directRoom(one: TestUser, other: TestUser): Promise<Made> {
  const room = await must(200, 'POST', `/chat/dm/${other.id}/`, one);
  return { room, ...(await postFromAll(room, [one, other])) };
}

async function postFromAll(room: { room_id: string }, users: TestUser[]): Promise<Omit<Made, 'room'>> {
  const said: Made['said'] = new Map();
  const files: Made['files'] = new Map();
  for (const user of users) {
    const content = `${secretMarker} by ${user.username}`;
    const [attached, ...unsent] = await Promise.all(
      Array.from({ length: 3 }, () => upload(user, room, textFile(content))),
    );
    const message = await bodyOf(201, sendFiles(user, room, { content, attachments: [attached!] }));
    for (const id of unsent) await eventually(() => bodyOf(200, attachment(user, id)));
    said.set(user.id, message.message_id);
    files.set(user.id, { attached: attached!, unsent });
  }
  return { said, files };
}

async function must(status: number, method: string, path: string, { access }: TestUser): Promise<any> {
  const answer = await call(method, path, { token: access });
  if (answer.status !== status) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const missingAttachmentId = (roomId: string): string =>
  Buffer.concat([Buffer.from(roomId.replaceAll('-', ''), 'hex'), Buffer.alloc(16, 1)]).toString('base64url');

/** Returns the id that the first message of the room would have. */
function missingMessageId(roomId: string): string {
  const bytes = Buffer.alloc(22);
  Buffer.from(roomId.replaceAll('-', ''), 'hex').copy(bytes);
  bytes[21] = 1;
  return bytes.toString('base64url');
}

function actorOf(who: Who, { creator, member, removed, left, stranger }: Users): TestUser | undefined {
  switch (who) {
    case 'creator':
    case 'expired token':
      return creator;
    case 'member':
    case 'signed-out session':
      return member;
    case 'removed member':
      return removed;
    case 'member who left':
      return left;
    case 'stranger':
      return stranger;
    case 'anonymous':
      return undefined;
  }
}

async function tokenOf(who: Who, users: Users): Promise<string | undefined> {
  if (who === 'expired token') return expired(users.creator.access);
  if (who !== 'signed-out session') return actorOf(who, users)?.access;
  const session = await login(users.member.username, users.member.password);
  const { status } = await call('POST', '/users/auth/logout/', { body: { refresh: session.refresh } });
  if (status !== 204) throw new Error(`signing out: ${status}`);
  return session.access;
}

/** Returns the token as it would be ten minutes after its expiry: with earlier times and a new signature. */
function expired(token: string): string {
  const key = inject('signingKey');
  if (key === undefined) throw new Error('An expired token requires the signing key');
  const [head = '', body = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const shift = claims.exp - claims.iat + 600;
  for (const time of ['iat', 'nbf', 'exp']) claims[time] -= shift;
  const signed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
