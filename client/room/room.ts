/** One room as its users see it: an ordered list of messages, who is here, who types, what is unread. */
import type { HttpOperations } from '../http/operation-types.ts';
import { ChatProblem } from '../problem.ts';
import { applyDeletion, applyMessage } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import { mustBeSendable } from './content.ts';
import type { RoomCore } from './room-core.ts';
import type { RoomSnapshot, RoomStatus } from './room-snapshot.ts';

export interface RoomPorts {
  http: Pick<HttpOperations, 'editMessage' | 'deleteMessage'>;
  user(): SessionUser | undefined;
  /** The consumer wants no more of it. */
  close(): void;
}

export class Room {
  private readonly core: RoomCore;
  private readonly ports: RoomPorts;

  constructor(core: RoomCore, ports: RoomPorts) {
    this.core = core;
    this.ports = ports;
  }

  /** Calls the listener after each change; the result ends that. */
  subscribe = (listener: () => void): (() => void) => this.core.listeners.add(listener);

  /** The same object until something changes. */
  getSnapshot = (): RoomSnapshot => this.core.getSnapshot();

  get status(): RoomStatus {
    return this.core.status;
  }

  /** Undefined until the room has been open once. */
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
   * Puts a message into the outbox, from where it is sent as soon as it can be. The result is its key among
   * `messages`. Throws `invalid_request` for what no server would take, `signed_out`.
   */
  send(content: string): string {
    mustBeSendable(content);
    const user = this.ports.user();
    if (user === undefined) {
      throw new ChatProblem({ code: 'signed_out', status: 401, detail: 'Sign in first' });
    }
    const { core } = this;
    if (core.problem !== undefined) throw core.problem;
    const entry = core.sending.add({ user_id: user.id, room: core.key, content });
    core.typists.stopped(true);
    core.changed();
    return `${user.id}/${entry.client_id}`;
  }

  /** Tries a failed message again, by its `client_id`. */
  retry(clientId: string): void {
    this.core.sending.retry(clientId);
    this.core.changed();
  }

  /** Takes a message that was not sent out of the outbox, by its `client_id`. */
  discard(clientId: string): void {
    this.core.sending.take(clientId);
    this.core.sending.flush();
    this.core.changed();
  }

  /** Rejects with `forbidden`, `not_found`, `invalid_request`. */
  async edit(messageId: string, content: string): Promise<void> {
    mustBeSendable(content);
    const message = await this.ports.http.editMessage({ message_id: messageId, content });
    this.core.update((log) => applyMessage(log, message));
  }

  /** Rejects with `forbidden`, `not_found`. */
  async delete(messageId: string): Promise<void> {
    await this.ports.http.deleteMessage({ message_id: messageId });
    this.core.update((log) => applyDeletion(log, messageId));
  }

  /** Resolves when one more page is among `messages`, or there is none; rejects when the room is closed. */
  async loadOlder(): Promise<void> {
    if (this.core.problem !== undefined) throw this.core.problem;
    await this.core.sync.loadOlder();
  }

  /** A key was pressed in this room's field; `false` when it was left or emptied. */
  setTyping(isTyping = true): void {
    if (isTyping && this.core.status === 'live') this.core.typists.pressed();
    else this.core.typists.stopped();
  }

  /** The user has seen everything up to that message, the newest one when none is named. */
  markRead(messageId?: string): void {
    const { roomId, marks } = this.core;
    if (roomId !== undefined) marks.move(roomId, messageId);
  }

  /** Ends interest in the room: it leaves the socket, and this object tells nothing more. */
  close(): void {
    this.ports.close();
  }
}
