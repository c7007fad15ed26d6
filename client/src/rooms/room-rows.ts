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
  /** The seq with which the user lost each of these rooms: what is older must not bring them back. */
  #gone = new Map<string, number>();
  /** What happened while the list was being loaded. */
  #arrived: (() => Effect)[] | undefined;

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
    this.#gone = new Map();
    this.#arrived = undefined;
  }

  /** The list is being loaded: what happens from now on is applied to it again. */
  loading(): void {
    this.#arrived = [];
  }

  /** Shows the rooms that were loaded, in their order. Returns `unknown` when something else happened in a room that is missing. */
  loaded(rooms: readonly MyRoom[], open: readonly OpenRoom[]): Effect {
    const known = this.#rows;
    const arrived = this.#arrived ?? [];
    this.#arrived = undefined;
    this.#rows = new Map(
      rooms.map((room) => {
        const row = rowOf(room);
        const { head = 0, detailsSeq = 0, addedSeq = 0 } = known.get(room.room_id) ?? {};
        return [room.room_id, { ...row, head: Math.max(row.head, head), detailsSeq, addedSeq }];
      }),
    );
    const effects = arrived.map((apply) => apply());
    for (const room of open) this.show(room);
    return effects.includes('unknown') ? 'unknown' : 'changed';
  }

  receive(event: ServerEvent, userId: string | undefined): Effect {
    if (event.type === 'room_activity') return this.#apply(() => this.#showActivity(event));
    if (event.type === 'message_unread') return this.#apply(() => this.#showUnread(event));
    if (event.type === 'room_updated') return this.#apply(() => this.#showDetails(event));
    if (event.type === 'room_deleted') return this.remove(event.room_id, event.seq);
    const isAboutUser =
      (event.type === 'member_added' || event.type === 'member_removed') && event.member.id === userId;
    if (!isAboutUser) return 'none';
    if (event.type === 'member_removed') return this.remove(event.room_id, event.seq);
    return event.room === undefined ? 'none' : this.add(event.room, event.seq);
  }

  /** Adds a room to the top, or shows its new details. `seq` is missing when the user opened it over HTTP. */
  add(room: RoomDetails, seq?: number): Effect {
    return this.#apply(() => {
      const { room_id } = room;
      if (seq !== undefined && seq < (this.#gone.get(room_id) ?? 0)) return 'none';
      this.#gone.delete(room_id);
      const changed = this.#update(room_id, (row) => ({
        ...withDetails(row, room, seq ?? row.detailsSeq),
        addedSeq: Math.max(row.addedSeq, seq ?? 0),
      }));
      if (changed !== undefined) return changed;
      this.#rows = new Map([[room_id, newRow(room, seq ?? 0)], ...this.#rows]);
      return 'changed';
    });
  }

  /** Removes a room. `seq` is missing when the user left it over HTTP. */
  remove(roomId: string, seq?: number): Effect {
    return this.#apply(() => {
      const row = this.#rows.get(roomId);
      if (seq !== undefined && seq < (row?.addedSeq ?? 0)) return 'none';
      this.#gone.set(roomId, Math.max(seq ?? row?.head ?? 0, this.#gone.get(roomId) ?? 0));
      return this.#rows.delete(roomId) ? 'changed' : 'none';
    });
  }

  /** Shows a room as it is open. */
  show(room: OpenRoom): Effect {
    return this.#update(room.room_id, (row) => withOpenRoom(row, room)) ?? 'unknown';
  }

  #showActivity(event: EventOf<'room_activity'>): Effect {
    const goneSeq = this.#gone.get(event.room_id);
    if (goneSeq !== undefined && event.head <= goneSeq) return 'none';
    return this.#update(event.room_id, (row) => withActivity(row, event)) ?? 'unknown';
  }

  #showUnread({ room_id, message_id, unread_count }: EventOf<'message_unread'>): Effect {
    const marker = { unread_count, last_read_message_id: message_id };
    return this.#update(room_id, (row) => ({ ...row, room: { ...row.room, ...marker } })) ?? 'none';
  }

  #showDetails({ room_id, room, seq }: EventOf<'room_updated'>): Effect {
    return this.#update(room_id, (row) => withDetails(row, room, seq)) ?? 'none';
  }

  /** Applies a change, and again to the list that is being loaded, which may have been read before. */
  #apply(change: () => Effect): Effect {
    this.#arrived?.push(change);
    return change();
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
