/** What assistive technology reads aloud when messages arrive. */
import { useState } from 'react';
import type { RoomMessage } from '../../index.ts';

/**
 * Returns the newest message if another user has sent it since the list was first shown. The list itself is not read
 * aloud: it also changes when the user scrolls.
 */
export function useAnnouncement(messages: readonly RoomMessage[]): RoomMessage | undefined {
  const newest = messages.at(-1);
  const [heard, setHeard] = useState<{ key?: string | undefined; message?: RoomMessage | undefined }>({});
  if (newest !== undefined && newest.key !== heard.key) {
    const isNew = heard.key !== undefined && !newest.is_mine;
    setHeard({ key: newest.key, message: isNew ? newest : undefined });
  }
  return heard.message;
}

/** Returns the text of a message, with what its files show. */
export function spokenTextOf({ content, attachments = [] }: RoomMessage): string {
  return [content, ...attachments.map(({ alt, name }) => alt ?? name)]
    .filter((text) => text !== '')
    .join(', ');
}
