/** A room's messages over HTTP, in pages. One that ends with its reading budget may be short, even empty. */
import type { Message } from '../../contract/entities.ts';
import type { Caller } from '../model.ts';
import type { RoomStore } from '../ports/rooms.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import { viewMessage } from '../views.ts';
import { isMessage, readBackward, readForward, type ReadPorts } from './read-log.ts';

export interface MessagePage {
  messages: Message[];
  /** The query of the next page, in the direction of reading. */
  next: { before: number } | { after: number } | undefined;
}

/** Throws `not_found`. */
export async function listMessages(
  ports: ReadPorts & { rooms: RoomStore },
  caller: Caller,
  roomId: string,
  { before, after, limit }: { before?: number | undefined; after?: number | undefined; limit: number },
): Promise<MessagePage> {
  const { head } = await findRoomFor('readMessages', ports, roomId, caller.userId);
  const reading = { roomId, limit, wants: isMessage };
  if (after !== undefined) {
    const { entries, hasMore, reached } = await readForward(ports, { ...reading, head }, after);
    return { messages: entries.map(viewMessage), next: hasMore ? { after: reached } : undefined };
  }
  const { entries, hasMore, reached } = await readBackward(
    ports,
    before === undefined ? { ...reading, head } : reading,
    before ?? Number.MAX_SAFE_INTEGER,
  );
  return { messages: entries.map(viewMessage), next: hasMore ? { before: reached } : undefined };
}
