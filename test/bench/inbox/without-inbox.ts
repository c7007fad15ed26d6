/** The watches of a build without the live list of rooms: none is stored, and no room is watched. */
import type * as original from '../../../shared/domain/inbox/watch-rooms.ts';

export * from '../../../shared/domain/inbox/watch-rooms.ts';

export const isWatched: typeof original.isWatched = () => false;

export const watchNewMembership: typeof original.watchNewMembership = async () => undefined;

export const watchRoomForSockets: typeof original.watchRoomForSockets = async () => undefined;
