/**
 * What a room is made of: its log, who is here and who types, what waits to be sent, what was read. It passes the
 * socket's events to these parts. Every view of the room shares it.
 */
import type { EventOf, ServerEvent } from '../../shared/contract/websocket/events.ts';
import { Listeners } from '../listeners.ts';
import { ChatProblem } from '../problem.ts';
import { applyEvent, applyMessage, emptyLog, isLogEvent, noteHead, type RoomLog } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Channel } from './channel.ts';
import type { OutboxEntry } from './outbox-store.ts';
import type { Outbox } from './outbox.ts';
import { applyPresence, emptyPresence, type Presence } from './presence.ts';
import { ReadMarks, type ReadMarkPorts } from './read-marks.ts';
import { viewMessages, type RoomSnapshot, type RoomStatus } from './room-snapshot.ts';
import { foldKey, idOfKey } from './room-key.ts';
import { RoomLink } from './room-link.ts';
import { RoomSync } from './room-sync.ts';
import { Sending } from './sending.ts';
import { Typing } from './typing.ts';

export interface RoomCorePorts extends Channel, Pick<ReadMarkPorts, 'markRead' | 'readMarker'> {
  outbox: Outbox;
  user: () => SessionUser | undefined;
  /** The room opened, closed, or caught up. */
  statusChanged(): void;
  /** Whether a view holds it. */
  isHeld(): boolean;
  /** `ready` told which room it is. False when another core is that room already: this one is no longer needed. */
  identified(roomId: string): boolean;
  isTurnOf(entry: OutboxEntry): boolean;
  mayJoin(): boolean;
  mayLeave(): boolean;
  moved(): void;
  /** Nobody wants the room, and it is not open any more. */
  released(): void;
}

/** A view that is closed and opened again within this time finds the room as it was. */
const lingerMs = 100;

export class RoomCore {
  /** What it was asked for by, and is known as besides its name; folded. */
  readonly keys: Set<string>;
  readonly listeners = new Listeners();
  readonly link: RoomLink;
  readonly sync: RoomSync;
  readonly sending: Sending;
  readonly typists: Typing;
  readonly marks: ReadMarks;
  roomId: string | undefined;
  status: RoomStatus = 'opening';
  /** Its user is not signed in any more. */
  isForeign = false;
  name: string;
  /** Why it is closed. */
  problem: ChatProblem | undefined;
  private readonly ports: RoomCorePorts;
  private log: RoomLog = emptyLog;
  private presence: Presence = emptyPresence;
  private snapshot: RoomSnapshot | undefined;
  private cancelLinger: (() => void) | undefined;
  /** The last entry by which the user was added. */
  private addedAt = 0;

  constructor(key: string, roomId: string | undefined, ports: RoomCorePorts) {
    this.keys = new Set([foldKey(key)]);
    this.name = key;
    this.roomId = roomId ?? idOfKey(key);
    this.ports = ports;
    const { clock, random } = ports;
    const channel: Channel = {
      clock,
      random,
      probe: () => ports.probe(),
      abandon: () => ports.abandon(),
      send: (command, onAnswer) => ports.send(command, onAnswer),
    };
    // Commands about the room name it, and are not sent before it is open.
    const inRoom: Channel = {
      ...channel,
      send: (command, onAnswer) =>
        this.roomId !== undefined &&
        this.link.isIn &&
        ports.send({ ...command, room_id: this.roomId }, onAnswer),
    };
    const changed = (): void => this.changed();
    this.typists = new Typing(inRoom, changed);
    this.marks = new ReadMarks({ ...channel, ...ports, log: () => this.log, changed });
    this.sync = new RoomSync({
      ...inRoom,
      log: () => this.log,
      change: (log) => (this.log = log),
      rejoin: () => this.link.rejoin(),
      settled: () => this.settled(),
    });
    this.sending = new Sending({
      ...channel,
      outbox: ports.outbox,
      destination: () => this.destination(),
      isTurnOf: (entry) => ports.isTurnOf(entry),
      changed,
      reopen: () => this.sync.reopen(),
    });
    this.link = new RoomLink({
      ...channel,
      address: () => (this.roomId === undefined ? { room: key } : { room_id: this.roomId }),
      roomId: () => this.roomId,
      isWanted: () => this.isWanted,
      mayJoin: () => ports.mayJoin(),
      mayLeave: () => ports.mayLeave(),
      moved: () => ports.moved(),
      welcomeRequest: () => this.sync.welcomeRequest(),
      joinSent: (request) => this.sync.joinSent(request),
      ready: (event) => this.ready(event),
      historyEnded: (event) => {
        this.sync.historyEnded(event);
        this.changed();
      },
      interrupted: () => this.interrupted(),
      refused: (problem) => this.shut(problem, { keepsOutbox: problem.retryable }),
      closed: () => ports.released(),
    });
  }

  /** Whether the room is to be open: a view holds it, or did a moment ago, or what was written there waits to be sent. */
  get isWanted(): boolean {
    const isInUse = this.ports.isHeld() || this.cancelLinger !== undefined || this.sending.isWaiting;
    return this.status !== 'closed' && isInUse;
  }

  /** A view holds the room. */
  held(): void {
    this.stopLingering();
    this.link.adjust();
  }

  /** A view is gone. Closed and opened again at once, as user interfaces do that mount twice, the room is not left. */
  unheld(): void {
    this.marks.flush();
    this.stopLingering();
    this.cancelLinger = this.ports.clock.after(lingerMs, () => {
      this.cancelLinger = undefined;
      this.link.adjust();
    });
  }

  private stopLingering(): void {
    this.cancelLinger?.();
    this.cancelLinger = undefined;
  }

  /** Puts a text into the outbox; its `client_id`. */
  send(userId: string, content: string): string {
    const { roomId, name } = this;
    const address = roomId === undefined ? { room: name } : { room: name, room_id: roomId };
    const { client_id: clientId } = this.sending.add({ ...address, user_id: userId, content });
    this.typists.stopped(true);
    this.changed();
    return clientId;
  }

  /** Takes a text that was not sent out of the outbox. */
  discard(clientId: string): void {
    this.sending.take(clientId);
    this.sending.flush();
    this.changed();
    this.link.adjust();
  }

  /** The same object until something changes. */
  getSnapshot(): RoomSnapshot {
    this.snapshot ??= this.view();
    return this.snapshot;
  }

  /** What was learnt otherwise than by an event. */
  update(change: (log: RoomLog) => RoomLog): void {
    this.log = change(this.log);
    this.changed();
  }

  changed(): void {
    this.snapshot = undefined;
    this.listeners.notify();
  }

  /** Messages of an earlier visit. */
  restore(entries: readonly OutboxEntry[]): void {
    this.sending.restore(entries);
    this.changed();
  }

  /** There is a socket: the room is opened on it. */
  opened(): void {
    this.link.attach();
    this.link.adjust();
  }

  /** The socket has gone. `resume` is false when what was seen no longer counts. */
  lost(resume: boolean): void {
    this.link.lost();
    if (this.status === 'closed') return;
    if (!resume) this.log = emptyLog;
    this.sync.lost();
    this.sending.lost();
    this.typists.reset();
    if (this.status === 'live') this.enter('recovering');
    this.changed();
  }

  /** Takes the views and the texts of another core, which turned out to be of the same room. */
  absorb(other: RoomCore): void {
    for (const key of other.keys) this.keys.add(key);
    other.retire();
    if (this.roomId !== undefined) other.sending.identify(this.roomId);
    this.sending.restore(other.sending.entries);
    other.sending.entries = [];
    this.changed();
  }

  /** Another core is this room from now on, or none: nothing happens here any more. */
  retire(): void {
    this.stopLingering();
    this.link.lost();
    this.sync.lost();
    this.sending.lost();
    this.typists.reset();
    this.marks.reset();
  }

  /** The user is signed out: what they saw and wrote is shown no more. What waits stays in the outbox. */
  disown(problem: ChatProblem): void {
    this.isForeign = true;
    this.retire();
    this.log = emptyLog;
    this.sending.entries = [];
    this.end(problem);
  }

  /** For good: the room was refused, or is no more. What waits may be kept for the next time that its writer comes. */
  shut(problem: ChatProblem, { keepsOutbox = false } = {}): void {
    if (!keepsOutbox) this.sending.refuseAll(problem);
    this.end(problem);
  }

  /** The server's last seq of this room; undefined when it does not think that the room is open on this socket. */
  noteHead(head: number | undefined): void {
    if (this.status !== 'live' || !this.link.isIn) return;
    if (head === undefined) {
      this.sync.reopen();
      return;
    }
    this.log = noteHead(this.log, head);
    this.sync.check();
  }

  hear(event: ServerEvent): void {
    if (this.status === 'closed') return;
    if (event.type === 'message_deleted') this.marks.deleted(event.room_id, event.message_id);
    if (isLogEvent(event)) this.log = applyEvent(this.log, event);
    this.react(event);
    this.sync.check();
    this.changed();
    if (!this.isWanted) this.link.adjust();
  }

  /** The room sends no events until it is open again. */
  private interrupted(): void {
    this.sync.interrupt();
    this.sending.lost();
    if (this.status === 'live') this.enter('recovering');
  }

  /** The answer to this room's own join. */
  private ready({ room_id: roomId, room, head }: EventOf<'ready'>): void {
    if (roomId === null || !this.ports.identified(roomId)) return;
    this.roomId = roomId;
    this.name = room ?? this.name;
    this.log = noteHead(this.log, head ?? 0);
    this.sending.identify(roomId);
    this.changed();
  }

  private react(event: ServerEvent): void {
    switch (event.type) {
      case 'room_users_list':
      case 'user_join':
        this.presence = applyPresence(this.presence, event);
        return;
      case 'user_leave':
        this.presence = applyPresence(this.presence, event);
        this.typists.forget(event.user_id);
        return;
      case 'typing_indicator':
        this.typists.heard(event);
        return;
      case 'chat_message':
        this.typists.forget(event.sender_id);
        if (event.client_id !== undefined && event.sender_id === this.ports.user()?.id) {
          this.sending.stored(event.client_id);
        }
        return;
      case 'ack':
        this.acknowledged(event);
        return;
      case 'message_read':
        this.marks.heard(event);
        return;
      case 'member_removed':
        if (event.member.id === this.ports.user()?.id && event.seq > this.addedAt) this.removed();
        return;
      case 'member_added':
        if (event.member.id === this.ports.user()?.id) this.addedAt = Math.max(this.addedAt, event.seq);
        return;
      case 'room_updated':
        this.name = event.room.room_name;
        return;
      case 'room_deleted':
        this.shut(new ChatProblem({ code: 'closed', detail: 'The room was deleted' }));
        return;
      case 'message_edited':
      case 'message_deleted':
      case 'member_updated':
      case 'ready':
      case 'left':
      case 'history_end':
      case 'pong':
      case 'error':
      case 'close':
        return;
    }
  }

  private acknowledged({ client_id, message_id, room_id, seq, timestamp, duplicate }: EventOf<'ack'>): void {
    const entry = client_id === undefined ? undefined : this.sending.stored(client_id);
    const user = this.ports.user();
    // The original of a duplicate may have been edited since: the history tells.
    if (duplicate || entry === undefined || user === undefined) {
      this.log = noteHead(this.log, seq);
      return;
    }
    this.log = applyMessage(this.log, {
      message_id,
      room_id,
      seq,
      timestamp,
      sender_id: user.id,
      sender_username: user.username,
      content: entry.content,
      edited_at: null,
      is_deleted: false,
      client_id: entry.client_id,
    });
  }

  /** In a run of history it may be an old story: then opening the room again tells whether one still belongs. */
  private removed(): void {
    if (this.status !== 'live' || this.sync.isAsking) {
      this.sync.reopen();
      return;
    }
    this.shut(new ChatProblem({ code: 'removed', status: 403, detail: 'You no longer belong to this room' }));
  }

  private destination(): { room_id: string; user_id: string } | undefined {
    const user = this.ports.user();
    const isOpen = this.status === 'live' && this.link.isIn;
    if (!isOpen || this.roomId === undefined || user === undefined) return undefined;
    return { room_id: this.roomId, user_id: user.id };
  }

  private settled(): void {
    if (this.status !== 'live') {
      this.enter('live');
      if (this.roomId !== undefined) void this.marks.load(this.roomId);
    }
    this.sending.flush();
  }

  /** Ends all events and sends of this room. A server that still has the room open on this socket closes it. */
  end(problem: ChatProblem): void {
    this.problem = problem;
    this.sync.close(problem);
    this.sending.lost();
    this.typists.reset();
    this.marks.reset();
    this.presence = emptyPresence;
    this.enter('closed');
    this.changed();
    this.link.adjust();
  }

  private enter(status: RoomStatus): void {
    if (this.status === status) return;
    this.status = status;
    this.snapshot = undefined;
    this.ports.statusChanged();
  }

  private view(): RoomSnapshot {
    const user = this.ports.user();
    return {
      status: this.status,
      problem: this.problem,
      room_id: this.roomId,
      name: this.name,
      messages: viewMessages(this.log, this.sending.entries, user, this.roomId ?? ''),
      hasOlder: this.log.hasOlder,
      users: this.presence.users,
      userCount: this.presence.count,
      typing: this.typists.others,
      unread: this.marks.unread(user?.id),
      readers: this.marks.readers,
    };
  }
}
