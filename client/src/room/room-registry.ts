/** The rooms of this client: passes them the connection's events, and restores what the outbox holds for them. */
import type { RoomDetails } from '../contract/entities.ts';
import type { EventOf, ServerEvent } from '../contract/events.ts';
import type { HttpOperations } from '../contract/http-operations.ts';
import { describe, type Log } from '../event-log.ts';
import { Listeners } from '../listeners.ts';
import type { ChatProblem } from '../problem.ts';
import type { RoomLog } from '../room-log.ts';
import type { OpenRoom } from '../rooms/listed-room.ts';
import { openRoomOf } from '../rooms/open-room.ts';
import type { StoredRooms } from '../offline/stored-rooms.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Connection } from '../socket/connection.ts';
import type { Clock, Random } from '../system.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { createTicket } from './create-ticket.ts';
import { createReadMarkerLoader, type LoadReadMarker } from './load-read-marker.ts';
import type { OutboxEntry } from './outbox-store.ts';
import type { Outbox } from './outbox.ts';
import { RoomCore } from './room-core.ts';
import { RoomCores } from './room-cores.ts';
import { normalizeRoomKey, type RoomTarget } from './room-key.ts';
import { isTurnOf, mayJoin, mayLeave } from './room-turns.ts';
import { RoomViews } from './room-views.ts';
import type { Room } from './room.ts';

export interface RegistryPorts {
  clock: Clock;
  random: Random;
  log: Log;
  outbox: Outbox;
  uploads: Uploads;
  /** Undefined if nothing is kept on the device. */
  stored: StoredRooms | undefined;
  http: HttpOperations;
  connection: Connection;
  user: () => SessionUser | undefined;
  /** Like `user`, after a look into the token store, where another tab may have signed in another user. */
  checkUser: () => SessionUser | undefined;
  changed(): void;
  /** What an open room shows has changed. */
  roomChanged(room: OpenRoom): void;
}

export class RoomRegistry {
  /** One view of each room that is open, has messages to send, or was closed with a problem; new with each change. */
  rooms: readonly Room[] = [];
  readonly added = new Listeners<[RoomDetails]>();
  readonly #ports: RegistryPorts;
  readonly #cores: RoomCores;
  readonly #views: RoomViews;
  readonly #loadReadMarker: LoadReadMarker;

  constructor(ports: RegistryPorts) {
    this.#ports = ports;
    const { clock, http, uploads, user, checkUser } = ports;
    this.#cores = new RoomCores({
      createCore: (target) => this.#createCore(target),
      hasOpenView: (core) => this.#views.hasOpenView(core),
    });
    this.#views = new RoomViews({
      http,
      uploads,
      checkUser,
      findOrCreateCore: (target) => this.#cores.findOrCreate(target),
      changed: () => this.#updateRooms(),
    });
    this.#loadReadMarker = createReadMarkerLoader({
      clock,
      http,
      userId: () => user()?.id,
      openRoomIds: () => this.#cores.all.flatMap(({ state }) => state.roomId ?? []),
    });
  }

  /** Opens a view of a room. */
  open(target: RoomTarget): Room {
    return this.#views.open(target);
  }

  /** Requests a ticket for a socket without a room. */
  createTicket(): Promise<string> {
    return createTicket(this.#ports.http, this.#cores);
  }

  /** The rooms that are live, as a list of rooms shows them. */
  get openRooms(): OpenRoom[] {
    return this.#cores.all.flatMap((core) => openRoomOf(core) ?? []);
  }

  /** Changes what all rooms show. */
  updateLogs(change: (log: RoomLog) => RoomLog): void {
    for (const core of this.#cores.all) core.updateLog(change);
  }

  socketOpened(): void {
    for (const core of this.#cores.all) core.socketOpened();
  }

  socketLost(canResume: boolean): void {
    for (const core of this.#cores.all) core.socketLost(canResume);
    // Rooms that were being left have been left with the socket, so others may be joined now.
    this.#adjustAll();
  }

  receive(event: ServerEvent): void {
    if (event.type === 'pong') this.#receiveHeads(event);
    else if ('room_id' in event) {
      for (const core of this.#cores.all) if (core.state.roomId === event.room_id) core.receive(event);
    }
    const isUserAdded = event.type === 'member_added' && event.member.id === this.#ports.user()?.id;
    if (isUserAdded && event.room !== undefined) this.added.notify(event.room);
  }

  /** Opens the rooms that the outbox holds messages for, so that these are sent. */
  async restore(): Promise<void> {
    for (const core of this.#cores.all) void this.#showStored(core);
    const userId = this.#ports.user()?.id;
    const entries = await this.#ports.outbox.entriesOf(userId);
    if (this.#ports.user()?.id !== userId) return;
    const waiting = entries.filter(({ problem }) => problem === undefined);
    for (const { room: key, room_id: roomId, create: mayCreate = true } of waiting)
      this.#cores.findOrCreate({ key, roomId, mayCreate });
    for (const core of this.#cores.all) restoreInto(core, entries);
    for (const core of this.#cores.all) core.parts.link.adjust();
    this.#updateRooms();
  }

  /** Removes an unsent message from the room that shows it. */
  discard(clientId: string): void {
    for (const core of this.#cores.all) {
      if (core.parts.sending.entries.some((entry) => entry.client_id === clientId)) core.discard(clientId);
    }
  }

  /** Closes all rooms of a user who has signed out. Their unsent messages stay in the outbox. */
  signedOut(problem: ChatProblem): void {
    const cores = this.#cores.clear();
    this.#views.clear();
    for (const core of cores) core.signedOut(problem);
    this.#updateRooms();
  }

  #createCore(target: RoomTarget): RoomCore {
    const { connection, http, clock, random, outbox, uploads, user } = this.#ports;
    const core: RoomCore = new RoomCore(target, {
      clock,
      random,
      outbox,
      uploads,
      user,
      send: (command, onAnswer) => connection.send(command, onAnswer),
      probe: () => connection.probe(),
      abandon: () => connection.abandon(),
      markRead: (room_id, message_id) => http.markRead({ room_id, message_id }),
      loadReadMarker: this.#loadReadMarker,
      hasOpenView: () => this.#views.hasOpenView(core),
      identified: (id) => this.#identified(core, id),
      isTurnOf: (entry) => isTurnOf(entry, this.#cores.all),
      mayJoin: () => mayJoin(core, this.#cores.all),
      mayLeave: () => mayLeave(this.#cores.all),
      linkAnswered: () => this.#adjustAll(),
      left: () => this.#left(core),
      statusChanged: () => this.#statusChanged(core),
    });
    core.state.listeners.add(() => {
      const open = openRoomOf(core);
      if (open !== undefined) this.#ports.roomChanged(open);
    });
    if (connection.phase === 'open') core.parts.link.attach();
    core.state.isRestoring = this.#ports.stored !== undefined;
    void this.#showStored(core);
    void this.#restoreCore(core);
    return core;
  }

  /** Shows a room as it is stored for the user, and joins it then, so that only what was missed since is requested. */
  async #showStored(core: RoomCore): Promise<void> {
    const { stored, user } = this.#ports;
    if (stored === undefined || user() === undefined) return;
    await stored.open(core);
    core.state.isRestoring = false;
    this.#adjustAll();
  }

  async #restoreCore(core: RoomCore): Promise<void> {
    const userId = this.#ports.user()?.id;
    const entries = await this.#ports.outbox.entriesOf(userId);
    const isCurrent = this.#ports.user()?.id === userId && this.#cores.all.includes(core);
    if (isCurrent) restoreInto(core, entries);
  }

  /** Returns false when another core has the room open already, and takes over the views and messages of this one. */
  #identified(core: RoomCore, roomId: string): boolean {
    this.#cores.rememberNames(core, roomId);
    const other = this.#cores.otherCoreOf(roomId, core);
    if (other === undefined) return true;
    this.#cores.remove(core);
    this.#views.move(core, other);
    other.mergeFrom(core);
    other.parts.link.adjust();
    this.#updateRooms();
    return false;
  }

  #receiveHeads({ heads }: EventOf<'pong'>): void {
    for (const core of this.#cores.all) {
      if (core.state.roomId !== undefined) core.receiveHead(heads[core.state.roomId]);
    }
  }

  #adjustAll(): void {
    for (const core of this.#cores.all) core.parts.link.adjust();
    for (const core of this.#cores.all) core.parts.sending.flush();
  }

  #left(core: RoomCore): void {
    if (!this.#cores.all.includes(core) || core.shouldBeOpen || this.#views.hasOpenView(core)) return;
    // Messages that could not be sent are still shown.
    if (core.state.status === 'closed' && core.parts.sending.entries.length > 0) return;
    this.#cores.remove(core);
    core.left();
    this.#updateRooms();
  }

  #statusChanged(core: RoomCore): void {
    const { roomId: room_id, name: room, status, problem } = core.state;
    const reason = status === 'closed' ? problem : undefined;
    this.#ports.log(status === 'closed' ? 'warn' : 'info', `room.${status}`, {
      room_id,
      room,
      ...describe(reason),
    });
    const isGone = reason?.code === 'closed' || reason?.code === 'not_found';
    if (isGone) this.#cores.forgetNames(room_id);
    if (isGone || reason?.code === 'removed' || reason?.code === 'forbidden') this.#ports.stored?.drop(core);
    this.#ports.changed();
  }

  #updateRooms(): void {
    const shown = this.#cores.all.filter(
      (core) =>
        this.#views.hasOpenView(core) || core.parts.sending.isWaiting || core.state.status === 'closed',
    );
    this.rooms = shown.map((core) => this.#views.viewOf(core));
    this.#ports.changed();
  }
}

/** Adds the entries of that room, which are found by its id, or by its name while its id is not known. */
function restoreInto(core: RoomCore, entries: readonly OutboxEntry[]): void {
  const { keys, state } = core;
  core.restore(
    entries.filter(({ room, room_id, create = true }) =>
      room_id === undefined
        ? keys.has(normalizeRoomKey(room)) && (state.mayCreate || !create)
        : room_id === state.roomId,
    ),
  );
}
