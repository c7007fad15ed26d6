/** Which names a change of a room takes and frees, so that each belongs to one room and those of private rooms stay reserved. */
import * as limits from '../contract/limits.ts';
import { skeletonOf } from '../contract/room-names/lookalikes.ts';
import type { Room } from '../domain/model/rooms.ts';
import { roomNameKey, roomNameSteps, type NameClaim } from './entities/room-name.ts';
import type { Step } from './table.ts';

/** The room before and after a change; absent when it did not exist or will not exist. */
export interface NameChange {
  before?: Room;
  after?: Room;
  at: number;
}

export interface NameSteps {
  take: Step[];
  free: Step[];
  /** Rooms from before lookalikes were reserved hold none to free: another room may hold the item. */
  freeLook: Step[];
}

const reservationMs = limits.roomNameReservationDays * 24 * 60 * 60 * 1_000;

/**
 * The name itself and, if the name looks like another one, a claim that keeps that look from others. Both are stored
 * under the key that such a name would have, so that `general` needs no second item and still conflicts with its
 * lookalikes. Names of direct rooms are made of ids, which no user chooses.
 */
function claimsOf(room: Room): NameClaim[] {
  const name = { key: roomNameKey(room.name), roomId: room.roomId, isLookalike: false };
  const look = roomNameKey(skeletonOf(room.name));
  if (room.isDirect || look.pk === name.key.pk) return [name];
  return [name, { key: look, roomId: room.roomId, isLookalike: true }];
}

export function nameSteps({ before, after, at }: NameChange): NameSteps {
  const needed = after === undefined ? [] : claimsOf(after);
  const held = before === undefined ? [] : claimsOf(before);
  const isHeld = ({ key, isLookalike }: NameClaim) =>
    held.some((own) => own.key.pk === key.pk && own.isLookalike === isLookalike);
  const isNeeded = ({ key }: NameClaim) => needed.some((own) => own.key.pk === key.pk);
  const freed = held.filter((claim) => !isNeeded(claim));
  const isRenamed = after !== undefined;
  const free = (claim: NameClaim) =>
    freeStep(claim, { isPrivate: before?.isPrivate === true, isRenamed, at });
  return {
    take: needed
      .filter((claim) => !isHeld(claim))
      .map((claim) =>
        claim.isLookalike ? roomNameSteps.takeLook(claim, at) : roomNameSteps.takeName(claim, at),
      ),
    free: freed.filter(({ isLookalike }) => !isLookalike).map(free),
    freeLook: freed.filter(({ isLookalike }) => isLookalike).map(free),
  };
}

function freeStep(
  claim: NameClaim,
  { isPrivate, isRenamed, at }: { isPrivate: boolean; isRenamed: boolean; at: number },
): Step {
  if (isPrivate) return roomNameSteps.reserve(claim, at, at + reservationMs);
  // The old name of a public room leads to it, until another room takes that name.
  return isRenamed && !claim.isLookalike ? roomNameSteps.forward(claim, at) : roomNameSteps.free(claim);
}
