/** What the list of rooms shows of a room that is open on this client. */
import type { RoomCore } from '../room/room-core.ts';
import { shownMessages } from '../room-log.ts';
import type { OpenRoom } from './listed-room.ts';

/** Returns undefined while the room may be out of date, or the user's read marker is not known. */
export function openRoomOf(core: RoomCore): OpenRoom | undefined {
  const { roomId, status, log } = core.state;
  if (roomId === undefined || status !== 'live' || !core.parts.readMarkers.hasMarker) return undefined;
  return {
    room_id: roomId,
    unread: core.getSnapshot().unread,
    last: shownMessages(log).at(-1),
    head: log.head,
  };
}
