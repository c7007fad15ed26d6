/** The items that make room names unique: a room's name, what it looks like, and names that were given up. */
import { limits } from '../contract/limits.ts';
import { skeletonOf } from '../contract/room-names/lookalikes.ts';
import type { Room } from '../domain/model.ts';
import type { AccessPatterns } from './access-patterns.ts';
import { expiry, type Item } from './item.ts';
import { keys } from './keys.ts';
import type { Step } from './table.ts';

/** The rooms of a change of names: before it and after it, where it has a name then. */
export interface NameChange {
  before?: Room;
  after?: Room;
  at: number;
}

export interface NameSteps {
  take: Step[];
  free: Step[];
  /** Rooms from before looks were reserved have none to free: another room may hold the item. */
  freeLook: Step[];
}

const restMs = limits.roomNameRestDays * 24 * 60 * 60 * 1_000;

/**
 * The item of the name itself and, where the name does not look like that, one that keeps its look from others. Both are
 * under the key that the name would have, so that `general` needs no second item, and still conflicts with its
 * lookalikes. Names of direct rooms are made of ids: nobody chooses one that looks like another.
 */
function claimsOf(room: Room): Item[] {
  const name = { ...keys.roomName(room.name), room_id: room.roomId };
  const look = keys.roomName(skeletonOf(room.name));
  if (room.isDirect || look.pk === name.pk) return [name];
  return [name, { ...look, room_id: room.roomId, is_lookalike: true }];
}

const isLookalike = (claim: Item): boolean => claim['is_lookalike'] === true;

/** What a transaction does to names, so that each belongs to one room, and nobody gets what a room has just given up. */
export function nameSteps(db: AccessPatterns, { before, after, at }: NameChange): NameSteps {
  const wanted = after === undefined ? [] : claimsOf(after);
  const held = before === undefined ? [] : claimsOf(before);
  const isHeld = (claim: Item) =>
    held.some((own) => own['pk'] === claim['pk'] && isLookalike(own) === isLookalike(claim));
  const isWanted = (claim: Item) => wanted.some((own) => own['pk'] === claim['pk']);
  const given = held.filter((claim) => !isWanted(claim));
  const free = (claim: Item) => freeStep(db, claim, { before: before!, isRenamed: after !== undefined, at });
  return {
    take: wanted
      .filter((claim) => !isHeld(claim))
      .map((claim) => (isLookalike(claim) ? db.takeLook(claim, at) : db.takeName(claim, at))),
    free: given.filter((claim) => !isLookalike(claim)).map(free),
    freeLook: given.filter(isLookalike).map(free),
  };
}

function freeStep(
  db: AccessPatterns,
  claim: Item,
  { before, isRenamed, at }: { before: Room; isRenamed: boolean; at: number },
): Step {
  const restsUntil = at + restMs;
  if (before.isPrivate) {
    return db.giveUpName({ ...claim, freed_at: at, rests_until: restsUntil, ttl: expiry(restsUntil) });
  }
  // Whoever comes by the old name of a public room finds it, until somebody chooses that name for another one.
  return isRenamed && !isLookalike(claim) ? db.giveUpName({ ...claim, freed_at: at }) : db.freeName(claim);
}

/** Where the item of a name leads: to the room that has, or had, that name. */
export type NameMeaning =
  | { kind: 'room'; roomId: string; isCurrent: boolean; rests: boolean }
  /** No room has the name, and none may get it: it looks like another room's. */
  | { kind: 'lookalike' };

export function meaningOf(item: Item): NameMeaning {
  if (isLookalike(item)) return { kind: 'lookalike' };
  return {
    kind: 'room',
    roomId: item['room_id'] as string,
    isCurrent: item['freed_at'] === undefined,
    rests: item['rests_until'] !== undefined,
  };
}
