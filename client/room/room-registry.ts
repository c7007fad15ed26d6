/** The rooms that are open: one core for each room, the views that hold it, and the events that are its own. */
import type { Room as RoomDetails } from '../../shared/contract/entities.ts';
import type { EventOf, ServerEvent } from '../../shared/contract/websocket/events.ts';
import type { HttpOperations } from '../http/operation-types.ts';
import { Listeners } from '../listeners.ts';
import { asProblem, type ChatProblem } from '../problem.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Connection } from '../socket/connection.ts';
import type { Clock, Random } from '../system.ts';
import type { OutboxEntry } from './outbox-store.ts';
import type { Outbox } from './outbox.ts';
import { ownMarkers } from './own-markers.ts';
import { RoomCore } from './room-core.ts';
import { foldKey, idOfKey } from './room-key.ts';
import { Room, type RoomPorts } from './room.ts';
import type { ReadMarker } from './unread.ts';

export interface RegistryPorts {
  clock: Clock;
  random: Random;
  outbox: Outbox;
  http: HttpOperations;
  connection: Connection;
  user: () => SessionUser | undefined;
  /** The same, after a look into the token store, where another tab may have signed in another user. */
  checkUser: () => SessionUser | undefined;
  changed(): void;
}

export class RoomRegistry {
  /** One view of each room that is open or has something to tell; a new array with each change. */
  rooms: readonly Room[] = [];
  readonly added = new Listeners<[RoomDetails]>();
  private readonly ports: RegistryPorts;
  private cores: readonly RoomCore[] = [];
  /** The views that hold each room, oldest first. */
  private readonly holders = new Map<RoomCore, Set<Room>>();
  /** Views of rooms that no view holds. */
  private readonly faces = new WeakMap<RoomCore, Room>();
  /**
   * Ids of rooms by the names under which they were opened. Opening one again is coming back to it: a room that was
   * renamed since is the same, and no other one is made in its place.
   */
  private readonly ids = new Map<string, string>();
  private readonly readMarker: (roomId: string) => Promise<ReadMarker | undefined>;

  constructor(ports: RegistryPorts) {
    this.ports = ports;
    const { clock, http, user } = ports;
    const wanted = (): string[] => this.cores.flatMap(({ roomId }) => roomId ?? []);
    this.readMarker = ownMarkers({ clock, http, userId: () => user()?.id, wanted });
  }

  /** A view of the room by that name or id, which is opened if it is not open. */
  room(nameOrId: string): Room {
    const core = this.coreOf(nameOrId);
    const room = new Room(nameOrId, this.viewPorts(), { core, isHeld: true });
    this.hold(room, core);
    return room;
  }

  /** A ticket for a socket without a room; asked for with a room's name, it tells why that room would be refused. */
  async createTicket(): Promise<string> {
    const core = this.cores.find(({ roomId, isWanted }) => roomId === undefined && isWanted);
    try {
      return (await this.ports.http.createTicket(core === undefined ? {} : { room: core.name })).ticket;
    } catch (error) {
      const problem = asProblem(error);
      const isAboutRoom = ['forbidden', 'not_found', 'room_unavailable', 'invalid_request'].includes(
        problem.code,
      );
      if (core === undefined || !isAboutRoom) throw problem;
      core.shut(problem);
      return this.createTicket();
    }
  }

  opened(): void {
    for (const core of this.cores) core.opened();
  }

  lost(resume: boolean): void {
    for (const core of this.cores) core.lost(resume);
    // What was to be left has been left with the socket.
    this.moved();
  }

  hear(event: ServerEvent): void {
    if (event.type === 'pong') this.noteHeads(event);
    else if ('room_id' in event) {
      for (const core of this.cores) if (core.roomId === event.room_id) core.hear(event);
    }
    const isAdded = event.type === 'member_added' && event.member.id === this.ports.user()?.id;
    if (isAdded && event.room !== undefined) this.added.notify(event.room);
  }

  /** Rooms with messages of an earlier visit are opened, so that these are sent. */
  async restore(): Promise<void> {
    const userId = this.ports.user()?.id;
    const entries = await this.ports.outbox.entriesOf(userId);
    if (this.ports.user()?.id !== userId) return;
    const waiting = entries.filter(({ problem }) => problem === undefined);
    for (const { room, room_id: roomId } of waiting) this.coreOf(room, roomId);
    for (const core of this.cores) restoreInto(core, entries);
    for (const core of this.cores) core.link.adjust();
    this.show();
  }

  /** Takes a text out of the room that shows it. */
  discard(clientId: string): void {
    for (const core of this.cores) {
      if (core.sending.entries.some((entry) => entry.client_id === clientId)) core.discard(clientId);
    }
  }

  /** The user is signed out, or another user is signed in: nothing of the user stays here but what waits in the outbox. */
  signedOut(problem: ChatProblem): void {
    const { cores } = this;
    this.cores = [];
    this.holders.clear();
    this.ids.clear();
    for (const core of cores) core.disown(problem);
    this.show();
  }

  /** The core of that room, made if there is none that is not closed. An id decides; without one a name does. */
  private coreOf(key: string, knownId = idOfKey(key)): RoomCore {
    const wanted = foldKey(key);
    const open = this.cores.filter(({ status }) => status !== 'closed');
    if (knownId === undefined) {
      const named =
        open.find((core) => foldKey(core.name) === wanted) ?? open.find((core) => core.keys.has(wanted));
      if (named !== undefined) return named;
    }
    const roomId = knownId ?? this.ids.get(wanted);
    const known = open.find((core) => roomId !== undefined && core.roomId === roomId);
    if (known !== undefined) {
      known.keys.add(wanted);
      return known;
    }
    // Asked for by its name a moment ago, while the outbox, which knows the id, was being read.
    const unsent = open.find((core) => core.roomId === undefined && core.keys.has(wanted) && core.link.isOut);
    if (unsent !== undefined && roomId !== undefined) {
      unsent.roomId = roomId;
      return unsent;
    }
    return this.make(key, roomId);
  }

  private viewPorts(): RoomPorts {
    const { http, checkUser } = this.ports;
    return {
      http,
      user: checkUser,
      holdAgain: (room, roomId) => {
        const core = this.coreOf(room.key, roomId);
        this.hold(room, core);
        return core;
      },
      release: (room, core) => this.release(room, core),
    };
  }

  private hold(room: Room, core: RoomCore): void {
    this.holdersOf(core).add(room);
    core.held();
    this.show();
  }

  private release(room: Room, core: RoomCore): void {
    this.holdersOf(core).delete(room);
    core.unheld();
    this.show();
  }

  private holdersOf(core: RoomCore): Set<Room> {
    const holders = this.holders.get(core) ?? new Set();
    this.holders.set(core, holders);
    return holders;
  }

  /** False when there is another core of that room: that one takes over what this one holds. */
  private identified(core: RoomCore, roomId: string): boolean {
    for (const key of core.keys) if (idOfKey(key) === undefined) this.ids.set(key, roomId);
    const known = this.cores.find(
      (other) => other !== core && other.roomId === roomId && other.status !== 'closed',
    );
    if (known === undefined) return true;
    this.drop(core);
    for (const holder of this.holdersOf(core)) {
      this.holdersOf(known).add(holder);
      holder.move(known);
    }
    this.holders.delete(core);
    known.absorb(core);
    known.link.adjust();
    this.show();
    return false;
  }

  private noteHeads({ heads }: EventOf<'pong'>): void {
    for (const core of this.cores) {
      if (core.roomId !== undefined) core.noteHead(heads[core.roomId]);
    }
  }

  private make(key: string, roomId: string | undefined): RoomCore {
    const { connection, http, clock, random, outbox, user } = this.ports;
    // A core that was closed has told why; a view that asks again gets a new one, which shows its unsent texts as well.
    for (const other of this.cores) {
      const isSame = other.keys.has(foldKey(key)) || (roomId !== undefined && other.roomId === roomId);
      if (isSame && other.status === 'closed' && this.holdersOf(other).size === 0) this.drop(other);
    }
    const core: RoomCore = new RoomCore(key, roomId, {
      clock,
      random,
      outbox,
      user,
      send: (command, onAnswer) => connection.send(command, onAnswer),
      probe: () => connection.probe(),
      abandon: () => connection.abandon(),
      markRead: (room_id, message_id) => http.markRead({ room_id, message_id }),
      readMarker: this.readMarker,
      isHeld: () => this.holdersOf(core).size > 0,
      identified: (id) => this.identified(core, id),
      isTurnOf: (entry) => this.isTurnOf(entry),
      mayJoin: () => core.roomId !== undefined || this.cores.every(({ link }) => !link.isLeaving),
      mayLeave: () => this.cores.every((other) => other.roomId !== undefined || !other.link.isJoining),
      moved: () => this.moved(),
      released: () => this.released(core),
      statusChanged: () => this.statusChanged(core),
    });
    this.cores = [...this.cores, core];
    if (connection.phase === 'open') core.link.attach();
    void this.restoreLater(core);
    return core;
  }

  private async restoreLater(core: RoomCore): Promise<void> {
    const userId = this.ports.user()?.id;
    const entries = await this.ports.outbox.entriesOf(userId);
    if (this.ports.user()?.id === userId && this.cores.includes(core)) restoreInto(core, entries);
  }

  private moved(): void {
    for (const core of this.cores) core.link.adjust();
    for (const core of this.cores) core.sending.flush();
  }

  private isTurnOf(entry: OutboxEntry): boolean {
    const isLeaving = this.cores.some(({ link }) => link.isLeaving);
    const isBeingFound = ({ roomId, link, isWanted }: RoomCore): boolean =>
      roomId === undefined && (link.isJoining || (isLeaving && isWanted));
    return !this.cores.some((core) => isBeingFound(core) && core.sending.isWaitingBefore(entry));
  }

  private released(core: RoomCore): void {
    if (!this.cores.includes(core) || core.isWanted || !this.isFinished(core)) return;
    core.retire();
    this.drop(core);
    this.show();
  }

  private statusChanged(core: RoomCore): void {
    const isGone = core.status === 'closed' && ['closed', 'not_found'].includes(core.problem?.code ?? '');
    // Its name is free again for a room that the user asks for from now on.
    if (isGone) for (const [name, id] of this.ids) if (id === core.roomId) this.ids.delete(name);
    this.ports.changed();
  }

  private drop(core: RoomCore): void {
    this.cores = this.cores.filter((other) => other !== core);
  }

  /** Nobody looks at it, and nothing that was written there is left to be told of. */
  private isFinished(core: RoomCore): boolean {
    const isTold = core.status !== 'closed' || core.sending.entries.length === 0;
    return this.holdersOf(core).size === 0 && isTold;
  }

  private show(): void {
    const shown = this.cores.filter(
      (core) => this.holdersOf(core).size > 0 || core.sending.isWaiting || core.status === 'closed',
    );
    this.rooms = shown.map((core) => this.faceOf(core));
    this.ports.changed();
  }

  private faceOf(core: RoomCore): Room {
    const [holder] = this.holdersOf(core);
    const face =
      holder ?? this.faces.get(core) ?? new Room(core.name, this.viewPorts(), { core, isHeld: false });
    if (holder === undefined) this.faces.set(core, face);
    return face;
  }
}

/** What waits for that room: by its id, or by its name if no id was ever known. */
function restoreInto(core: RoomCore, entries: readonly OutboxEntry[]): void {
  const { roomId, keys } = core;
  core.restore(
    entries.filter(({ room, room_id }) =>
      room_id === undefined ? keys.has(foldKey(room)) : room_id === roomId,
    ),
  );
}
