/** Read markers: one's own, moved sparingly and never backwards, and those of others as far as they were told. */
import type { ReadState } from '../../shared/contract/entities.ts';
import type { EventOf } from '../../shared/contract/websocket/events.ts';
import { asProblem } from '../problem.ts';
import { shownMessages, type RoomLog } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Clock } from '../system.ts';
import type { Reading } from './room-snapshot.ts';
import { countUnread, moveMarker, withoutDeleted, type ReadMarker } from './unread.ts';

export interface ReadMarkPorts {
  clock: Clock;
  log(): RoomLog;
  user(): SessionUser | undefined;
  markRead(roomId: string, messageId: string): Promise<ReadState>;
  readMarker(roomId: string): Promise<ReadMarker | undefined>;
  changed(): void;
}

/** Reading along writes at most this often. */
const writeMs = 1_000;
const writeAgainMs = 10_000;
const loadAgainMs = 3_000;

export class ReadMarks {
  readers: ReadonlyMap<string, Reading> = new Map();
  private readonly ports: ReadMarkPorts;
  private marker: ReadMarker | undefined;
  private wanted: { roomId: string; messageId: string } | undefined;
  private cancelWrite: (() => void) | undefined;
  private cancelLoad: (() => void) | undefined;

  constructor(ports: ReadMarkPorts) {
    this.ports = ports;
  }

  unread(userId: string | undefined): number {
    return countUnread(this.ports.log(), this.marker, userId);
  }

  /** Asks the server where one's own marker is. Never rejects: without it, nothing counts as unread. */
  async load(roomId: string): Promise<void> {
    try {
      const marker = await this.ports.readMarker(roomId);
      // Moved here meanwhile, and not written yet.
      if (this.wanted !== undefined) return;
      this.marker = marker;
      this.ports.changed();
    } catch (error) {
      asProblem(error);
    }
  }

  move(roomId: string, messageId?: string): void {
    const target = messageId ?? shownMessages(this.ports.log()).at(-1)?.message_id;
    if (target === undefined) return;
    const moved = moveMarker(this.ports.log(), this.marker, target);
    if (moved === this.marker) return;
    this.marker = moved;
    this.wanted = { roomId, messageId: target };
    this.ports.changed();
    this.cancelWrite ??= this.ports.clock.after(writeMs, () => void this.write());
  }

  heard({ room_id, user_id, username, message_id, read_at }: EventOf<'message_read'>): void {
    if (user_id === this.ports.user()?.id) {
      const isKnown = this.ports.log().messages.some((message) => message.message_id === message_id);
      if (isKnown) this.marker = moveMarker(this.ports.log(), this.marker, message_id);
      else this.loadSoon(room_id);
      return;
    }
    this.readers = new Map(this.readers).set(user_id, { username, message_id, read_at });
  }

  /** A message is about to be deleted: it no longer counts as unread. */
  deleted(roomId: string, messageId: string): void {
    const { marker } = this;
    if (marker === undefined || marker.unread_count === 0) return;
    const without = withoutDeleted(this.ports.log(), marker, { messageId, userId: this.ports.user()?.id });
    if (without === 'unknown') this.loadSoon(roomId);
    else this.marker = without;
  }

  /** Writes at once what was to be written soon: the room is being closed. */
  flush(): void {
    this.cancelWrite?.();
    if (this.wanted !== undefined) void this.write();
  }

  reset(): void {
    this.cancelWrite?.();
    this.cancelWrite = undefined;
    this.cancelLoad?.();
    this.cancelLoad = undefined;
    this.wanted = undefined;
  }

  /** Only the server can tell what that means for the count; it is asked once for several changes. */
  private loadSoon(roomId: string): void {
    this.cancelLoad ??= this.ports.clock.after(loadAgainMs, () => {
      this.cancelLoad = undefined;
      void this.load(roomId);
    });
  }

  private async write(): Promise<void> {
    const { wanted } = this;
    this.cancelWrite = undefined;
    if (wanted === undefined) return;
    try {
      await this.ports.markRead(wanted.roomId, wanted.messageId);
      if (this.wanted === wanted) this.wanted = undefined;
    } catch (error) {
      const { retryable } = asProblem(error);
      if (this.wanted !== wanted) return;
      if (retryable) this.cancelWrite = this.ports.clock.after(writeAgainMs, () => void this.write());
      else this.wanted = undefined;
    }
  }
}
