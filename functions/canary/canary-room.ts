/** The canary's room: a private one for each check, deleted after it. */
import { randomUUID } from 'node:crypto';
import { callApi, type ChatAddresses } from './chat-api.ts';
import type { CanaryUser } from './canary-users.ts';

export interface CanaryRoom {
  id: string;
  name: string;
}

const namePrefix = 'canary-';

/** Creates a room with both users, after it has deleted those that interrupted checks have left. */
export async function openCanaryRoom(
  addresses: ChatAddresses,
  owner: CanaryUser,
  member: CanaryUser,
): Promise<CanaryRoom> {
  const { access: token } = owner;
  const mine = await callApi<{ room_id: string; room_name: string }[]>(addresses, {
    method: 'GET',
    path: '/chat/rooms/mine/',
    expected: [200],
    token,
  });
  for (const { room_id: id, room_name: name } of mine)
    if (name.startsWith(namePrefix)) await deleteCanaryRoom(addresses, owner, { id, name });

  const name = `${namePrefix}${randomUUID()}`;
  const { room_id: id } = await callApi<{ room_id: string }>(addresses, {
    method: 'POST',
    path: '/chat/rooms/create/',
    expected: [201],
    token,
    body: { room_name: name, is_private: true },
  });
  await callApi(addresses, {
    method: 'POST',
    path: `/chat/rooms/${id}/members/add/`,
    expected: [200],
    token,
    body: { user_id: member.id },
  });
  return { id, name };
}

/** A room that another check has deleted in the meantime is not an error. */
export async function deleteCanaryRoom(
  addresses: ChatAddresses,
  { access: token }: CanaryUser,
  { id }: CanaryRoom,
): Promise<void> {
  await callApi(addresses, { method: 'DELETE', path: `/chat/rooms/${id}/`, expected: [204, 404], token });
}
