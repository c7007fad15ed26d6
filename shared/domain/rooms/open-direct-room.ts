/** Opens direct rooms: each pair of users has exactly one, even when both open it at the same time. */
import { createHash } from 'node:crypto';
import type { Room as RoomView } from '../../contract/entities.ts';
import { ChatError, invalidField } from '../chat-error.ts';
import { newMembershipEntry } from '../messages/new-entry.ts';
import type { Caller } from '../model/accounts.ts';
import type { Room } from '../model/rooms.ts';
import type { UserStore } from '../ports/accounts.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import type { UserRates } from '../rate-limits/user-rates.ts';
import { viewRoom, viewUser } from '../views.ts';
import { newMember, newOwner } from './membership/join-room.ts';
import { directRoomName, findPeer } from './peers.ts';

/** The namespace of the name-based UUIDs (RFC 9562, version 5) of direct rooms. */
const namespace = Buffer.from('6f0c1d0e5b7e4a4f9a0d2c6c1f3b8e57', 'hex');

/** Returns the same id for both users. */
export function directRoomId(userId: string, otherId: string): string {
  const digest = createHash('sha1').update(namespace).update(directRoomName(userId, otherId)).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export interface DirectRoomPorts {
  rooms: RoomStore;
  users: Pick<UserStore, 'get' | 'getMany'>;
  clock: Clock;
  rates: UserRates;
}

/** @throws ChatError `invalid_request` for the caller themselves, `not_found`, `rate_limited` when it must be created. */
export async function openDirectRoom(
  ports: DirectRoomPorts,
  caller: Caller,
  otherId: string,
): Promise<RoomView> {
  if (otherId === caller.userId) throw invalidField('target_user_id', 'must be another user');
  const roomId = directRoomId(caller.userId, otherId);
  return (await find(ports, roomId, caller)) ?? (await create(ports, roomId, caller, otherId));
}

async function find(ports: DirectRoomPorts, roomId: string, caller: Caller): Promise<RoomView | undefined> {
  const found = await ports.rooms.getWithMember(roomId, caller.userId);
  return found && viewRoom(found.room, found.head, await findPeer(ports, caller.userId, found.room));
}

async function create(
  ports: DirectRoomPorts,
  roomId: string,
  caller: Caller,
  otherId: string,
): Promise<RoomView> {
  const other = await ports.users.get(otherId);
  if (other === undefined) throw new ChatError('not_found');
  await ports.rates.spend('rooms', caller.userId);
  const now = ports.clock.now();
  const room: Room = {
    roomId,
    name: directRoomName(caller.userId, otherId),
    description: '',
    createdAtMs: now,
    creatorId: caller.userId,
    creatorUsername: caller.username,
    isPrivate: true,
    isDirect: true,
    memberCount: 2,
  };
  const members = [newOwner(room, caller), newMember(room, other, now)];
  const entries = members.map((member, index) =>
    newMembershipEntry({ roomId, seq: index + 1, messageSeqs: 0, lastAtMs: now }, 'member_added', member),
  );
  try {
    await ports.rooms.create(room, members, entries);
    return viewRoom(room, undefined, viewUser(other));
  } catch (error) {
    // The other user created it first: no other room can have this name.
    if (!(error instanceof ChatError) || error.code !== 'room_name_taken') throw error;
    const existing = await find(ports, roomId, caller);
    if (existing === undefined) throw new ChatError('try_again', { cause: error });
    return existing;
  }
}
