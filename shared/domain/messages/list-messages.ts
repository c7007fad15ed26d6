/** Lists a room's messages in pages. A page that ends with its reading budget may be short, or even empty. */
import type { Message } from '../../contract/entities.ts';
import type { Caller } from '../model/accounts.ts';
import type { Page } from '../ports/page.ts';
import type { RoomStore } from '../ports/rooms.ts';
import { findRoomFor } from '../rooms/find-room.ts';
import type { ViewPorts } from '../files/view-attachments.ts';
import { viewMessages } from '../views.ts';
import { isMessage, readBackward, readForward, type ReadPorts } from './read-log.ts';

/** The query of the next page, in the direction of reading. */
export type NextMessages = { before: number } | { after: number };

/** @throws ChatError `not_found`. */
export async function listMessages(
  ports: ReadPorts & ViewPorts & { rooms: RoomStore },
  caller: Caller,
  roomId: string,
  { before, after, limit }: { before?: number | undefined; after?: number | undefined; limit: number },
): Promise<Page<Message, NextMessages>> {
  const { head } = await findRoomFor('readMessages', ports, roomId, caller.userId);
  const query = { roomId, limit, select: isMessage };
  if (after !== undefined) {
    const { entries, hasMore, reached } = await readForward(ports, { ...query, head }, after);
    return { items: await viewMessages(ports, entries), next: hasMore ? { after: reached } : undefined };
  }
  const { entries, hasMore, reached } = await readBackward(
    ports,
    before === undefined ? { ...query, head } : query,
    before ?? Number.MAX_SAFE_INTEGER,
  );
  return { items: await viewMessages(ports, entries), next: hasMore ? { before: reached } : undefined };
}
