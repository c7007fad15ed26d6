/**
 * The lists of rooms of all tabs. The server sends `room_activity` for rooms that are not open on the socket, and a room that
 * one tab has open is open for all. So the tab that has it open tells the others; when it does not, they load their lists.
 */
import type { InboxCommand } from '../contract/commands.ts';
import type { EventOf } from '../contract/events.ts';
import { sharedRef } from './refs.ts';
import type { SharedChannel, TabCommand } from './shared-channel.ts';
import type { SharedRoom } from './shared-room.ts';
import type { RoomActivity } from './tab-messages.ts';

/** Longer than a tab takes to tell of a change, unless the browser has paused it. */
const patienceMs = 5_000;

export class SharedLists {
  readonly #channel: SharedChannel;
  /** The tabs that show a list, with the `ref` of their latest request. */
  readonly #listeners = new Map<number, string>();
  /** The server's answer, once it sends `room_activity` on this socket. */
  #granted: EventOf<'ready'> | undefined;
  /** For each open room, the seq up to which all lists show it. */
  readonly #told = new Map<SharedRoom, number>();
  #cancelCheck: (() => void) | undefined;

  constructor(channel: SharedChannel) {
    this.#channel = channel;
  }

  listen(tab: number, command: TabCommand<InboxCommand>): void {
    const { ref } = command;
    this.#listeners.set(tab, ref);
    if (this.#granted === undefined) this.#channel.toServer({ ...command, ref: sharedRef({ tab, ref }) });
    else this.#channel.toTabs([tab], [{ ...this.#granted, ref }]);
  }

  granted(event: EventOf<'ready'>): void {
    this.#granted = event;
  }

  /** A tab tells of a room that it has open. */
  told(event: RoomActivity, room: SharedRoom | undefined): void {
    const listeners = this.#listenersWithout(room);
    this.#channel.toTabs(listeners, [event]);
    if (room !== undefined) this.#told.set(room, Math.max(event.head, this.#told.get(room) ?? 0));
  }

  /** Something has arrived of a room: only the tabs that have it open show it in their lists. */
  changed(room: SharedRoom): void {
    if (this.#isBehind(room))
      this.#cancelCheck ??= this.#channel.clock.after(patienceMs, () => this.#reloadIfBehind());
  }

  /** A room is not open on the socket any more. */
  left(room: SharedRoom): void {
    if (this.#isBehind(room)) this.#reload();
    this.#told.delete(room);
  }

  tabClosed(tab: number): void {
    this.#listeners.delete(tab);
  }

  /** The socket has ended. */
  end(): void {
    this.#cancelCheck?.();
  }

  #listenersWithout(room: SharedRoom | undefined): number[] {
    return [...this.#listeners.keys()].filter((tab) => room?.tabs.has(tab) !== true);
  }

  /** Whether a list may not show the latest of the room. A list that is loaded later shows it. */
  #isBehind(room: SharedRoom): boolean {
    if (this.#listenersWithout(room).length === 0) this.#told.set(room, room.head);
    else if (!this.#told.has(room)) this.#told.set(room, 0);
    return room.head > (this.#told.get(room) ?? 0);
  }

  #reloadIfBehind(): void {
    this.#cancelCheck = undefined;
    const late = [...this.#told.keys()].filter((room) => this.#isBehind(room));
    for (const room of late) this.#told.set(room, room.head);
    if (late.length > 0) this.#reload();
  }

  /** A list is loaded after the server's answer, and also when that answer is repeated. */
  #reload(): void {
    for (const [tab, ref] of this.#listeners)
      if (this.#granted !== undefined) this.#channel.toTabs([tab], [{ ...this.#granted, ref }]);
  }
}
