/** Where the line above the new messages is. */
import { useLayoutEffect, useRef, useState } from 'react';
import type { RoomMessage } from '../../index.ts';
import type { Unread } from '../use-unread.ts';
import type { MessageScroll } from './use-message-scroll.ts';

interface Divider {
  key?: string | undefined;
  hadUnread?: boolean;
  /** The message that the line belongs above is not loaded yet. */
  isPending?: boolean;
}

type DividerInput = Pick<Unread, 'unread' | 'isKnown' | 'isMarkedUnread' | 'firstUnreadKey'>;

/**
 * Returns the key of the message that the line is above. It stays there after the messages were read, until others arrive
 * that the user does not see at once, or are marked as unread.
 *
 * @param isReading whether the user sees new messages as they arrive
 */
export function useDivider(
  { unread, isKnown, isMarkedUnread, firstUnreadKey }: DividerInput,
  isReading: boolean,
): string | undefined {
  const [divider, setDivider] = useState<Divider>({});
  const hasUnread = unread > 0;
  if (isMarkedUnread && firstUnreadKey !== undefined && divider.key !== firstUnreadKey) {
    setDivider({ key: firstUnreadKey, hadUnread: true });
  } else if (isKnown && divider.hadUnread !== hasUnread) {
    // What was unread when the room was opened has not been seen, wherever the list is.
    const isNew = hasUnread && (divider.hadUnread === undefined || !isReading);
    const isPending = isNew && firstUnreadKey === undefined;
    setDivider({ key: isNew ? firstUnreadKey : divider.key, hadUnread: hasUnread, isPending });
  } else if (divider.isPending === true && firstUnreadKey !== undefined) {
    setDivider({ key: firstUnreadKey, hadUnread: hasUnread });
  }
  return divider.key;
}

/** Scrolls to the line when it appears, unless the user has scrolled up to older messages. */
export function useScrollToDivider(
  messages: readonly RoomMessage[],
  dividerKey: string | undefined,
  { virtualizer, isAtEnd }: MessageScroll,
): void {
  const index = messages.findIndex(({ key }) => key === dividerKey);
  const seenKey = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (index === -1 || seenKey.current === dividerKey) return;
    seenKey.current = dividerKey;
    if (isAtEnd) virtualizer.scrollToIndex(index, { align: 'start' });
  }, [virtualizer, dividerKey, index, isAtEnd]);
}
