/** Moves the user's read marker as messages come into sight. */
import { useEffect } from 'react';
import type { Unread } from '../use-unread.ts';
import type { MessageScroll } from './use-message-scroll.ts';

/** @param isActive whether the user can see the list */
export function useMarkRead(
  { isKnown, isMarkedUnread, firstUnreadKey, markRead }: Unread,
  { isAtEnd, isEndInSight }: MessageScroll,
  isActive: boolean,
): void {
  // Messages that are not loaded have not been seen.
  const isDue = isActive && isKnown && !isMarkedUnread && firstUnreadKey !== undefined && isAtEnd;
  useEffect(() => {
    // The list may just have been scrolled to the first of the new messages.
    if (isDue && isEndInSight()) markRead();
  }, [isDue, isEndInSight, markRead]);
}
