/** Tells the user of new messages while the tab is hidden: by a number in its title, and by notifications if allowed. */
import { useEffect, useRef } from 'react';
import type { ListedRoom } from 'serverless-chat-client';
import { useChat, type Rooms } from 'serverless-chat-client/react';
import { strings } from '../strings.ts';
import { previewOf } from './preview.ts';
import { go } from './route.ts';

export function useNotifications({ rooms, unread }: Rooms): void {
  const { user } = useChat();
  useEffect(() => {
    document.title = unread > 0 ? strings.unreadTitle(unread, strings.title) : strings.title;
  }, [unread]);

  const known = useRef<readonly ListedRoom[]>([]);
  useEffect(() => {
    const before = known.current;
    known.current = rooms;
    if (document.visibilityState === 'visible' || !mayNotify()) return;
    for (const room of rooms) if (isNews(room, before, user?.id)) notify(room);
  }, [rooms, user]);
}

function mayNotify(): boolean {
  return 'Notification' in window && Notification.permission === 'granted';
}

/** Whether another user has written to the room since the list was shown before. */
function isNews(room: ListedRoom, before: readonly ListedRoom[], userId: string | undefined): boolean {
  const known = before.find(({ room_id: id }) => id === room.room_id);
  const message = room.last_message;
  if (known === undefined || message === null || message.sender_id === userId) return false;
  return message.seq > (known.last_message?.seq ?? 0);
}

function notify(room: ListedRoom): void {
  const { last_message: message } = room;
  const text = message === null ? '' : previewOf(message);
  const body = room.is_direct ? text : `${message?.sender_username ?? ''}: ${text}`;
  const notification = new Notification(room.display_name, { body, tag: room.room_id });
  notification.addEventListener('click', () => {
    window.focus();
    go({ view: 'room', roomId: room.room_id });
  });
}
