/** Making rooms: by name, on request or at the first socket, and direct ones for a pair of users. */
import type { Room as RoomView } from '../../contract/entities.ts';
import type { Caller, Head, Room } from '../model.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { Clock, Random } from '../ports/system.ts';
import type { UserRates } from '../rate-limits/user-rates.ts';
import { noSeqs } from '../messages/unread.ts';
import { viewRoom } from '../views.ts';
import { firstMember } from './ensure-member.ts';

export interface NewRoom {
  name: string;
  description: string;
  isPrivate: boolean;
}

export interface CreatePorts {
  rooms: RoomStore;
  clock: Clock;
  random: Random;
  rates: UserRates;
}

/** Throws `room_name_taken`, `rate_limited`. */
export async function createRoom(ports: CreatePorts, caller: Caller, request: NewRoom): Promise<RoomView> {
  return viewRoom(await makeRoom(ports, caller, request), undefined);
}

/** Throws `room_name_taken`, `rate_limited`. */
export async function makeRoom(
  { rooms, clock, random, rates }: CreatePorts,
  caller: Pick<Caller, 'userId' | 'username'>,
  { name, description, isPrivate }: NewRoom,
): Promise<Room> {
  await rates.spend('rooms', caller.userId);
  const room: Room = {
    roomId: random.uuid(),
    name,
    description,
    createdAt: clock.now(),
    creatorId: caller.userId,
    creatorUsername: caller.username,
    isPrivate,
    isDirect: false,
    memberCount: 1,
  };
  await rooms.create(room, [firstMember(room, caller)], []);
  return room;
}

/** The head of a room whose log is still empty. */
export function emptyHead(roomId: string): Head {
  return {
    roomId,
    seq: 0,
    taken: 0,
    voids: 0,
    dead: noSeqs,
    lastMessageSeq: 0,
    lastAt: 0,
    shards: 1,
    rightsSeq: 0,
  };
}
