/** Creates named rooms, for an HTTP request or for the first socket that opens a room by its name. */
import type { Room as RoomView } from '../../contract/entities.ts';
import { watchNewMembership, type WatchNewMembershipPorts } from '../inbox/watch-rooms.ts';
import { noSeqs } from '../messages/unread.ts';
import type { Caller } from '../model/accounts.ts';
import type { Head, Room } from '../model/rooms.ts';
import type { RoomStore } from '../ports/rooms.ts';
import type { Clock, Random } from '../ports/system.ts';
import type { UserRates } from '../rate-limits/user-rates.ts';
import { viewRoom } from '../views.ts';
import { newOwner } from './membership/join-room.ts';

export interface NewRoom {
  name: string;
  description: string;
  isPrivate: boolean;
}

export interface CreateRoomPorts extends WatchNewMembershipPorts {
  rooms: RoomStore;
  clock: Clock;
  random: Random;
  rates: UserRates;
}

/** @throws ChatError `room_name_taken`, `rate_limited`. */
export async function createRoom(ports: CreateRoomPorts, caller: Caller, input: NewRoom): Promise<RoomView> {
  return viewRoom(await storeNewRoom(ports, caller, input), undefined);
}

/** Stores a new room with the caller as its owner. @throws ChatError `room_name_taken`, `rate_limited`. */
export async function storeNewRoom(
  ports: CreateRoomPorts,
  caller: Pick<Caller, 'userId' | 'username'>,
  { name, description, isPrivate }: NewRoom,
): Promise<Room> {
  const { rooms, clock, random, rates } = ports;
  await rates.spend('rooms', caller.userId);
  const room: Room = {
    roomId: random.uuid(),
    name,
    description,
    createdAtMs: clock.now(),
    creatorId: caller.userId,
    creatorUsername: caller.username,
    isPrivate,
    isDirect: false,
    memberCount: 1,
  };
  await rooms.create(room, [newOwner(room, caller)], []);
  await watchNewMembership(ports, caller.userId, room.roomId);
  return room;
}

/** Returns the head of a room whose log is still empty. */
export function emptyHead(roomId: string): Head {
  return {
    roomId,
    seq: 0,
    messageSeqs: 0,
    voids: 0,
    dead: noSeqs,
    lastMessageSeq: 0,
    lastAtMs: 0,
    shards: 1,
    rightsSeq: 0,
  };
}
