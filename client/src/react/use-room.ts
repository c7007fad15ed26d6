/** The hook that keeps a room open. */
import { useCallback, useMemo } from 'react';
import type { ChatProblem, Room, RoomSnapshot, RoomStatus } from '../index.ts';
import { useSource } from './chat-context.ts';
import type { SourceSnapshot } from './client-source.ts';
import { RoomHolder } from './room-holder.ts';
import { haveSameFields, useSelected } from './use-selected.ts';

/** The options of `useRoom`. */
export interface UseRoomOptions {
  /** Whether a public room that does not exist is created; true by default. */
  create?: boolean | undefined;
}

/** What `useRoom` returns. */
export interface OpenRoom {
  /**
   * The room, for the other hooks and for event handlers. Undefined for the first render, while no user is signed in, and
   * on a server; the other hooks accept that.
   */
  room: Room | undefined;
  status: RoomStatus;
  /** Why the room is closed. */
  problem: ChatProblem | undefined;
  /** The room's name as soon as it is known, and until then the name or id that was asked for. */
  name: string;
  /** Undefined until the room has been open once, unless it was asked for by its id. */
  roomId: string | undefined;
  /** Opens the room again after it was closed with a problem. */
  reopen: () => void;
}

/**
 * Keeps a room open while the component is mounted and a user is signed in.
 *
 * Several components may open the same room, and a component may switch from one room to another at any time. The room is
 * left a moment after its last component was unmounted.
 *
 * @param nameOrId the room's name or id; undefined opens none
 * @param options `create: false` opens only rooms that exist
 * @example
 * function Conversation({ name }: { name: string }) {
 *   const { room, status, problem } = useRoom(name);
 *   const { messages, send } = useMessages(room);
 *   if (status === 'closed') return <p>{problem?.detail}</p>;
 *   return <List messages={messages} onSend={send} />;
 * }
 */
export function useRoom(nameOrId: string | undefined, { create }: UseRoomOptions = {}): OpenRoom {
  const source = useSource();
  const userId = useSelected(source, selectUserId);
  const holder = useMemo(
    // A holder that has not been subscribed to has no room, so that no other room is shown after a switch.
    () =>
      nameOrId === undefined || userId === undefined ? undefined : new RoomHolder(source, nameOrId, create),
    [source, nameOrId, userId, create],
  );
  const room = useSelected(holder, selectOpenRoom);
  const { status, problem, name, roomId } = useSelected(room, selectRoom, haveSameFields);
  const reopen = useCallback(() => holder?.reopen(), [holder]);
  return { room, status, problem, name: name ?? nameOrId ?? '', roomId, reopen };
}

function selectUserId(snapshot: SourceSnapshot | undefined): string | undefined {
  return snapshot?.user?.id;
}

function selectOpenRoom(room: Room | undefined): Room | undefined {
  return room;
}

function selectRoom(snapshot: RoomSnapshot | undefined) {
  return {
    status: snapshot?.status ?? 'opening',
    problem: snapshot?.problem,
    name: snapshot?.name,
    roomId: snapshot?.room_id,
  };
}
