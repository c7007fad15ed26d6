/** Tells the other tabs what a list of rooms shows of the rooms that are open here, as the server does for other rooms. */
import type { OpenRoom } from '../rooms/listed-room.ts';
import { previewOf } from '../rooms/preview-of.ts';
import type { Clock } from '../system.ts';
import type { RoomActivity } from './tab-messages.ts';

/** As often as the server. */
const intervalMs = 2_000;

interface Told {
  event: RoomActivity;
  /** Cancels the timer until the room may be reported again; undefined when it may be reported now. */
  cancelTimer: (() => void) | undefined;
  latest: RoomActivity;
}

export class ActivityOfOpenRooms {
  readonly #clock: Clock;
  readonly #tell: (event: RoomActivity) => void;
  readonly #rooms = new Map<string, Told>();

  constructor(clock: Clock, tell: (event: RoomActivity) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  roomChanged(room: OpenRoom): void {
    const latest = activityOf(room);
    const told = this.#rooms.get(room.room_id);
    if (told === undefined) this.#tellOf({ event: latest, latest, cancelTimer: undefined });
    else {
      told.latest = latest;
      if (told.cancelTimer === undefined && !isSame(told.event, latest)) this.#tellOf(told);
    }
  }

  /** Another socket serves the tabs: what was said before may be lost. */
  reset(): void {
    for (const { cancelTimer } of this.#rooms.values()) cancelTimer?.();
    this.#rooms.clear();
  }

  #tellOf(told: Told): void {
    told.event = told.latest;
    this.#rooms.set(told.event.room_id, told);
    this.#tell(told.event);
    told.cancelTimer = this.#clock.after(intervalMs, () => {
      told.cancelTimer = undefined;
      if (!isSame(told.event, told.latest)) this.#tellOf(told);
    });
  }
}

const activityOf = ({ room_id, head, unread, last }: OpenRoom): RoomActivity => ({
  type: 'room_activity',
  room_id,
  head,
  unread_count: unread,
  last_message: last === undefined ? null : previewOf(last),
});

const isSame = (one: RoomActivity, other: RoomActivity): boolean =>
  one.head === other.head &&
  one.unread_count === other.unread_count &&
  one.last_message?.seq === other.last_message?.seq &&
  one.last_message?.edited_at === other.last_message?.edited_at &&
  one.last_message?.is_deleted === other.last_message?.is_deleted;
