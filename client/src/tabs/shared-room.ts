/** One room that is open on the shared socket: the tabs that have it open, and what a further tab is welcomed with. */
import type { EventOf, ServerEvent } from '../contract/events.ts';

export class SharedRoom {
  readonly id: string;
  readonly tabs = new Set<number>();
  /** Whether the server is known to have the room open on the socket. If not, a tab has to join it again. */
  isOpen = true;
  /** The highest seq that has arrived. */
  head: number;
  #ready: EventOf<'ready'>;
  #users: EventOf<'room_users_list'>['users'] = [];
  #userCount = 0;

  constructor(id: string, ready: EventOf<'ready'>) {
    this.id = id;
    this.#ready = ready;
    this.head = ready.head ?? 0;
  }

  /** The server has opened the room on this socket, or opened it again. */
  opened(ready: EventOf<'ready'>): void {
    this.isOpen = true;
    this.#ready = ready;
    this.#raiseHead(ready.head ?? 0);
  }

  receive(event: ServerEvent): void {
    if ('seq' in event) this.#raiseHead(event.seq);
    if (event.type === 'ready') this.opened(event);
    if (event.type === 'room_updated') this.#ready = { ...this.#ready, room: event.room.room_name };
    if (event.type === 'user_join') this.#joined({ id: event.user_id, username: event.username });
    if (event.type === 'user_leave') this.#left(event.user_id);
    if (event.type !== 'room_users_list') return;
    this.#users = event.users;
    this.#userCount = event.total ?? event.users.length;
  }

  /** Takes the room's seq from a `pong`; undefined means that the server does not have the room open on the socket. */
  receiveHead(head: number | undefined): void {
    this.isOpen = head !== undefined;
    this.#raiseHead(head ?? 0);
  }

  /** Returns what the server sends to a socket that joins the room, before the history. */
  welcome(ref: string): ServerEvent[] {
    const users = this.#users;
    const total = this.#userCount > users.length ? { total: this.#userCount } : {};
    return [
      { ...this.#ready, head: this.head, ref },
      { type: 'room_users_list', room_id: this.id, users, ...total },
    ];
  }

  #raiseHead(seq: number): void {
    this.head = Math.max(this.head, seq);
  }

  #joined(user: { id: string; username: string }): void {
    if (this.#users.some(({ id }) => id === user.id)) return;
    this.#users = [...this.#users, user];
    this.#userCount += 1;
  }

  #left(userId: string): void {
    const others = this.#users.filter(({ id }) => id !== userId);
    // A user who is not listed may be one of those that the server's list was too short for.
    if (others.length === this.#users.length && this.#userCount === others.length) return;
    this.#users = others;
    this.#userCount -= 1;
  }
}
