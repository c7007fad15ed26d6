/** The rooms that are open: opened on each new socket, given the events that are theirs, and restored from the outbox. */
import type { MyRoom, Room as RoomDetails } from '../../shared/contract/entities.ts';
import type { EventOf, ServerEvent } from '../../shared/contract/websocket/events.ts';
import type { HttpOperations } from '../http/operation-types.ts';
import { Listeners } from '../listeners.ts';
import { asProblem, ChatProblem } from '../problem.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Connection } from '../socket/connection.ts';
import type { Clock, Random } from '../world.ts';
import type { OutboxEntry, OutboxStore } from './outbox-store.ts';
import { RoomCore } from './room-core.ts';
import { Room } from './room.ts';
import type { ReadMarker } from './unread.ts';

export interface RegistryPorts {
  clock: Clock;
  random: Random;
  outbox: OutboxStore;
  http: HttpOperations;
  connection: Connection;
  user(): SessionUser | undefined;
  changed(): void;
}

/** Own rooms are asked for at most this often, however many rooms open at once. */
const markersMs = 2_000;

export class RoomRegistry {
  /** As consumers hold them; a new array with each change. */
  rooms: readonly Room[] = [];
  readonly added = new Listeners<[RoomDetails]>();
  private readonly ports: RegistryPorts;
  /** Opened by name for the first time: until its id is known, no other such room is opened. */
  private naming: RoomCore | undefined;
  private readonly opened_: Map<RoomCore, Room> = new Map();
  private markers: { at: number; answer: Promise<Map<string, MyRoom>> } | undefined;

  constructor(ports: RegistryPorts) {
    this.ports = ports;
  }

  /** The room by that name or id, made and opened if it is not there. */
  room(nameOrId: string): Room {
    const wanted = fold(nameOrId);
    const known = this.rooms.find((room) => isCalled(room, wanted));
    if (known !== undefined && known.status !== 'closed') return known;
    const { connection, http, clock, random, outbox } = this.ports;
    const room: Room = new Room(nameOrId, {
      clock,
      random,
      outbox,
      user: () => this.ports.user(),
      send: (command, onError) => connection.send(command, onError),
      probe: () => connection.probe(),
      abandon: () => connection.abandon(),
      editMessage: (message_id, content) => http.editMessage({ message_id, content }),
      deleteMessage: (message_id) => http.deleteMessage({ message_id }),
      markRead: (room_id, message_id) => http.markRead({ room_id, message_id }),
      readMarker: (roomId) => this.readMarker(roomId),
      statusChanged: () => {
        this.openNext();
        this.ports.changed();
      },
      closed: () => this.drop(room),
    });
    this.rooms = [...this.rooms.filter((other) => other !== known), room];
    void this.restoreInto(room);
    this.openNext();
    this.ports.changed();
    return room;
  }

  /** A ticket for a socket without a room; asked for with a room's name, it tells why that room would be refused. */
  async createTicket(): Promise<string> {
    const room = this.rooms.find(({ roomId, status }) => roomId === undefined && status === 'opening');
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
    for (const room of this.rooms) if (room.roomId !== undefined) room.opened();
    this.openNext();
  }

  lost(resume: boolean): void {
    this.naming = undefined;
    for (const room of this.rooms) room.lost(resume);
  }

  hear(event: ServerEvent): void {
    if (event.type === 'ready') this.isReady(event);
    else if (event.type === 'pong') this.noteHeads(event);
    else if ('room_id' in event) {
      for (const room of this.rooms) if (room.roomId === event.room_id) room.hear(event);
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
    const { rooms } = this;
    this.rooms = [];
    for (const room of rooms) room.shut(problem, { keepsOutbox: true });
  }

  private isReady(event: EventOf<'ready'>): void {
    if (event.room_id === null) return;
    const { naming } = this;
    const known = this.rooms.find(({ roomId, status }) => roomId === event.room_id && status !== 'closed');
    if (
      naming !== undefined &&
      naming.roomId === undefined &&
      known !== undefined &&
      isCalled(naming, fold(event.room ?? ''))
    ) {
      naming.shut(new ChatProblem({ code: 'conflict', detail: `It is open already, as ${known.key}` }));
    }
    (known ?? naming)?.hear(event);
    if (naming?.roomId !== undefined) this.naming = undefined;
    this.openNext();
  }

  private noteHeads({ heads }: EventOf<'pong'>): void {
    for (const room of this.rooms) {
      if (room.roomId !== undefined) room.noteHead(heads[room.roomId]);
    }
  }

  private openNext(): void {
    if (this.ports.connection.phase !== 'open') return;
    if (this.naming !== undefined && this.naming.status !== 'closed') return;
    this.naming = this.rooms.find(({ roomId, status }) => roomId === undefined && status === 'opening');
    this.naming?.opened();
  }

  private drop(room: Room): void {
    this.rooms = this.rooms.filter((other) => other !== room);
    this.openNext();
    this.ports.changed();
  }

  private async restoreInto(room: Room): Promise<void> {
    const waiting = await this.entriesOfUser();
    room.restore(waiting.filter((entry) => isCalled(room, fold(entry.room))));
  }

  private async entriesOfUser(): Promise<readonly OutboxEntry[]> {
    const entries = await this.ports.outbox.list();
    const user = this.ports.user();
    return entries.filter(({ user_id }) => user_id === user?.id);
  }

  private async readMarker(roomId: string): Promise<ReadMarker | undefined> {
    const now = this.ports.clock.now();
    if (this.markers === undefined || now - this.markers.at > markersMs) {
      this.markers = { at: now, answer: this.listMine() };
    }
    const room = (await this.markers.answer).get(roomId);
    return (
      room && {
        message_id: room.last_read_message_id,
        unread_count: room.unread_count,
        counted_to: room.last_message?.seq ?? 0,
      }
    );
  }

  /** As many pages as it takes to find every room that is open. */
  private async listMine(): Promise<Map<string, MyRoom>> {
    const found = new Map<string, MyRoom>();
    for await (const page of this.ports.http.listMyRooms().pages()) {
      for (const room of page) found.set(room.room_id, room);
      if (this.rooms.every(({ roomId }) => roomId === undefined || found.has(roomId))) break;
    }
    return found;
  }
}

/** Whether a room goes by that name or id. */
function isCalled(room: Room, wanted: string): boolean {
  return room.roomId === wanted || fold(room.key) === wanted || fold(room.getSnapshot().name) === wanted;
}

/** The form in which two names of one room are the same, nearly: the server decides in the end. */
function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
