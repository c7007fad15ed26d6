/** One view of a room: an ordered list of messages, who is here, who types, what is unread. */
import type { HttpOperations } from '../http/operation-types.ts';
import { Listeners } from '../listeners.ts';
import { ChatProblem } from '../problem.ts';
import { applyDeletion, applyMessage } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import { assertSendable } from './content.ts';
import type { RoomCore } from './room-core.ts';
import type { RoomSnapshot, RoomStatus } from './room-snapshot.ts';

export interface RoomPorts {
  http: Pick<HttpOperations, 'editMessage' | 'deleteMessage'>;
  user(): SessionUser | undefined;
  /** The view wants the room: the core to show from now on. */
  holdAgain(room: Room, roomId: string | undefined): RoomCore;
  /** The view wants it no more. */
  release(room: Room, core: RoomCore): void;
}

/**
 * A view holds its room open until it is closed; the room is left when no view holds it any more. A view that was
 * closed and is subscribed to again, as user interfaces do that mount twice, holds the room for as long as it has
 * listeners.
 */
export class Room {
  /** What it was asked for by: a name or an id. */
  readonly key: string;
  private readonly ports: RoomPorts;
  private readonly listeners = new Listeners();
  private core: RoomCore;
  private state: 'held' | 'watched' | 'closed';
  private stop = (): void => {};
  private lastSnapshot: RoomSnapshot | undefined;

  /** A room that only its unsent texts keep open is shown without being held. */
  constructor(key: string, ports: RoomPorts, { core, isHeld }: { core: RoomCore; isHeld: boolean }) {
    this.key = key;
    this.ports = ports;
    this.core = core;
    this.state = isHeld ? 'held' : 'closed';
    this.watch(core);
  }

  /** Calls the listener after each change; the result ends that. */
  subscribe = (listener: () => void): (() => void) => {
    if (this.state === 'closed' && !this.core.isForeign) this.reopen();
    const stop = this.listeners.add(listener);
    return () => {
      stop();
      if (this.state === 'watched' && this.listeners.size === 0) this.close();
    };
  };

  /** The same object until something changes. */
  getSnapshot = (): RoomSnapshot => this.lastSnapshot ?? this.core.getSnapshot();

  get status(): RoomStatus {
    return this.getSnapshot().status;
  }

  /** Undefined until the room has been open once, if it was asked for by its name. */
  get roomId(): string | undefined {
    return this.core.roomId;
  }

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
   * Puts a message into the outbox, from where it is sent to this very room as soon as it can be. The result is its key
   * among `messages`. Throws `invalid_request` for what no server would take, `signed_out`, and why the room is closed.
   */
  send(content: string): string {
    assertSendable(content);
    const user = this.ports.user();
    const { core } = this;
    if (user === undefined || core.isForeign) {
      throw new ChatProblem({ code: 'signed_out', status: 401, detail: 'Sign in first' });
    }
    const { problem } = this.getSnapshot();
    if (problem !== undefined) throw problem;
    const clientId = core.send(user.id, content);
    return `${user.id}/${clientId}`;
  }

  /** Tries a failed message again, by its `client_id`. Throws why the room is closed. */
  retry(clientId: string): void {
    const { problem } = this.getSnapshot();
    if (problem !== undefined) throw problem;
    this.core.sending.retry(clientId);
    this.core.changed();
  }

  /** Takes a message that was not sent out of the outbox, by its `client_id`. */
  discard(clientId: string): void {
    this.core.discard(clientId);
  }

  /** Rejects with `forbidden`, `not_found`, `invalid_request`. */
  async edit(messageId: string, content: string): Promise<void> {
    assertSendable(content);
    this.assertOurs();
    const message = await this.ports.http.editMessage({ message_id: messageId, content });
    this.core.update((log) => applyMessage(log, message));
  }

  /** Rejects with `forbidden`, `not_found`. */
  async delete(messageId: string): Promise<void> {
    this.assertOurs();
    await this.ports.http.deleteMessage({ message_id: messageId });
    this.core.update((log) => applyDeletion(log, messageId));
  }

  /** Resolves when one more page is among `messages`, or there is none; rejects when the room is closed. */
  async loadOlder(): Promise<void> {
    const { problem } = this.getSnapshot();
    if (problem !== undefined) throw problem;
    await this.core.sync.loadOlder();
  }

  /** A key was pressed in this room's field; `false` when it was left or emptied. */
  setTyping(isTyping = true): void {
    if (isTyping && this.status === 'live') this.core.typists.pressed();
    else this.core.typists.stopped();
  }

  /** The user has seen everything up to that message, the newest one when none is named. */
  markRead(messageId?: string): void {
    const { roomId, marks, isForeign } = this.core;
    if (roomId !== undefined && !isForeign) marks.move(roomId, messageId);
  }

  /**
   * Ends this view. The room is left when no other view holds it and everything that was written there has been sent.
   */
  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.stop();
    const { core } = this;
    const problem =
      core.problem ?? new ChatProblem({ code: 'closed', detail: 'This view of the room was closed' });
    this.lastSnapshot = { ...core.getSnapshot(), status: 'closed', problem };
    this.ports.release(this, core);
    this.listeners.notify();
  }

  /** Shows another core from now on: two that were asked for turned out to be one room. */
  move(core: RoomCore): void {
    this.stop();
    this.watch(core);
    this.listeners.notify();
  }

  private reopen(): void {
    this.state = 'watched';
    this.stop();
    this.lastSnapshot = undefined;
    this.watch(this.ports.holdAgain(this, this.core.roomId));
  }

  private watch(core: RoomCore): void {
    this.core = core;
    this.stop = core.listeners.add(() => this.listeners.notify());
  }

  /** A view of a user who is no longer signed in changes nothing. */
  private assertOurs(): void {
    this.ports.user();
    if (this.core.isForeign) {
      throw new ChatProblem({ code: 'signed_out', status: 401, detail: 'Sign in first' });
    }
  }
}
