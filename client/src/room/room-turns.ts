/**
 * Decides which room may join, leave or send now. A join by name may lead to any room, including one that is being left
 * or that other messages wait for, so such rooms take turns. So do two cores of one room: the gateway could pass on the
 * leave of a core that was closed after the join of the one that was opened instead.
 */
import type { OutboxEntry } from './outbox-store.ts';
import type { RoomCore } from './room-core.ts';

export function mayJoin(core: RoomCore, cores: readonly RoomCore[]): boolean {
  const { roomId, isRestoring } = core.state;
  return (
    !isRestoring &&
    cores.every(
      ({ state, parts }) => !parts.link.isLeaving || (roomId !== undefined && state.roomId !== roomId),
    )
  );
}

export function mayLeave(cores: readonly RoomCore[]): boolean {
  return cores.every(({ state, parts }) => state.roomId !== undefined || !parts.link.isJoining);
}

/** Returns false while a message that was written before waits for a room whose id is being looked up. */
export function isTurnOf(entry: OutboxEntry, cores: readonly RoomCore[]): boolean {
  const isAnyLeaving = cores.some(({ parts }) => parts.link.isLeaving);
  const isBeingLookedUp = ({ state, parts, shouldBeOpen }: RoomCore): boolean =>
    state.roomId === undefined &&
    (parts.link.isJoining || ((isAnyLeaving || state.isRestoring) && shouldBeOpen));
  return !cores.some((core) => isBeingLookedUp(core) && core.parts.sending.isWaitingBefore(entry));
}
