/** The rows of the list of rooms, newest activity first, and the events that change them. */
import type { MyRoom, RoomDetails } from '../contract/entities.ts';
import type { EventOf, ServerEvent } from '../contract/events.ts';
import {
  hasNewMessage,
  newRow,
  rowOf,
  withActivity,
  withDetails,
  withOpenRoom,
  type OpenRoom,
  type Row,
} from './listed-room.ts';

/** `unknown`: the event is about a room that is not listed, so the list has to be loaded again. */
export type Effect = 'none' | 'changed' | 'unknown';

/** Rooms with more members cause no `room_activity`. */
const maxLiveMembers = 100;

export class RoomRows {
  /** By room id, in the order of the list. */
  #rows = new Map<string, Row>();
  /** The activity that arrived while the list was being loaded. */
  #arrived: EventOf<'room_activity'>[] | undefined;

  get all(): readonly Row[] {
    return Array.from(this.#rows.values());
  }

  /** Whether some rooms cause no events: those with many members, unless they are open. */
  haveSilent(open: readonly OpenRoom[]): boolean {
    const openIds = new Set(open.map(({ room_id }) => room_id));
    return this.all.some(({ room }) => room.member_count > maxLiveMembers && !openIds.has(room.room_id));
  }

  clear(): void {
    this.#rows = new Map();
    this.#arrived = undefined;
  }

  /** The list is being loaded: events that arrive from now on are applied to it again. */
  loading(): void {
    this.#arrived = [];
  }

  /** Shows the rooms that were loaded, in their order. */
  loaded(rooms: readonly MyRoom[], open: readonly OpenRoom[]): void {
    const known = this.#rows;
    const arrived = this.#arrived ?? [];
    this.#arrived = undefined;
    this.#rows = new Map(
      rooms.map((room) => {
        const row = rowOf(room);
        return [room.room_id, { ...row, head: Math.max(row.head, known.get(room.room_id)?.head ?? 0) }];
      }),
    );
    for (const event of arrived) this.receive(event, undefined);
    for (const room of open) this.show(room);
  }

  receive(event: ServerEvent, userId: string | undefined): Effect {
    if (event.type === 'room_activity') {
      this.#arrived?.push(event);
      return this.#update(event.room_id, (row) => withActivity(row, event)) ?? 'unknown';
    }
    if (event.type === 'room_updated')
      return this.#update(event.room_id, (row) => withDetails(row, event.room)) ?? 'none';
    if (event.type === 'room_deleted') return this.remove(event.room_id);
    const isAboutUser =
      (event.type === 'member_added' || event.type === 'member_removed') && event.member.id === userId;
    if (!isAboutUser) return 'none';
    if (event.type === 'member_removed') return this.remove(event.room_id);
    return event.room === undefined ? 'none' : this.add(event.room);
  }

  /** Adds a room to the top, or shows its new details. */
  add(room: RoomDetails): Effect {
    const changed = this.#update(room.room_id, (row) => withDetails(row, room));
    if (changed !== undefined) return changed;
    this.#rows = new Map([[room.room_id, newRow(room)], ...this.#rows]);
    return 'changed';
  }

  remove(roomId: string): Effect {
    return this.#rows.delete(roomId) ? 'changed' : 'none';
  }

  /** Shows a room as it is open. */
  show(room: OpenRoom): Effect {
    return this.#update(room.room_id, (row) => withOpenRoom(row, room)) ?? 'unknown';
  }

  /** Moves a row to the top when it shows a newer message. Returns undefined when the room is not listed. */
  #update(roomId: string, change: (row: Row) => Row): Effect | undefined {
    const before = this.#rows.get(roomId);
    if (before === undefined) return undefined;
    const after = change(before);
    if (after === before) return 'none';
    if (hasNewMessage(before, after)) {
      this.#rows.delete(roomId);
      this.#rows = new Map([[roomId, after], ...this.#rows]);
    } else this.#rows.set(roomId, after);
    return 'changed';
  }
}
