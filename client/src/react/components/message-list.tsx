/** The list of a room's messages: scrolls virtually, loads upwards, and shows what is new. */
/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- Messages take the
   focus like the articles of a feed, which is how keys reach those outside of the document and their buttons. */
import { useState, type ReactNode } from 'react';
import type { Room, RoomMessage } from '../../index.ts';
import { useMessages, type Messages } from '../use-messages.ts';
import { useUnread } from '../use-unread.ts';
import { DefaultMessage } from './default-message.tsx';
import { hiddenStyle } from './hidden-style.ts';
import { JumpButtons } from './jump-buttons.tsx';
import { englishStrings, type ComponentStrings } from './strings.ts';
import { spokenTextOf, useAnnouncement } from './use-announcement.ts';
import { useDivider, useScrollToDivider } from './use-divider.ts';
import { useMarkRead } from './use-mark-read.ts';
import { useMessageScroll } from './use-message-scroll.ts';
import { usePageVisible } from './use-page-visible.ts';
import { useRowFocus } from './use-row-focus.ts';

/** What a message is rendered with. */
export interface MessageContext {
  /** The message above it. */
  previous: RoomMessage | undefined;
  /** The functions that change messages. */
  actions: Messages;
}

/** The properties of `MessageList`. */
export interface MessageListProps {
  /** Of `useRoom`. */
  room: Room | undefined;
  /** Renders one message; by default with its sender, time, text and state. */
  renderMessage?: ((message: RoomMessage, context: MessageContext) => ReactNode) | undefined;
  /** Renders what is shown while there are no messages. */
  renderEmpty?: (() => ReactNode) | undefined;
  /** Whether messages count as read when they are in sight; true by default. */
  marksRead?: boolean | undefined;
  className?: string | undefined;
  strings?: Partial<ComponentStrings> | undefined;
}

/**
 * Shows the messages of a room in a list that scrolls virtually. It loads older messages when the user scrolls up and
 * keeps the position, follows new messages if the end is in sight, draws a line above those that are new, and
 * marks them as read once the end is in sight on a visible page. Up, Down, Home and End move from message to message.
 *
 * Its parts have no style but their positions. They are marked by `data-part`: `scroller`, `row`, `divider`, `older`,
 * `jump`. The scroller needs a height.
 *
 * @example
 * const { room } = useRoom('general');
 *
 * <MessageList room={room} className="messages" renderMessage={({ sender_username, content }) => (
 *   <p><b>{sender_username}</b> {content}</p>
 * )} />
 */
export function MessageList({ room, ...props }: MessageListProps) {
  const [shown, setShown] = useState({ room, count: 0 });
  // Another room starts with a list of its own.
  if (shown.room !== room) setShown({ room, count: shown.count + 1 });
  return <List key={shown.count} room={room} {...props} />;
}

function List({ room, renderMessage, renderEmpty, marksRead = true, className, strings }: MessageListProps) {
  const texts = { ...englishStrings, ...strings };
  const list = useMessages(room);
  const { messages } = list;
  const unread = useUnread(room);
  const active = useState<string>();
  const [activeKey, setActiveKey] = active;
  const scroll = useMessageScroll(list, activeKey);
  const { virtualizer, scroller, isAtEnd } = scroll;
  const isPageVisible = usePageVisible();
  const dividerKey = useDivider(unread, isPageVisible && isAtEnd);
  useScrollToDivider(messages, dividerKey, scroll);
  useMarkRead(unread, scroll, marksRead && isPageVisible);
  const { keyPressed, focusRow } = useRowFocus(messages, scroll, active);
  const announced = useAnnouncement(messages);
  // Before a row has had the focus, the Tab key leads to the newest one.
  const tabKey = messages.some(({ key }) => key === activeKey) ? activeKey : messages.at(-1)?.key;
  return (
    <div className={className} data-part="list">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={texts.messageList}
        aria-busy={list.isLoadingOlder}
        data-part="scroller"
        onScroll={scroll.scrolled}
        onKeyDown={keyPressed}
        style={{ overflowY: 'auto', overflowAnchor: 'none' }}
      >
        {messages.length === 0 && renderEmpty?.()}
        <div data-part="rows" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map(({ key, index, start }) => {
            const message = messages[index];
            if (message === undefined) return null;
            const context = { previous: messages[index - 1], actions: list };
            return (
              <article
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                data-part="row"
                tabIndex={message.key === tabKey ? 0 : -1}
                onFocus={() => setActiveKey(message.key)}
                style={{ position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${start}px)` }}
              >
                {message.key === dividerKey && <p data-part="divider">{texts.newMessages}</p>}
                {renderMessage?.(message, context) ?? (
                  <DefaultMessage message={message} actions={list} strings={texts} />
                )}
              </article>
            );
          })}
        </div>
      </div>
      <JumpButtons
        room={room}
        list={list}
        unread={unread}
        scroll={scroll}
        focusRow={focusRow}
        strings={texts}
      />
      <div aria-live="polite" data-part="announcement" style={hiddenStyle}>
        {announced && texts.announcement(announced.sender_username, spokenTextOf(announced))}
      </div>
    </div>
  );
}
