/** Keeps one room open for one component. */
import type { Room } from '../index.ts';
import type { ClientSource } from './client-source.ts';
import type { Store } from './use-selected.ts';

/**
 * A store of the open room. React subscribes to it when the component is mounted and unsubscribes when it is unmounted or
 * hidden, so that the room is open in between, and so that a render that React abandons opens nothing.
 */
export class RoomHolder implements Store<Room> {
  readonly #source: ClientSource;
  readonly #nameOrId: string;
  readonly #create: boolean;
  #room: Room | undefined;
  #listener: (() => void) | undefined;

  constructor(source: ClientSource, nameOrId: string, create = true) {
    this.#source = source;
    this.#nameOrId = nameOrId;
    this.#create = create;
  }

  /** Has at most one listener: that of the component. */
  subscribe = (listener: () => void): (() => void) => {
    this.#room = this.#open();
    this.#listener = listener;
    return () => {
      this.#room?.close();
      this.#room = undefined;
      this.#listener = undefined;
    };
  };

  getSnapshot = (): Room | undefined => this.#room;

  /** Opens the room again after it was closed with a problem. */
  reopen = (): void => {
    if (this.#listener === undefined) return;
    this.#room?.close();
    this.#room = this.#open();
    this.#listener();
  };

  #open(): Room {
    return this.#source.client.room(this.#nameOrId, { create: this.#create });
  }
}
