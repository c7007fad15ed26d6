/** Applies the server's events of one room to the room's state and parts. */
import type { EventOf, ServerEvent } from '../contract/events.ts';
import type { ChatProblem } from '../problem.ts';
import * as problems from '../problems.ts';
import { applyEvent, applyMessage, isLogEvent, raiseHead } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import { applyPresence } from './presence.ts';
import type { RoomParts } from './room-parts.ts';
import type { RoomState } from './room-state.ts';

export interface RoomEventsPorts {
  user: () => SessionUser | undefined;
  /** The room was deleted, or the user was removed from it. */
  close(problem: ChatProblem): void;
}

export class RoomEvents {
  readonly #state: RoomState;
  readonly #parts: RoomParts;
  readonly #ports: RoomEventsPorts;
  /** The seq of the last entry by which the user was added to the room. */
  #lastAddedSeq = 0;

  constructor(state: RoomState, parts: RoomParts, ports: RoomEventsPorts) {
    this.#state = state;
    this.#parts = parts;
    this.#ports = ports;
  }

  apply(event: ServerEvent): void {
    const state = this.#state;
    const parts = this.#parts;
    // This comes first: after the deletion, the log does not show whether the message counted as unread.
    if (event.type === 'message_deleted') parts.readMarkers.messageDeleted(event.room_id, event.message_id);
    if (isLogEvent(event)) state.log = applyEvent(state.log, event);
    this.#applyToParts(event);
  }

  #applyToParts(event: ServerEvent): void {
    const state = this.#state;
    const parts = this.#parts;
    switch (event.type) {
      case 'room_users_list':
      case 'user_join':
        state.presence = applyPresence(state.presence, event);
        return;
      case 'user_leave':
        state.presence = applyPresence(state.presence, event);
        parts.typing.remove(event.user_id);
        return;
      case 'typing_indicator':
        parts.typing.receive(event);
        return;
      case 'chat_message':
        parts.typing.remove(event.sender_id);
        if (event.client_id !== undefined && this.#isUser(event.sender_id))
          parts.sending.stored(event.client_id);
        return;
      case 'ack':
        this.#acknowledged(event);
        return;
      case 'message_read':
        parts.readMarkers.receive(event);
        return;
      case 'message_unread':
        parts.readMarkers.receiveUnread(event);
        return;
      case 'member_removed':
        if (this.#isUser(event.member.id) && event.seq > this.#lastAddedSeq) this.#userRemoved();
        return;
      case 'member_added':
        if (this.#isUser(event.member.id)) this.#lastAddedSeq = Math.max(this.#lastAddedSeq, event.seq);
        return;
      case 'room_updated':
        state.name = event.room.room_name;
        return;
      case 'room_deleted':
        this.#ports.close(problems.roomDeleted());
        return;
      case 'message_edited':
      case 'message_deleted':
      case 'member_updated':
      case 'room_activity':
      case 'ready':
      case 'left':
      case 'history_end':
      case 'pong':
      case 'error':
      case 'close':
        return;
    }
  }

  #acknowledged({ client_id, message_id, room_id, seq, timestamp, duplicate }: EventOf<'ack'>): void {
    const state = this.#state;
    const parts = this.#parts;
    // The server also sends the message itself, which has the addresses of its attachments.
    const hasAll =
      duplicate || parts.sending.entries.every((one) => one.client_id !== client_id || !one.files);
    const entry = client_id !== undefined && hasAll ? parts.sending.stored(client_id) : undefined;
    const user = this.#ports.user();
    // The original of a duplicate may have been edited since, so its content has to come from the history.
    if (duplicate || entry === undefined || user === undefined) {
      state.log = raiseHead(state.log, seq);
      return;
    }
    state.log = applyMessage(state.log, {
      message_id,
      room_id,
      seq,
      timestamp,
      sender_id: user.id,
      sender_username: user.username,
      content: entry.content,
      edited_at: null,
      is_deleted: false,
      client_id: entry.client_id,
    });
  }

  /**
   * In a history page, the removal may be old, and the user may have become a member again. Joining the room again shows
   * which.
   */
  #userRemoved(): void {
    const state = this.#state;
    const parts = this.#parts;
    if (state.status !== 'live' || parts.sync.isAwaitingHistory) {
      parts.sync.reopen();
      return;
    }
    this.#ports.close(problems.removed());
  }

  #isUser(userId: string): boolean {
    return userId === this.#ports.user()?.id;
  }
}
