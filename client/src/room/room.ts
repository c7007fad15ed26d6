/** One view of a room: what it shows, and what its user can do there. */
import type { Attachment } from '../contract/entities.ts';
import type { HttpOperations } from '../contract/http-operations.ts';
import { Listeners } from '../listeners.ts';
import * as problems from '../problems.ts';
import { applyDeletion, applyMessage } from '../room-log.ts';
import type { SessionUser } from '../session/claims.ts';
import { RoomUploads } from '../uploads/room-uploads.ts';
import type { Upload } from '../uploads/upload.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { assertSendable } from './content.ts';
import type { RoomCore } from './room-core.ts';
import type { RoomSnapshot, RoomStatus } from './room-snapshot.ts';

export interface RoomPorts {
  http: Pick<HttpOperations, 'editMessage' | 'deleteMessage' | 'markUnread'>;
  uploads: Uploads;
  user(): SessionUser | undefined;
  /** The view keeps the room open from now on. Returns the core to show. */
  open(view: Room, roomId: string | undefined): RoomCore;
  /** The view does not keep the room open any more. */
  close(view: Room, core: RoomCore): void;
}

/**
 * A view of a room, one for each call of `client.room()`. It keeps the room open until its `close` is called; the room
 * is left one second after it has no open view any more. Subscribing to a closed view opens it again, for as long as it
 * has listeners, since user interfaces may mount, unmount and mount again.
 *
 * A hot reload that keeps the client therefore leaves no room. One that creates another client should call `disconnect`
 * of the old one. After a reload of the page, a new client opens its rooms on a new socket, and sends what was not sent.
 *
 * The views in `client.getSnapshot().rooms` show rooms without keeping them open.
 *
 * @example
 * const room = client.room('general');
 * room.subscribe(() => render(room.getSnapshot()));
 * room.send('hello');
 */
export class Room {
  /** The name or id that the view was opened with. */
  readonly key: string;
  /** The files that this view uploads for its next message. */
  readonly uploads: RoomUploads;
  readonly #ports: RoomPorts;
  readonly #listeners = new Listeners();
  #core: RoomCore;
  /** `subscribed`: kept open by its listeners, after it was closed once. `listed`: shows the room as long as it is open. */
  #state: 'open' | 'subscribed' | 'closed' | 'listed' = 'listed';
  #stopWatching = (): void => {};
  #lastSnapshot: RoomSnapshot | undefined;

  /** @internal */
  constructor(key: string, core: RoomCore, ports: RoomPorts) {
    this.key = key;
    this.#ports = ports;
    this.uploads = new RoomUploads(ports.uploads, () => this.roomId);
    this.#core = core;
    this.#watch(core);
  }

  /**
   * Lets a view that only showed the room keep it open.
   *
   * @internal
   */
  hold(): this {
    this.#state = 'open';
    return this;
  }

  /**
   * Calls the listener after each change, until the returned function is called. Together with `getSnapshot` it fits
   * React's `useSyncExternalStore`.
   *
   * @example
   * const { messages } = useSyncExternalStore(room.subscribe, room.getSnapshot);
   */
  subscribe = (listener: () => void): (() => void) => {
    if (this.#state === 'closed' && !this.#core.state.isSignedOut) this.#reopen();
    const remove = this.#listeners.add(listener);
    return () => {
      remove();
      if (this.#state === 'subscribed' && this.#listeners.size === 0) this.close();
    };
  };

  /** Returns what the room looks like now: the same object until something changes. */
  getSnapshot = (): RoomSnapshot => this.#lastSnapshot ?? this.#core.getSnapshot();

  get status(): RoomStatus {
    return this.getSnapshot().status;
  }

  /** Undefined until the room has been open once, unless it was asked for by its id. */
  get roomId(): string | undefined {
    return this.#core.state.roomId;
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
   * Puts a message into the outbox, which sends it to this room as soon as possible, also after a lost connection.
   *
   * @param options `attachments` are up to ten of `uploads`, which belong to the message from now on. They may still be on
   * their way: the message is sent once the server has them.
   * @returns the message's `key` in `messages`
   * @throws {ChatProblem} `invalid_request` for content or attachments that the server would refuse, `outbox_full` for files
   * that are not uploaded while others wait, `signed_out`, or the problem for which an upload has failed or the room is closed
   * @example
   * try {
   *   room.send(field.value);
   * } catch (problem) {
   *   showHint(problem.detail);
   * }
   */
  send(content: string, { attachments = [] }: { attachments?: readonly Upload[] } = {}): string {
    assertSendable(content, attachments.length > 0);
    const files = this.uploads.filesOf(attachments);
    const user = this.#ports.user();
    const core = this.#core;
    if (user === undefined || core.state.isSignedOut) {
      throw problems.signInFirst();
    }
    const { problem } = this.getSnapshot();
    if (problem !== undefined) throw problem;
    const clientId = core.send(user.id, content, files);
    this.uploads.drop(files);
    return `${user.id}/${clientId}`;
  }

  /**
   * Sends a failed message again.
   *
   * @param clientId the message's `client_id`
   * @throws {ChatProblem} the problem for which the room is closed
   */
  retry(clientId: string): void {
    const { problem } = this.getSnapshot();
    if (problem !== undefined) throw problem;
    this.#core.parts.sending.retry(clientId);
    this.#core.state.changed();
  }

  /**
   * Removes a message that was not sent from the outbox.
   *
   * @param clientId the message's `client_id`
   */
  discard(clientId: string): void {
    this.#core.discard(clientId);
  }

  /**
   * Replaces the content of the user's own message.
   *
   * @throws {ChatProblem} `forbidden`, `not_found`, `invalid_request`, `signed_out`, `unreachable`
   */
  async edit(messageId: string, content: string): Promise<void> {
    const mayBeEmpty = this.messages.some((one) => one.message_id === messageId && one.attachments);
    assertSendable(content, mayBeEmpty);
    this.#assertSignedIn();
    const message = await this.#ports.http.editMessage({ message_id: messageId, content });
    this.#core.updateLog((log) => applyMessage(log, message));
  }

  /**
   * Deletes the user's own message. It stays in the list without its content.
   *
   * @throws {ChatProblem} `forbidden`, `not_found`, `signed_out`, `unreachable`
   */
  async delete(messageId: string): Promise<void> {
    this.#assertSignedIn();
    await this.#ports.http.deleteMessage({ message_id: messageId });
    this.#core.updateLog((log) => applyDeletion(log, messageId));
  }

  /**
   * Requests new addresses for an attachment, which end after an hour, and shows them in all rooms.
   *
   * @param attachmentId its `attachment_id`
   * @throws {ChatProblem} `not_found` when its message was deleted, `signed_out`, `unreachable`
   */
  renewAttachment(attachmentId: string): Promise<Attachment> {
    return this.#ports.uploads.use((part) => part.renew(attachmentId));
  }

  /**
   * Adds one page of older messages to `messages`, if there are any.
   *
   * @throws {ChatProblem} the problem for which the room is closed
   */
  async loadOlder(): Promise<void> {
    const { problem } = this.getSnapshot();
    if (problem !== undefined) throw problem;
    await this.#core.parts.sync.loadOlder();
  }

  /** Call it on each key press in the room's input field, and with `false` when the field was left or emptied. */
  setTyping(isTyping = true): void {
    if (isTyping && this.status === 'live') this.#core.parts.typing.keyPressed();
    else this.#core.parts.typing.stopped();
  }

  /** Moves the user's read marker forward to that message, or to the newest one. */
  markRead(messageId?: string): void {
    const { parts, state } = this.#core;
    if (state.roomId !== undefined && !state.isSignedOut) parts.readMarkers.move(state.roomId, messageId);
  }

  /**
   * Marks a message and those after it as unread, on all of the user's devices. `isMarkedUnread` of the snapshot is true then.
   *
   * @throws {ChatProblem} `not_found`, `signed_out`, `unreachable`
   */
  async markUnread(messageId: string): Promise<void> {
    this.#assertSignedIn();
    const { parts, state } = this.#core;
    const { roomId: room_id } = state;
    if (room_id === undefined) return;
    await parts.readMarkers.moveBack(() => this.#ports.http.markUnread({ room_id, message_id: messageId }));
  }

  /**
   * Closes this view, and no other one of the room. The room is left when no view holds it any more, its messages have
   * been sent, and no view is opened within a second.
   */
  close(): void {
    if (this.#state === 'closed' || this.#state === 'listed') return;
    this.#state = 'closed';
    this.#stopWatching();
    const core = this.#core;
    const problem = core.state.problem ?? problems.viewClosed();
    this.#lastSnapshot = { ...core.getSnapshot(), status: 'closed', problem };
    this.#clearUploads();
    this.#ports.close(this, core);
    this.#listeners.notify();
  }

  /**
   * Shows another core of the same room from now on.
   *
   * @internal
   */
  move(core: RoomCore): void {
    this.#stopWatching();
    this.#watch(core);
    this.#listeners.notify();
  }

  #reopen(): void {
    this.#state = 'subscribed';
    this.#stopWatching();
    this.#lastSnapshot = undefined;
    this.#watch(this.#ports.open(this, this.#core.state.roomId));
  }

  #watch(core: RoomCore): void {
    this.#core = core;
    this.#stopWatching = core.state.listeners.add(() => {
      if (core.state.status === 'closed') this.#clearUploads();
      this.#listeners.notify();
    });
  }

  #clearUploads(): void {
    this.#ports.uploads.release(this.uploads.drop());
  }

  /** Also looks into the token store, where another tab may have signed in another user. */
  #assertSignedIn(): void {
    this.#ports.user();
    if (this.#core.state.isSignedOut) {
      throw problems.signInFirst();
    }
  }
}
