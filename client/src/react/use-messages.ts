/** The hook for the messages of a room. */
import { useMemo, useState } from 'react';
import { ChatProblem, type Room, type RoomMessage, type RoomSnapshot, type Upload } from '../index.ts';
import { haveSameItems, useSelected } from './use-selected.ts';

/** What `useMessages` returns. */
export interface Messages {
  /** Oldest first. The user's own messages that are not stored yet come last. */
  messages: readonly RoomMessage[];
  /** Whether `loadOlder` would bring more messages. */
  hasOlder: boolean;
  isLoadingOlder: boolean;
  /** Adds one page of older messages. Rejects with a `ChatProblem` when the room is closed. */
  loadOlder: () => Promise<void>;
  /**
   * Shows the message at once and sends it as soon as possible, also after a lost connection. `attachments` are files of
   * `useUploads`. Returns its `key`. Throws a `ChatProblem` for content or files that the server would refuse.
   */
  send: (content: string, options?: { attachments?: readonly Upload[] }) => string;
  /** Replaces the content of the user's own message. Rejects with a `ChatProblem`. */
  edit: (message: RoomMessage, content: string) => Promise<void>;
  /** Deletes the user's own message, or discards it if it was not sent yet. Rejects with a `ChatProblem`. */
  remove: (message: RoomMessage) => Promise<void>;
  /** Sends a failed message again. */
  retry: (message: RoomMessage) => void;
  /** Removes a message that was not sent. */
  discard: (message: RoomMessage) => void;
}

/**
 * Returns the messages of a room, and functions that send and change them. The component renders when a message changes,
 * and not for typing, presence or read markers. The functions stay the same for as long as the room does.
 *
 * @param room of `useRoom`; without a room there are no messages
 * @example
 * const { room } = useRoom('general');
 * const { messages, send, retry } = useMessages(room);
 *
 * messages.map((message) => (
 *   <li key={message.key}>
 *     {message.sender_username}: {message.content}
 *     {message.state === 'failed' && <button onClick={() => retry(message)}>Try again</button>}
 *   </li>
 * ));
 */
export function useMessages(room: Room | undefined): Messages {
  const messages = useSelected(room, selectMessages, haveSameItems);
  const hasOlder = useSelected(room, selectHasOlder);
  const [loadingRoom, setLoadingRoom] = useState<Room>();
  const actions = useMemo(() => createActions(room, setLoadingRoom), [room]);
  const isLoadingOlder = room !== undefined && loadingRoom === room;
  return { messages, hasOlder, isLoadingOlder, ...actions };
}

type SetLoadingRoom = (change: (before: Room | undefined) => Room | undefined) => void;

function createActions(
  room: Room | undefined,
  setLoadingRoom: SetLoadingRoom,
): Omit<Messages, 'messages' | 'hasOlder' | 'isLoadingOlder'> {
  return {
    async loadOlder() {
      if (room === undefined) return;
      setLoadingRoom(() => room);
      try {
        await room.loadOlder();
      } finally {
        setLoadingRoom((loading) => (loading === room ? undefined : loading));
      }
    },
    send: (content, options) => assertOpen(room).send(content, options),
    edit: async (message, content) => assertOpen(room).edit(storedIdOf(message), content),
    async remove(message) {
      if (message.message_id !== null) await assertOpen(room).delete(message.message_id);
      else room?.discard(clientIdOf(message));
    },
    retry: (message) => room?.retry(clientIdOf(message)),
    discard: (message) => room?.discard(clientIdOf(message)),
  };
}

function assertOpen(room: Room | undefined): Room {
  if (room === undefined) throw new ChatProblem({ code: 'closed', detail: 'The room is not open yet' });
  return room;
}

function storedIdOf({ message_id: id }: RoomMessage): string {
  if (id === null) throw new ChatProblem({ code: 'not_found', detail: 'The message has not been sent yet' });
  return id;
}

/** Messages of other clients may have none. */
const clientIdOf = ({ client_id: id }: RoomMessage): string => id ?? '';

const none: readonly RoomMessage[] = [];

function selectMessages(snapshot: RoomSnapshot | undefined): readonly RoomMessage[] {
  return snapshot?.messages ?? none;
}

function selectHasOlder(snapshot: RoomSnapshot | undefined): boolean {
  return snapshot?.hasOlder ?? false;
}
