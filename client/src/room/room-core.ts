/**
 * One room of this client, shared by all of its views: opens and leaves it as views and unsent messages need, and keeps
 * it through lost sockets.
 */
import type { EventOf, ServerEvent } from '../contract/events.ts';
import type { ChatProblem } from '../problem.ts';
import * as problems from '../problems.ts';
import type { StoredRoom } from '../offline/stored-room.ts';
import { emptyLog, raiseHead, storedLog, type RoomLog } from '../room-log.ts';
import { createSnapshot } from './create-snapshot.ts';
import type { OutboxEntry, OutboxFile } from './outbox-store.ts';
import { Linger } from '../linger.ts';
import { emptyPresence } from './presence.ts';
import { RoomEvents } from './room-events.ts';
import { normalizeRoomKey, type RoomTarget } from './room-key.ts';
import { createRoomParts, type RoomParts, type RoomPartsPorts } from './room-parts.ts';
import type { RoomSnapshot, RoomStatus } from './room-snapshot.ts';
import { RoomState } from './room-state.ts';

export interface RoomCorePorts extends RoomPartsPorts {
  statusChanged(): void;
  /** Whether the room has an open view. */
  hasOpenView(): boolean;
  /** `ready` named the room. Returns false when another core has this room already and takes over from this one. */
  identified(roomId: string): boolean;
  /** The room is not open on the socket, and does not have to be. */
  left(): void;
}

export class RoomCore {
  /** The names and ids that the room was asked for by, normalized. */
  readonly keys: Set<string>;
  readonly state: RoomState;
  readonly parts: RoomParts;
  readonly #ports: RoomCorePorts;
  readonly #events: RoomEvents;
  readonly #linger: Linger;

  constructor(target: RoomTarget, ports: RoomCorePorts) {
    this.keys = new Set([normalizeRoomKey(target.key)]);
    this.#ports = ports;
    this.#linger = new Linger(ports.clock, () => this.parts.link.adjust());
    this.state = new RoomState(target);
    this.parts = createRoomParts({
      key: target.key,
      state: this.state,
      ports,
      handlers: {
        shouldBeOpen: () => this.shouldBeOpen,
        ready: (event) => this.#ready(event),
        caughtUp: () => this.#caughtUp(),
        interrupted: () => this.#interrupted(),
        refused: (problem) => this.close(problem, { keepsOutbox: problem.retryable }),
        left: () => ports.left(),
      },
    });
    this.#events = new RoomEvents(this.state, this.parts, {
      user: ports.user,
      close: (problem) => this.close(problem),
    });
  }

  /** Whether the room has to be open: for a view, for one that was closed a moment ago, or for an unsent message. */
  get shouldBeOpen(): boolean {
    const isNeeded = this.#ports.hasOpenView() || this.#linger.isActive || this.parts.sending.isWaiting;
    return this.state.status !== 'closed' && isNeeded;
  }

  /** Returns the same object until something changes. */
  getSnapshot(): RoomSnapshot {
    this.state.snapshot ??= createSnapshot(this.state, this.parts, this.#ports.user(), this.#ports.uploads);
    return this.state.snapshot;
  }

  /** Changes the log by something that did not come as an event. */
  updateLog(change: (log: RoomLog) => RoomLog): void {
    this.state.log = change(this.state.log);
    this.state.changed();
  }

  /** A view of the room was opened. */
  viewOpened(): void {
    this.#linger.stop();
    this.parts.link.adjust();
  }

  /** A view of the room was closed. */
  viewClosed(): void {
    this.parts.readMarkers.flush();
    if (!this.#ports.hasOpenView()) {
      this.parts.readMarkers.isMarkedUnread = false;
      this.state.snapshot = undefined;
    }
    this.#linger.start();
  }

  /** Puts a message into the outbox. Returns its `client_id`. */
  send(userId: string, content: string, files: readonly OutboxFile[]): string {
    const { roomId, name, mayCreate } = this.state;
    const target = roomId === undefined ? { create: mayCreate } : { room_id: roomId };
    const address = { room: name, ...target };
    const text = { ...address, user_id: userId, content };
    const entry = this.parts.sending.add(files.length === 0 ? text : { ...text, files });
    this.#adoptFiles([entry]);
    this.parts.typing.stopped({ wasSent: true });
    this.parts.readMarkers.isMarkedUnread = false;
    this.state.changed();
    return entry.client_id;
  }

  /** Removes a message that was not sent from the outbox. */
  discard(clientId: string): void {
    this.parts.sending.remove(clientId);
    this.parts.sending.flush();
    this.state.changed();
    this.parts.link.adjust();
  }

  /** Takes entries of the outbox that were written for this room before. */
  restore(entries: readonly OutboxEntry[]): void {
    this.parts.sending.restore(entries);
    this.state.changed();
    this.#adoptFiles(entries);
  }

  #adoptFiles(entries: readonly OutboxEntry[]): void {
    void this.#ports.uploads.useFor(entries, async (part) => {
      await part.adopt(entries);
      // They are shown anew, with their files.
      this.parts.sending.restore([]);
      this.state.changed();
    });
  }

  /** Shows the room as it was stored, unless more is known by now. Returns whether it does. */
  showStored(stored: StoredRoom): boolean {
    const { state, parts } = this;
    const isFresh = state.status === 'opening' && state.log.frontier === undefined && parts.link.isIdle;
    if (!isFresh || (state.roomId ?? stored.room_id) !== stored.room_id) return false;
    // Until the room is named, the name is the one that the user asked for.
    if (state.roomId !== undefined) state.name = stored.name;
    state.shownId = stored.room_id;
    state.log = raiseHead(storedLog(stored), state.log.head);
    parts.readMarkers.restore(stored);
    state.changed();
    return true;
  }

  socketOpened(): void {
    this.parts.link.attach();
    this.parts.link.adjust();
  }

  /** The socket has ended. `canResume` is false when the entries received so far are void. */
  socketLost(canResume: boolean): void {
    const { link, sync, sending, typing } = this.parts;
    link.socketLost();
    if (this.state.status === 'closed') return;
    if (!canResume) this.state.log = emptyLog;
    sync.socketLost();
    sending.interrupt();
    typing.reset();
    if (this.state.status === 'live') this.#enter('recovering');
    this.state.changed();
  }

  receive(event: ServerEvent): void {
    if (this.state.status === 'closed') return;
    this.#events.apply(event);
    this.parts.sync.check();
    this.state.changed();
    if (!this.shouldBeOpen) this.parts.link.adjust();
  }

  /** Takes this room's seq from a `pong`; undefined means that the server does not have it open on this socket. */
  receiveHead(head: number | undefined): void {
    const { link, sync } = this.parts;
    if (this.state.status !== 'live' || !link.isJoined) return;
    if (head === undefined) {
      sync.reopen();
      return;
    }
    this.state.log = raiseHead(this.state.log, head);
    sync.check();
  }

  /** Takes over the keys and unsent messages of another core that turned out to be of the same room. */
  mergeFrom(other: RoomCore): void {
    const { sending } = this.parts;
    for (const key of other.keys) this.keys.add(key);
    other.detach();
    if (this.state.roomId !== undefined) other.parts.sending.identify(this.state.roomId);
    sending.restore(other.parts.sending.entries);
    other.parts.sending.entries = [];
    this.state.changed();
  }

  /** Stops all timers and requests: this core is not used any more. */
  detach(): void {
    const { link, sync, sending, typing, readMarkers } = this.parts;
    this.#linger.stop();
    link.socketLost();
    sync.socketLost();
    sending.interrupt();
    typing.reset();
    readMarkers.reset();
  }

  /** The room was left, since no view holds it any more. */
  left(): void {
    this.detach();
    this.state.problem ??= problems.left();
    this.state.status = 'closed';
    this.parts.sync.close(this.state.problem);
    this.state.changed();
  }

  /** Closes the room and shows nothing of it any more. Unsent messages stay in the outbox for the user's next visit. */
  signedOut(problem: ChatProblem): void {
    this.state.isSignedOut = true;
    this.detach();
    this.state.log = emptyLog;
    this.parts.sending.entries = [];
    this.#end(problem);
  }

  /** Closes the room, and marks its unsent messages as failed unless the outbox is to keep them. */
  close(problem: ChatProblem, { keepsOutbox = false } = {}): void {
    if (!keepsOutbox) {
      this.parts.sending.refuseAll(problem);
      // The user may have no access any more to what was stored.
      if (this.state.shownId !== undefined) this.state.log = emptyLog;
    }
    this.#end(problem);
  }

  #end(problem: ChatProblem): void {
    const { link, sync, sending, typing, readMarkers } = this.parts;
    this.state.problem = problem;
    sync.close(problem);
    sending.interrupt();
    typing.reset();
    readMarkers.reset();
    this.state.presence = emptyPresence;
    this.#enter('closed');
    this.state.changed();
    link.adjust();
  }

  /** The server answered this room's join. */
  #ready({ room_id: roomId, room, head }: EventOf<'ready'>): void {
    if (roomId === null || !this.#ports.identified(roomId)) return;
    const { state } = this;
    if (state.shownId !== undefined && state.shownId !== roomId) this.#forgetStored();
    state.shownId = undefined;
    state.roomId = roomId;
    state.name = room ?? state.name;
    state.log = raiseHead(state.log, head ?? 0);
    this.parts.sending.identify(roomId);
    this.state.changed();
  }

  /** The name leads to another room than when the room was stored. */
  #forgetStored(): void {
    this.state.log = emptyLog;
    this.parts.readMarkers.restore({ marker: undefined, readers: new Map() });
  }

  #caughtUp(): void {
    if (this.state.status !== 'live') {
      this.#enter('live');
      if (this.state.roomId !== undefined) void this.parts.readMarkers.load(this.state.roomId);
    }
    this.parts.sending.flush();
  }

  /** No events of the room come until it is joined again. */
  #interrupted(): void {
    this.parts.sync.interrupt();
    this.parts.sending.interrupt();
    if (this.state.status === 'live') this.#enter('recovering');
  }

  #enter(status: RoomStatus): void {
    if (this.state.status === status) return;
    this.state.status = status;
    this.state.snapshot = undefined;
    this.#ports.statusChanged();
  }
}
