/** Users that a command registers for its own use and deletes when it ends. */
import { randomBytes } from 'node:crypto';
import { callApi, type ChatAddresses } from '../../functions/canary/chat-api.ts';

export interface Guest {
  id: string;
  username: string;
  password: string;
  access: string;
}

export interface GuestRoom {
  id: string;
  name: string;
}

/** Returns a name that no other run uses. */
export const uniqueName = (prefix: string): string =>
  `${prefix}-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;

/** Registers a user, who is not signed in yet. */
export async function registerGuest(addresses: ChatAddresses, prefix: string): Promise<Guest> {
  const username = uniqueName(prefix);
  const password = randomBytes(18).toString('base64url');
  const { id } = await callApi<{ id: string }>(addresses, {
    method: 'POST',
    path: '/users/auth/register/',
    expected: [201],
    body: { username, password },
  });
  return { id, username, password, access: '' };
}

/** Signs the user in, which sets their access token. */
export async function signInGuest(addresses: ChatAddresses, guest: Guest): Promise<void> {
  const { access } = await callApi<{ access: string }>(addresses, {
    method: 'POST',
    path: '/users/auth/login/',
    expected: [200],
    body: { username: guest.username, password: guest.password },
  });
  guest.access = access;
}

/** Creates a private room with both users. */
export async function createGuestRoom(
  addresses: ChatAddresses,
  { owner, member, prefix }: { owner: Guest; member: Guest; prefix: string },
): Promise<GuestRoom> {
  const { room_id: id, room_name: name } = await callApi<{ room_id: string; room_name: string }>(addresses, {
    method: 'POST',
    path: '/chat/rooms/create/',
    expected: [201],
    token: owner.access,
    body: { room_name: uniqueName(prefix), is_private: true },
  });
  await callApi(addresses, {
    method: 'POST',
    path: `/chat/rooms/${id}/members/add/`,
    expected: [200],
    token: owner.access,
    body: { user_id: member.id },
  });
  return { id, name };
}

/** Deletes the room with everything in it. */
export async function deleteGuestRoom(
  addresses: ChatAddresses,
  owner: Guest,
  { id }: GuestRoom,
): Promise<void> {
  await callApi(addresses, {
    method: 'DELETE',
    path: `/chat/rooms/${id}/`,
    expected: [204],
    token: owner.access,
  });
}

/** Deletes the account. Its username stays reserved. */
export async function deleteGuest(addresses: ChatAddresses, { access, password }: Guest): Promise<void> {
  await callApi(addresses, {
    method: 'DELETE',
    path: '/users/auth/profile/',
    expected: [204],
    token: access,
    body: { password },
  });
}
