/** The buttons that lead to older messages, to the first unread message and to the newest one. */
import type { Room } from '../../index.ts';
import type { Messages } from '../use-messages.ts';
import { findFirstUnread, type Unread } from '../use-unread.ts';
import type { ComponentStrings } from './strings.ts';
import type { MessageScroll } from './use-message-scroll.ts';
import type { RowFocus } from './use-row-focus.ts';

export interface JumpButtonsProps {
  room: Room | undefined;
  list: Messages;
  unread: Unread;
  scroll: MessageScroll;
  focusRow: RowFocus['focusRow'];
  strings: ComponentStrings;
}

/** At most so many pages are loaded to reach the first unread message. */
const maxPages = 20;

export function JumpButtons({ room, list, unread, scroll, focusRow, strings }: JumpButtonsProps) {
  const { virtualizer, isAtEnd } = scroll;
  const firstVisible = virtualizer.range?.startIndex ?? 0;
  const firstUnread = list.messages.findIndex(({ key }) => key === unread.firstUnreadKey);
  const isUnreadAbove = unread.unread > 0 && firstUnread < firstVisible;
  async function jumpToUnread(): Promise<void> {
    const key = await loadFirstUnread(room);
    if (key !== undefined) focusRow(key, 'start');
  }
  return (
    <>
      {list.hasOlder && firstVisible === 0 && (
        <button type="button" data-part="older" disabled={list.isLoadingOlder} onClick={scroll.loadOlder}>
          {list.isLoadingOlder ? strings.loadingOlder : strings.loadOlder}
        </button>
      )}
      {isUnreadAbove && (
        <button type="button" data-part="jump" data-to="unread" onClick={() => void jumpToUnread()}>
          {strings.jumpToUnread(unread.unread)}
        </button>
      )}
      {!isAtEnd && (
        <button type="button" data-part="jump" data-to="newest" onClick={() => virtualizer.scrollToEnd()}>
          {strings.jumpToNewest(unread.unread)}
        </button>
      )}
    </>
  );
}

/** Loads older messages until the first unread one is among them. Returns the key of the oldest message otherwise. */
async function loadFirstUnread(room: Room | undefined): Promise<string | undefined> {
  if (room === undefined) return undefined;
  const find = (): string | undefined => findFirstUnread(room.getSnapshot())?.key;
  for (let page = 0; page < maxPages && find() === undefined && room.getSnapshot().hasOlder; page += 1) {
    try {
      await room.loadOlder();
    } catch {
      // The room was closed, which its state shows.
      break;
    }
  }
  return find() ?? room.messages[0]?.key;
}
