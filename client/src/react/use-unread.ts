/** The hook for read markers: the user's own, and those of the other members. */
import { useCallback } from 'react';
import type { Reading, Room, RoomMessage, RoomSnapshot } from '../index.ts';
import { haveSameFields, useSelected } from './use-selected.ts';

/** What `useUnread` returns. */
export interface Unread {
  /** The number of messages by others after the user's read marker; 0 until that is known. */
  unread: number;
  /** Whether the read marker was loaded. Move it no earlier, so that the user sees what is new. */
  isKnown: boolean;
  /** The `key` of the oldest of these messages; undefined when there is none, or when it is not loaded. */
  firstUnreadKey: string | undefined;
  /** The read markers of other members as far as events reported them, by user id. `useReaders` has all of them. */
  readers: ReadonlyMap<string, Reading>;
  /** Whether the user has marked messages as unread since the room was opened: nothing should mark them as read by itself. */
  isMarkedUnread: boolean;
  /** Moves the user's read marker forward to that message, or to the newest one. */
  markRead: (message?: RoomMessage) => void;
  /** Marks a stored message and those after it as unread. Rejects with a `ChatProblem`. */
  markUnread: (message: RoomMessage) => Promise<void>;
}

/**
 * Returns how many messages of a room the user has not read, and a function that moves the read marker.
 *
 * @param room of `useRoom`
 * @example
 * const { unread, markRead } = useUnread(room);
 *
 * {unread > 0 && <button onClick={() => markRead()}>Mark {unread} messages as read</button>}
 */
export function useUnread(room: Room | undefined): Unread {
  const selected = useSelected(room, selectUnread, haveSameFields);
  const markRead = useCallback(
    (message?: RoomMessage) => room?.markRead(message?.message_id ?? undefined),
    [room],
  );
  const markUnread = useCallback(
    async ({ message_id: id }: RoomMessage) => {
      if (id !== null) await room?.markUnread(id);
    },
    [room],
  );
  return { ...selected, markRead, markUnread };
}

const noReaders: ReadonlyMap<string, Reading> = new Map();

function selectUnread(snapshot: RoomSnapshot | undefined): Omit<Unread, 'markRead' | 'markUnread'> {
  const { unread = 0, isUnreadKnown: isKnown = false, isMarkedUnread = false } = snapshot ?? {};
  const { readers = noReaders, messages = [] } = snapshot ?? {};
  return {
    unread,
    isKnown,
    isMarkedUnread,
    readers,
    firstUnreadKey: findFirstUnread({ messages, unread })?.key,
  };
}

/** Returns the oldest of the last `unread` messages that count as unread; undefined when it is not loaded. */
export function findFirstUnread({
  messages,
  unread,
}: Pick<RoomSnapshot, 'messages' | 'unread'>): RoomMessage | undefined {
  let left = unread;
  if (left === 0) return undefined;
  return messages.findLast((message) => {
    const counts = !message.is_mine && !message.is_deleted && message.state === 'sent';
    if (counts) left -= 1;
    return counts && left === 0;
  });
}
