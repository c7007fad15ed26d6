/**
 * What a room is made of: its log, who is here and who types, what waits to be sent, what was read. It deals the
 * socket's events out to these parts; the protocol's edges end here.
 */
import type { EventOf, ServerEvent } from '../../shared/contract/websocket/events.ts';
import { Listeners } from '../listeners.ts';
import { ChatProblem } from '../problem.ts';
import { applyEvent, applyMessage, emptyLog, isLogEvent, noteHead, type RoomLog } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Channel } from './channel.ts';
import type { OutboxEntry, OutboxStore } from './outbox-store.ts';
import { applyPresence, nobody, type Presence } from './presence.ts';
import { ReadMarks, type ReadMarkPorts } from './read-marks.ts';
import { viewMessages, type RoomSnapshot, type RoomStatus } from './room-snapshot.ts';
import { RoomSync } from './room-sync.ts';
import { Sending } from './sending.ts';
import { Typing } from './typing.ts';

export interface RoomCorePorts extends Channel, Pick<ReadMarkPorts, 'markRead' | 'readMarker'> {
  outbox: OutboxStore;
  user: () => SessionUser | undefined;
  /** The room opened, closed, or caught up. */
  statusChanged(): void;
}

export class RoomCore {
  /** As the consumer asked for it: a name or an id. */
  readonly key: string;
  readonly listeners = new Listeners();
  readonly sync: RoomSync;
  readonly sending: Sending;
  readonly typists: Typing;
  readonly marks: ReadMarks;
  roomId: string | undefined;
  status: RoomStatus = 'opening';
  name: string;
  /** Why it is closed. */
  problem: ChatProblem | undefined;
  private readonly ports: RoomCorePorts;
  private log: RoomLog = emptyLog;
  private presence: Presence = nobody;
  private snapshot: RoomSnapshot | undefined;

  constructor(key: string, ports: RoomCorePorts) {
    this.key = key;
    this.name = key;
    this.ports = ports;
    const { clock, random } = ports;
    const channel: Channel = {
      clock,
      random,
      probe: () => ports.probe(),
      abandon: () => ports.abandon(),
      send: (command, onError) =>
        ports.send(
          this.roomId === undefined || command.type === 'join'
            ? command
            : { ...command, room_id: this.roomId },
          onError,
        ),
    };
    const changed = (): void => this.changed();
    this.typists = new Typing(channel, changed);
    this.marks = new ReadMarks({ ...channel, ...ports, log: () => this.log, changed });
    this.sync = new RoomSync({
      ...channel,
      log: () => this.log,
      change: (log) => (this.log = log),
      address: () => this.roomId ?? this.key,
      settled: () => this.settled(),
      refused: (problem) => this.shut(problem),
    });
    this.sending = new Sending({
      ...channel,
      store: ports.outbox,
      canSend: () => this.status === 'live',
      changed,
      reopen: () => this.sync.reopen(),
    });
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
    this.listeners.tell();
  }

  /** Messages of an earlier visit. */
  restore(entries: readonly OutboxEntry[]): void {
    this.sending.restore(entries);
    this.changed();
  }

  /** There is a socket: the room is opened on it. */
  opened(): void {
    if (this.status === 'closed') return;
    this.enter(this.status === 'opening' ? 'opening' : 'recovering');
    this.sync.join();
  }

  /** The socket has gone. `resume` is false when what was seen no longer counts. */
  lost(resume: boolean): void {
    if (this.status === 'closed') return;
    if (!resume) this.log = emptyLog;
    this.sync.lost();
    this.sending.lost();
    this.typists.reset();
    if (this.status === 'live') this.enter('recovering');
    this.changed();
  }

  /** For good: the room was refused, or is no more. What waits may be kept for the next time that its writer comes. */
  shut(problem: ChatProblem, { keepsOutbox = false } = {}): void {
    this.end(problem);
    if (!keepsOutbox) this.sending.refuseAll(problem);
    this.changed();
  }

  /** The server's last seq of this room; undefined when it does not think that the room is open on this socket. */
  noteHead(head: number | undefined): void {
    if (this.status !== 'live') return;
    if (head === undefined) {
      this.sync.reopen();
      return;
    }
    this.log = noteHead(this.log, head);
    this.sync.check();
  }

  hear(event: ServerEvent): void {
    if (this.status === 'closed') return;
    if (isLogEvent(event)) this.log = applyEvent(this.log, event);
    this.react(event);
    this.sync.check();
    this.changed();
  }

  private react(event: ServerEvent): void {
    switch (event.type) {
      case 'ready':
        this.roomId = event.room_id ?? this.roomId;
        this.name = event.room ?? this.name;
        this.log = noteHead(this.log, event.head ?? 0);
        return;
      case 'history_end':
        this.sync.historyEnded(event);
        return;
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
        if (event.member.id === this.ports.user()?.id) this.removed();
        return;
      case 'room_updated':
        this.name = event.room.room_name;
        return;
      case 'room_deleted':
        this.shut(new ChatProblem({ code: 'closed', detail: 'The room was deleted' }));
        return;
      case 'left':
      case 'message_edited':
      case 'message_deleted':
      case 'member_added':
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

  private settled(): void {
    if (this.status !== 'live') {
      this.enter('live');
      if (this.roomId !== undefined) void this.marks.load(this.roomId);
    }
    this.sending.flush();
  }

  /** Nothing more is told or sent. */
  end(problem: ChatProblem): void {
    this.problem = problem;
    this.sync.close(problem);
    this.sending.lost();
    this.typists.reset();
    this.marks.reset();
    this.presence = nobody;
    this.enter('closed');
    this.changed();
  }

  private enter(status: RoomStatus): void {
    if (this.status === status) return;
    this.status = status;
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
