/** Makes the snapshot of a room from its state and its unsent messages. */
import type { Message } from '../contract/entities.ts';
import { shownMessages } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Uploads } from '../uploads/uploads.ts';
import type { OutboxEntry } from './outbox-store.ts';
import type { RoomParts } from './room-parts.ts';
import type { RoomMessage, RoomSnapshot } from './room-snapshot.ts';
import type { RoomState } from './room-state.ts';
import { problemOfEntry } from './sending.ts';

export function createSnapshot(
  { status, problem, roomId, name, log, presence }: RoomState,
  { sending, typing, readMarkers }: Pick<RoomParts, 'sending' | 'typing' | 'readMarkers'>,
  user: SessionUser | undefined,
  uploads: Uploads,
): RoomSnapshot {
  const stored = shownMessages(log).map((message) => viewStored(message, user));
  const unsent = sending.entries
    .filter(({ user_id }) => user_id === user?.id)
    .map((entry) =>
      viewUnsent(entry, user?.username ?? '', { room_id: roomId ?? '', ...uploads.viewOf(entry) }),
    );
  return {
    status,
    problem,
    room_id: roomId,
    name,
    messages: [...stored, ...unsent],
    hasOlder: log.hasOlder,
    users: presence.users,
    userCount: presence.count,
    typing: typing.others,
    unread: readMarkers.unread(user?.id),
    isUnreadKnown: readMarkers.isKnown,
    isMarkedUnread: readMarkers.isMarkedUnread,
    readers: readMarkers.readers,
  };
}

/** Keeps the view of a message that has not changed, so that a list does not render it again. */
const viewsOfStored = new WeakMap<Message, RoomMessage>();

function viewStored(message: Message, user: SessionUser | undefined): RoomMessage {
  const known = viewsOfStored.get(message);
  if (known !== undefined) return known;
  const { client_id, sender_id, message_id } = message;
  const view: RoomMessage = {
    ...message,
    key: client_id === undefined ? message_id : keyOf(sender_id, client_id),
    is_mine: sender_id === user?.id,
    state: 'sent',
  };
  viewsOfStored.set(message, view);
  return view;
}

/** Likewise for the entries of the outbox, which are replaced when anything about them changes. */
const viewsOfUnsent = new WeakMap<OutboxEntry, RoomMessage>();

function viewUnsent(
  entry: OutboxEntry,
  username: string,
  more: Pick<RoomMessage, 'room_id' | 'attachments'>,
): RoomMessage {
  const known = viewsOfUnsent.get(entry);
  if (known?.room_id === more.room_id) return known;
  const problem = problemOfEntry(entry);
  const view: RoomMessage = {
    key: keyOf(entry.user_id, entry.client_id),
    client_id: entry.client_id,
    message_id: null,
    seq: null,
    ...more,
    sender_id: entry.user_id,
    sender_username: username,
    content: entry.content,
    timestamp: entry.created_at,
    edited_at: null,
    is_deleted: false,
    is_mine: true,
    ...(problem === undefined ? { state: 'sending' } : { state: 'failed', problem }),
  };
  viewsOfUnsent.set(entry, view);
  return view;
}

/** Two senders may choose the same `client_id`. */
function keyOf(senderId: string, clientId: string): string {
  return `${senderId}/${clientId}`;
}
