/** Creates rooms, adds members and sends messages over HTTP. */
import { call } from './deployment.ts';
import { uniqueName } from './names.ts';
import { bodyOf } from './request.ts';
import { get, type TestUser } from './users.ts';

export interface NewRoom {
  is_private?: boolean;
  room_name?: string;
  description?: string;
}

/** Creates a room; it is public and has a unique name by default. */
export const newRoom = (creator: TestUser, request: NewRoom = {}): Promise<any> =>
  bodyOf(
    201,
    call('POST', '/chat/rooms/create/', {
      token: creator.access,
      body: { room_name: uniqueName('room'), ...request },
    }),
  );

/** Creates a private room with further members. */
export async function newPrivateRoom(creator: TestUser, ...members: TestUser[]): Promise<any> {
  const room = await newRoom(creator, { is_private: true });
  for (const member of members) await addMember(creator, room, member);
  return room;
}

/** Adds a user to a private room. */
export async function addMember(
  owner: TestUser,
  room: { room_id: string },
  user: { id: string },
): Promise<void> {
  const body = { user_id: user.id };
  await bodyOf(200, call('POST', `/chat/rooms/${room.room_id}/members/add/`, { token: owner.access, body }));
}

/** Sends a message over HTTP and returns it as it is stored. */
export const postMessage = (sender: TestUser, room: { room_id: string }, content: string): Promise<any> =>
  bodyOf(
    201,
    call('POST', `/chat/rooms/${room.room_id}/messages/`, { token: sender.access, body: { content } }),
  );

/** Returns one page of the room's messages, oldest first. */
export const listMessages = (reader: TestUser, room: { room_id: string }, query = ''): Promise<any[]> =>
  bodyOf(200, get(reader, `/chat/rooms/${room.room_id}/messages/${query}`));
