/** The read markers of a room: the user's own, which also moves back, and those of others as events report them. */
import type { ReadState } from '../contract/entities.ts';
import type { EventOf } from '../contract/events.ts';
import { asProblem } from '../problem.ts';
import { shownMessages, type RoomLog } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Clock } from '../system.ts';
import type { LoadReadMarker } from './load-read-marker.ts';
import type { Reading } from './room-snapshot.ts';
import { countUnread, markerAfterDeletion, moveMarker, type ReadMarker } from './unread.ts';

export interface ReadMarkersPorts {
  clock: Clock;
  log(): RoomLog;
  user(): SessionUser | undefined;
  markRead(roomId: string, messageId: string): Promise<ReadState>;
  loadReadMarker: LoadReadMarker;
  changed(): void;
}

/** The user's marker is written at most this often. */
const writeDelayMs = 1_000;
const rewriteDelayMs = 10_000;
/** Several changes within this time cause one request. */
const reloadDelayMs = 3_000;
/** For so long, events about the user's marker may be of before it was moved back here. */
const settleMs = 5_000;

export class ReadMarkers {
  readers: ReadonlyMap<string, Reading> = new Map();
  /** Whether the user's marker was loaded or moved, or could not be loaded. */
  isKnown = false;
  /** Messages were marked as unread, and since then nothing was sent or marked as read. */
  isMarkedUnread = false;
  readonly #ports: ReadMarkersPorts;
  #marker: ReadMarker | undefined;
  /** The move that the server has not confirmed yet. */
  #unwritten: { roomId: string; messageId: string } | undefined;
  #cancelWrite: (() => void) | undefined;
  #cancelReload: (() => void) | undefined;
  #settledAtMs = 0;

  constructor(ports: ReadMarkersPorts) {
    this.#ports = ports;
  }

  /** Whether messages can be counted. */
  get hasMarker(): boolean {
    return this.#marker !== undefined;
  }

  /** What is kept on the device: values that are replaced when they change. */
  get stored(): { marker: ReadMarker | undefined; readers: ReadonlyMap<string, Reading> } {
    return { marker: this.#marker, readers: this.readers };
  }

  restore({ marker, readers }: ReadMarkers['stored']): void {
    this.#marker = marker;
    this.readers = readers;
  }

  unread(userId: string | undefined): number {
    return countUnread(this.#ports.log(), this.#marker, userId);
  }

  /** Loads the user's marker from the server. Never rejects: without a marker, no message counts as unread. */
  async load(roomId: string): Promise<void> {
    const settledAtMs = this.#settledAtMs;
    try {
      const marker = await this.#ports.loadReadMarker(roomId);
      // The user has moved the marker during the request.
      if (this.#unwritten === undefined && settledAtMs === this.#settledAtMs) this.#marker = marker;
    } catch (error) {
      asProblem(error);
    }
    this.isKnown = true;
    this.#ports.changed();
  }

  /** Moves the user's marker to that message, or to the newest one. */
  move(roomId: string, messageId?: string): void {
    this.isMarkedUnread = false;
    const target = messageId ?? shownMessages(this.#ports.log()).at(-1)?.message_id;
    if (target === undefined) return;
    const moved = moveMarker(this.#ports.log(), this.#marker, target);
    if (moved === this.#marker) return;
    this.#marker = moved;
    this.isKnown = true;
    this.#unwritten = { roomId, messageId: target };
    this.#ports.changed();
    this.#cancelWrite ??= this.#ports.clock.after(writeDelayMs, () => void this.#write());
  }

  /** Writes a pending move of the user's marker, and then moves it back by that request. @throws {ChatProblem} */
  async moveBack(request: () => Promise<ReadState>): Promise<void> {
    this.#cancelWrite?.();
    await this.#write();
    const { last_read_message_id: message_id, unread_count } = await request();
    this.#movedBack({ message_id, unread_count });
    this.#settledAtMs = this.#ports.clock.now() + settleMs;
  }

  receiveUnread(event: EventOf<'message_unread'>): void {
    // A message that is not known here does not keep the list from leaving messages unread.
    if (this.#isUsable(event) || this.#ports.clock.now() >= this.#settledAtMs) this.#movedBack(event);
  }

  receive({ room_id, user_id, username, message_id, read_at }: EventOf<'message_read'>): void {
    if (user_id === this.#ports.user()?.id) {
      if (!this.#isUsable({ room_id, message_id })) return;
      this.isMarkedUnread = false;
      this.#marker = moveMarker(this.#ports.log(), this.#marker, message_id);
      return;
    }
    this.readers = new Map(this.readers).set(user_id, { username, message_id, read_at });
  }

  /** Corrects the unread count for a message that is about to be deleted from the log. */
  messageDeleted(roomId: string, messageId: string): void {
    const marker = this.#marker;
    if (marker === undefined || marker.unread_count === 0) return;
    const userId = this.#ports.user()?.id;
    const corrected = markerAfterDeletion(this.#ports.log(), marker, { messageId, userId });
    if (corrected === 'unknown') this.#reloadSoon(roomId);
    else this.#marker = corrected;
  }

  /** Writes a pending move at once, since the room is being closed. */
  flush(): void {
    this.#cancelWrite?.();
    if (this.#unwritten !== undefined) void this.#write();
  }

  reset(): void {
    this.#forgetWrite();
    this.#cancelReload?.();
    this.#cancelReload = undefined;
  }

  #forgetWrite(): void {
    this.#cancelWrite?.();
    this.#cancelWrite = undefined;
    this.#unwritten = undefined;
  }

  #movedBack({ message_id, unread_count }: Omit<ReadMarker, 'counted_to'>): void {
    this.#forgetWrite();
    this.#marker = { message_id, unread_count, counted_to: this.#ports.log().messages.at(-1)?.seq ?? 0 };
    this.isMarkedUnread = true;
    this.isKnown = true;
    this.#ports.changed();
  }

  /**
   * Whether an event of the user's marker can be applied. The server is asked when the event may be older than what was done
   * here a moment ago, or names a message that is not known here.
   */
  #isUsable({ room_id, message_id }: { room_id: string; message_id: string | null }): boolean {
    const isKnown =
      message_id === null || this.#ports.log().messages.some((message) => message.message_id === message_id);
    if (isKnown && this.#ports.clock.now() >= this.#settledAtMs) return true;
    this.#reloadSoon(room_id);
    return false;
  }

  /** Reloads the marker after a change to messages that are not known here, which only the server can count. */
  #reloadSoon(roomId: string): void {
    this.#cancelReload ??= this.#ports.clock.after(reloadDelayMs, () => {
      this.#cancelReload = undefined;
      void this.load(roomId);
    });
  }

  async #write(): Promise<void> {
    const unwritten = this.#unwritten;
    this.#cancelWrite = undefined;
    if (unwritten === undefined) return;
    try {
      await this.#ports.markRead(unwritten.roomId, unwritten.messageId);
      if (this.#unwritten === unwritten) this.#unwritten = undefined;
    } catch (error) {
      const { retryable } = asProblem(error);
      if (this.#unwritten !== unwritten) return;
      if (retryable) this.#cancelWrite = this.#ports.clock.after(rewriteDelayMs, () => void this.#write());
      else this.#unwritten = undefined;
    }
  }
}
