/** Three people and something for them to act on; what the table of operations is played with. */
import { deepStrictEqual } from 'node:assert/strict';
import { call, newRoom, newUser, type Answer, type TestUser } from '../api.ts';

export interface People {
  /** Makes the rooms, and says what is said in them. */
  owner: TestUser;
  member: TestUser;
  /** Belongs to none of the rooms. */
  stranger: TestUser;
}

export interface Fixture extends People {
  /** A private room of the owner and the member. */
  room: any;
  /** What the owner said there. */
  message: any;
}

export async function newPeople(): Promise<People> {
  const [owner, member, stranger] = await Promise.all([
    newUser('owner'),
    newUser('member'),
    newUser('stranger'),
  ]);
  return { owner, member, stranger };
}

/** A new room and a new message for the same people. */
export async function newFixture(people: People): Promise<Fixture> {
  const room = await newRoom(people.owner, { is_private: true });
  await addMember(people.owner, room, people.member);
  const message = await say(people.owner, room, 'what was said first');
  return { ...people, room, message };
}

export async function addMember(creator: TestUser, room: any, user: TestUser): Promise<void> {
  const added = await call('POST', `/chat/rooms/${room.room_id}/members/add/`, {
    token: creator.access,
    body: { user_id: user.id },
  });
  if (added.status !== 200) throw new Error(`adding a member: ${JSON.stringify(added.body)}`);
}

/** The message that was sent. */
export async function say(user: TestUser, room: any, content: string): Promise<any> {
  const sent = await call('POST', `/chat/rooms/${room.room_id}/messages/`, {
    token: user.access,
    body: { content },
  });
  if (sent.status !== 201) throw new Error(`sending: ${JSON.stringify(sent.body)}`);
  return sent.body;
}

/** The room's messages, oldest first. */
export async function history(user: TestUser, room: any, query = ''): Promise<any[]> {
  const answer = await get(user, `/chat/rooms/${room.room_id}/messages/${query}`);
  if (answer.status !== 200) throw new Error(`reading: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const get = (user: TestUser, path: string): Promise<Answer> =>
  call('GET', path, { token: user.access });

/** All that a request could have changed for the owner and their room, read back. */
export async function readBack({ owner, room }: Fixture): Promise<unknown[]> {
  const at = `/chat/rooms/${room.room_id}`;
  const paths = [`${at}/messages/`, `${at}/members/`, '/chat/rooms/mine/', '/users/auth/profile/'];
  const answers = await Promise.all(paths.map((path) => get(owner, path)));
  return answers.map(({ status, body }) => {
    if (status !== 200) throw new Error(`reading back: ${JSON.stringify(body)}`);
    return body;
  });
}

/** Fails when anything is different from what was read before. */
export async function expectUnchanged(before: unknown, fixture: Fixture): Promise<void> {
  deepStrictEqual(await readBack(fixture), before);
}

/** In rising order. */
export const statusesOf = (answers: Answer[]): number[] =>
  answers.map(({ status }) => status).sort((one, other) => one - other);
