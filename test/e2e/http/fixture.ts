/** Three users with a private room and a message: the state that the table of operations runs against. */
import { deepStrictEqual } from 'node:assert/strict';
import { afterAll, beforeAll } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { bodyOf } from '../../kit/request.ts';
import { addMember, newRoom, postMessage } from '../../kit/rooms.ts';
import { attachment, textFile, upload } from '../../kit/uploads.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';

export interface FixtureUsers {
  /** Creates the rooms and sends their messages. */
  owner: TestUser;
  member: TestUser;
  /** Is a member of none of the rooms. */
  stranger: TestUser;
}

export interface Fixture extends FixtureUsers {
  /** A private room of the owner and the member. */
  room: any;
  /** The owner's message in that room. */
  message: any;
  /** A checked upload of the owner in that room. */
  uploadId: string;
}

export async function newFixtureUsers(): Promise<FixtureUsers> {
  const [owner, member, stranger] = await Promise.all([
    newUser('owner'),
    newUser('member'),
    newUser('stranger'),
  ]);
  return { owner, member, stranger };
}

/** Creates a new room and a new message for the same users. */
export async function newFixture(users: FixtureUsers): Promise<Fixture> {
  const room = await newRoom(users.owner, { is_private: true });
  await addMember(users.owner, room, users.member);
  const message = await postMessage(users.owner, room, 'what was said first');
  const uploadId = await upload(users.owner, room, textFile());
  await eventually(() => bodyOf(200, attachment(users.owner, uploadId)));
  return { ...users, room, message, uploadId };
}

/** Reads everything that a request could have changed for the owner and their room. */
export async function readState({ owner, room }: Fixture): Promise<unknown[]> {
  const roomPath = `/chat/rooms/${room.room_id}`;
  const paths = [
    `${roomPath}/messages/`,
    `${roomPath}/members/`,
    '/chat/rooms/mine/',
    '/users/auth/profile/',
  ];
  const answers = await Promise.all(paths.map((path) => get(owner, path)));
  return answers.map(({ status, body }) => {
    if (status !== 200) throw new Error(`reading the state: ${JSON.stringify(body)}`);
    return body;
  });
}

/**
 * Declares that the tests of a file leave a fixture as it is, since all their requests are refused: creates it before
 * them and compares its state after them. The returned object has it once the tests run.
 */
export function useUnchangedFixture(): { readonly fixture: Fixture } {
  let fixture: Fixture;
  let before: unknown;
  beforeAll(async () => {
    fixture = await newFixture(await newFixtureUsers());
    before = await readState(fixture);
  });
  afterAll(() => expectUnchanged(before, fixture));
  return {
    get fixture() {
      return fixture;
    },
  };
}

/** Throws when the state differs from the one that was read before. */
export async function expectUnchanged(before: unknown, fixture: Fixture): Promise<void> {
  deepStrictEqual(await readState(fixture), before);
}
