/** The hook for how far the other members of a room have read. */
import { useEffect, useMemo, useState } from 'react';
import { ChatProblem, type Reader, type Reading, type Room, type RoomSnapshot } from '../index.ts';
import { useSource } from './chat-context.ts';
import type { SourceSnapshot } from './client-source.ts';
import { useSelected } from './use-selected.ts';

/** The read markers of other members, by user id. */
export type Readings = ReadonlyMap<string, Reading>;

/**
 * Returns the read markers of the other members by user id. They are loaded when the room opens and when it is back after
 * a lost connection, and follow events in between. When they cannot be loaded, the map has those of the events alone.
 *
 * @param room of `useRoom`
 * @example
 * const readers = useReaders(room);
 * const seenBy = [...readers.values()].filter(({ message_id }) => message_id === message.message_id);
 *
 * <small>Seen by {seenBy.map(({ username }) => username).join(', ')}</small>
 */
export function useReaders(room: Room | undefined): Readings {
  const source = useSource();
  const userId = useSelected(source, selectUserId);
  const reported = useSelected(room, selectReaders);
  const liveRoomId = useSelected(room, selectLiveRoomId);
  const [loaded, setLoaded] = useState<{ room: Room | undefined; readers: Readings }>();
  useEffect(() => {
    if (liveRoomId === undefined) return undefined;
    let isCurrent = true;
    source.client.http.listReaders({ room_id: liveRoomId }).then(
      (list) => isCurrent && setLoaded({ room, readers: readingsOf(list) }),
      (error: unknown) => {
        // The readings of events are shown without the others.
        if (!(error instanceof ChatProblem)) throw error;
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [source, room, liveRoomId]);
  const stored = loaded?.room === room ? loaded?.readers : undefined;
  return useMemo(() => merge(stored ?? none, reported, userId), [stored, reported, userId]);
}

const none: Readings = new Map();

function readingsOf(list: readonly Reader[]): Readings {
  const readings = new Map<string, Reading>();
  for (const { user_id: id, username, last_read_message_id: messageId, read_at: readAt } of list)
    if (messageId !== null && readAt !== null)
      readings.set(id, { username, message_id: messageId, read_at: readAt });
  return readings;
}

/** Returns the later one of both readings of each other user. */
function merge(stored: Readings, reported: Readings, userId: string | undefined): Readings {
  const merged = new Map(stored);
  for (const [id, reading] of reported) {
    const before = stored.get(id);
    if (before === undefined || Date.parse(reading.read_at) >= Date.parse(before.read_at))
      merged.set(id, reading);
  }
  if (userId !== undefined) merged.delete(userId);
  return merged;
}

function selectUserId(snapshot: SourceSnapshot | undefined): string | undefined {
  return snapshot?.user?.id;
}

function selectReaders(snapshot: RoomSnapshot | undefined): Readings {
  return snapshot?.readers ?? none;
}

/** The id of the room while it is up to date. */
function selectLiveRoomId(snapshot: RoomSnapshot | undefined): string | undefined {
  return snapshot?.status === 'live' ? snapshot.room_id : undefined;
}
