/** The rooms that are open: opened on each new socket, given the events that are theirs, and restored from the outbox. */
import type { Room as RoomDetails } from '../../shared/contract/entities.ts';
import type { EventOf, ServerEvent } from '../../shared/contract/websocket/events.ts';
import type { HttpOperations } from '../http/operation-types.ts';
import { Listeners } from '../listeners.ts';
import { asProblem, ChatProblem } from '../problem.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Connection } from '../socket/connection.ts';
import type { Clock, Random } from '../world.ts';
import type { OutboxEntry, OutboxStore } from './outbox-store.ts';
import { ownMarkers } from './own-markers.ts';
import { RoomCore } from './room-core.ts';
import { Room } from './room.ts';
import type { ReadMarker } from './unread.ts';

export interface RegistryPorts {
  clock: Clock;
  random: Random;
  outbox: OutboxStore;
  http: HttpOperations;
  connection: Connection;
  user: () => SessionUser | undefined;
  changed(): void;
}

export class RoomRegistry {
  /** As consumers hold them; a new array with each change. */
  rooms: readonly Room[] = [];
  readonly added = new Listeners<[RoomDetails]>();
  private readonly ports: RegistryPorts;
  /** Opened by name for the first time: until its id is known, no other such room is opened. */
  private naming: RoomCore | undefined;
  private cores: readonly RoomCore[] = [];
  private readonly faces = new WeakMap<RoomCore, Room>();
  private readonly readMarker: (roomId: string) => Promise<ReadMarker | undefined>;

  constructor(ports: RegistryPorts) {
    this.ports = ports;
    const { clock, http } = ports;
    const wanted = (): string[] => this.cores.flatMap(({ roomId }) => roomId ?? []);
    this.readMarker = ownMarkers({ clock, http, wanted });
  }

  /** The room by that name or id, made and opened if it is not there. */
  room(nameOrId: string): Room {
    const wanted = fold(nameOrId);
    const known = this.cores.find((core) => isCalled(core, wanted));
    if (known !== undefined && known.status !== 'closed') return this.faces.get(known) as Room;
    const core = this.make(nameOrId);
    const { http, user } = this.ports;
    const room = new Room(core, { http, user, close: () => this.leave(core) });
    this.faces.set(core, room);
    this.keep([...this.cores.filter((other) => other !== known), core]);
    void this.restoreInto(core);
    this.openNext();
    return room;
  }

  /** A ticket for a socket without a room; asked for with a room's name, it tells why that room would be refused. */
  async createTicket(): Promise<string> {
    const room = this.cores.find(({ roomId, status }) => roomId === undefined && status === 'opening');
    try {
      return (await this.ports.http.createTicket(room === undefined ? {} : { room: room.key })).ticket;
    } catch (error) {
      const problem = asProblem(error);
      const isAboutRoom = ['forbidden', 'not_found', 'room_unavailable', 'invalid_request'].includes(
        problem.code,
      );
      if (room === undefined || !isAboutRoom) throw problem;
      room.shut(problem);
      return this.createTicket();
    }
  }

  opened(): void {
    for (const room of this.cores) if (room.roomId !== undefined) room.opened();
    this.openNext();
  }

  lost(resume: boolean): void {
    this.naming = undefined;
    for (const room of this.cores) room.lost(resume);
  }

  hear(event: ServerEvent): void {
    if (event.type === 'ready') this.isReady(event);
    else if (event.type === 'pong') this.noteHeads(event);
    else if ('room_id' in event) {
      for (const room of this.cores) if (room.roomId === event.room_id) room.hear(event);
    }
    const isAdded = event.type === 'member_added' && event.member.id === this.ports.user()?.id;
    if (isAdded && event.room !== undefined) this.added.tell(event.room);
  }

  /** Rooms with messages of an earlier visit are opened, so that these are sent. */
  async restore(): Promise<void> {
    const waiting = await this.entriesOfUser();
    for (const { room, problem } of waiting) if (problem === undefined) this.room(room);
  }

  signedOut(problem: ChatProblem): void {
    this.naming = undefined;
    const { cores } = this;
    this.keep([]);
    for (const core of cores) core.shut(problem, { keepsOutbox: true });
  }

  private isReady(event: EventOf<'ready'>): void {
    if (event.room_id === null) return;
    const { naming } = this;
    const known = this.cores.find(({ roomId, status }) => roomId === event.room_id && status !== 'closed');
    if (
      naming !== undefined &&
      naming.roomId === undefined &&
      known !== undefined &&
      isCalled(naming, fold(event.room ?? ''))
    ) {
      const problem = new ChatProblem({ code: 'conflict', detail: `It is open already, as ${known.key}` });
      naming.shut(problem, { keepsOutbox: true });
      known.restore(naming.sending.entries);
    }
    (known ?? naming)?.hear(event);
    if (naming?.roomId !== undefined) this.naming = undefined;
    this.openNext();
  }

  private noteHeads({ heads }: EventOf<'pong'>): void {
    for (const room of this.cores) {
      if (room.roomId !== undefined) room.noteHead(heads[room.roomId]);
    }
  }

  private openNext(): void {
    if (this.ports.connection.phase !== 'open') return;
    if (this.naming !== undefined && this.naming.status !== 'closed') return;
    this.naming = this.cores.find(({ roomId, status }) => roomId === undefined && status === 'opening');
    this.naming?.opened();
  }

  private make(key: string): RoomCore {
    const { connection, http, clock, random, outbox, user } = this.ports;
    return new RoomCore(key, {
      clock,
      random,
      outbox,
      user,
      send: (command, onError) => connection.send(command, onError),
      probe: () => connection.probe(),
      abandon: () => connection.abandon(),
      markRead: (room_id, message_id) => http.markRead({ room_id, message_id }),
      readMarker: this.readMarker,
      statusChanged: () => {
        this.openNext();
        this.ports.changed();
      },
    });
  }

  private leave(core: RoomCore): void {
    const { roomId, status } = core;
    if (status !== 'closed' && roomId !== undefined) {
      this.ports.connection.send({ type: 'leave', room_id: roomId });
    }
    core.end(new ChatProblem({ code: 'closed', detail: 'The room was closed' }));
    this.keep(this.cores.filter((other) => other !== core));
    this.openNext();
  }

  private keep(cores: readonly RoomCore[]): void {
    this.cores = cores;
    this.rooms = cores.map((core) => this.faces.get(core) as Room);
    this.ports.changed();
  }

  private async restoreInto(room: RoomCore): Promise<void> {
    const waiting = await this.entriesOfUser();
    room.restore(waiting.filter((entry) => isCalled(room, fold(entry.room))));
  }

  private async entriesOfUser(): Promise<readonly OutboxEntry[]> {
    const entries = await this.ports.outbox.list();
    const user = this.ports.user();
    return entries.filter(({ user_id }) => user_id === user?.id);
  }
}

/** Whether a room goes by that name or id. */
function isCalled(room: RoomCore, wanted: string): boolean {
  return room.roomId === wanted || fold(room.key) === wanted || fold(room.name) === wanted;
}

/** The form in which two names of one room are the same, nearly: the server decides in the end. */
function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
