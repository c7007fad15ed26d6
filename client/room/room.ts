/**
 * One room as its users see it: an ordered list of messages, who is here, who types, what is unread. It puts the
 * parts together and deals events out to them; the protocol's edges end here.
 */
import type { Message, ReadState } from '../../shared/contract/entities.ts';
import type { EventOf, ServerEvent } from '../../shared/contract/websocket/events.ts';
import { Listeners } from '../listeners.ts';
import { ChatProblem } from '../problem.ts';
import {
  applyDeletion,
  applyEvent,
  applyMessage,
  emptyLog,
  isLogEvent,
  noteHead,
  type RoomLog,
} from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import type { Channel } from './channel.ts';
import { mustBeSendable } from './content.ts';
import type { OutboxEntry, OutboxStore } from './outbox-store.ts';
import { applyPresence, nobody, type Presence } from './presence.ts';
import { ReadMarks } from './read-marks.ts';
import { viewMessages, type RoomSnapshot, type RoomStatus } from './room-snapshot.ts';
import { RoomSync } from './room-sync.ts';
import { Sending } from './sending.ts';
import { Typing } from './typing.ts';
import type { ReadMarker } from './unread.ts';

export interface RoomPorts extends Channel {
  outbox: OutboxStore;
  user(): SessionUser | undefined;
  editMessage(messageId: string, content: string): Promise<Message>;
  deleteMessage(messageId: string): Promise<void>;
  markRead(roomId: string, messageId: string): Promise<ReadState>;
  /** The caller's own marker in that room; undefined when they do not belong to it. */
  readMarker(roomId: string): Promise<ReadMarker | undefined>;
  /** The room opened, closed, or caught up. */
  statusChanged(): void;
  /** The consumer wants no more of it. */
  closed(room: Room): void;
}

export class Room {
  /** As the consumer asked for it: a name or an id. */
  readonly key: string;
  roomId: string | undefined;
  status: RoomStatus = 'opening';
  private readonly ports: RoomPorts;
  private readonly listeners = new Listeners();
  private readonly sync: RoomSync;
  private readonly sending: Sending;
  private readonly typists: Typing;
  private readonly marks: ReadMarks;
  private log: RoomLog = emptyLog;
  private presence: Presence = nobody;
  private name: string;
  private problem: ChatProblem | undefined;
  private snapshot: RoomSnapshot | undefined;

  constructor(key: string, ports: RoomPorts) {
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

  /** Calls the listener after each change; the result ends that. */
  subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  /** The same object until something changes. */
  getSnapshot = (): RoomSnapshot => {
    this.snapshot ??= this.view();
    return this.snapshot;
  };

  get messages(): RoomSnapshot['messages'] {
    return this.getSnapshot().messages;
  }

  get users(): RoomSnapshot['users'] {
    return this.getSnapshot().users;
  }

  get typing(): RoomSnapshot['typing'] {
    return this.getSnapshot().typing;
  }

  get unread(): number {
    return this.getSnapshot().unread;
  }

  /**
   * Puts a message into the outbox, from where it is sent as soon as it can be. The result is its key among
   * `messages`. Throws `invalid_request` for what no server would take, `signed_out`.
   */
  send(content: string): string {
    mustBeSendable(content);
    const user = this.ports.user();
    if (user === undefined)
      throw new ChatProblem({ code: 'signed_out', status: 401, detail: 'Sign in first' });
    if (this.problem !== undefined) throw this.problem;
    const entry = this.sending.add({ user_id: user.id, room: this.key, content });
    this.typists.stopped(true);
    this.changed();
    return `${user.id}/${entry.client_id}`;
  }

  /** Tries a failed message again, by its `client_id`. */
  retry(clientId: string): void {
    this.sending.retry(clientId);
    this.changed();
  }

  /** Takes a message that was not sent out of the outbox, by its `client_id`. */
  discard(clientId: string): void {
    this.sending.take(clientId);
    this.sending.flush();
    this.changed();
  }

  /** Rejects with `forbidden`, `not_found`, `invalid_request`. */
  async edit(messageId: string, content: string): Promise<void> {
    mustBeSendable(content);
    this.log = applyMessage(this.log, await this.ports.editMessage(messageId, content));
    this.changed();
  }

  /** Rejects with `forbidden`, `not_found`. */
  async delete(messageId: string): Promise<void> {
    await this.ports.deleteMessage(messageId);
    this.log = applyDeletion(this.log, messageId);
    this.changed();
  }

  /** Resolves when one more page is among `messages`, or there is none. */
  loadOlder(): Promise<void> {
    return this.sync.loadOlder();
  }

  /** A key was pressed in this room's field; `false` when it was left or emptied. */
  setTyping(isTyping = true): void {
    if (isTyping && this.status === 'live') this.typists.pressed();
    else this.typists.stopped();
  }

  /** The user has seen everything up to that message, the newest one when none is named. */
  markRead(messageId?: string): void {
    if (this.roomId !== undefined) this.marks.move(this.roomId, messageId);
  }

  /** Ends interest in the room: it leaves the socket, and this object tells nothing more. */
  close(): void {
    if (this.status !== 'closed' && this.roomId !== undefined) {
      this.ports.send({ type: 'leave', room_id: this.roomId });
    }
    this.end(new ChatProblem({ code: 'closed', detail: 'The room was closed' }));
    this.ports.closed(this);
  }

  // What follows is for the client that holds the room.

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

  private end(problem: ChatProblem): void {
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

  private changed(): void {
    this.snapshot = undefined;
    this.listeners.tell();
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
