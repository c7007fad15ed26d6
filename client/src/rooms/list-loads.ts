/** The loads of the list of rooms: one at a time unless a newer one replaces it, whose answer is then ignored. */
import type { asProblem } from '../problem.ts';
import type { Clock } from '../system.ts';
import type { MyRooms } from './read-my-rooms.ts';
import { notLoaded } from './room-list-snapshot.ts';
import type { Effect } from './room-rows.ts';

export interface ListLoadsPorts {
  clock: Clock;
  /** Called when a load begins. */
  started: () => void;
  read: () => Promise<MyRooms>;
  /** Takes the rooms of an answer. */
  apply: (rooms: MyRooms['rooms']) => Effect;
  /** Called when a load has succeeded or failed, with what its answer has changed. */
  ended: (effect: Effect) => void;
  asProblem: typeof asProblem;
}

export class ListLoads {
  outcome = notLoaded;
  /** When the last load succeeded. */
  loadedAtMs = 0;
  readonly #ports: ListLoadsPorts;
  /** Identifies the newest load. */
  #load = 0;
  #running: Promise<void> | undefined;

  constructor(ports: ListLoadsPorts) {
    this.#ports = ports;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Loads the list, or waits for the load that runs. */
  join(): Promise<void> {
    return this.#running ?? this.begin();
  }

  /** Loads the list, which then holds everything that happened before. */
  begin(): Promise<void> {
    this.#load += 1;
    const load = this.#load;
    this.#ports.started();
    const running = this.#run(load);
    this.#running = running;
    return running;
  }

  /** Ignores the answer that is awaited. */
  abandon(): void {
    this.#load += 1;
    this.#running = undefined;
  }

  async #run(load: number): Promise<void> {
    const { read, apply, ended, clock, asProblem } = this.#ports;
    let effect: Effect = 'none';
    try {
      const { rooms, hasMore } = await read();
      if (load !== this.#load) return;
      effect = apply(rooms);
      this.outcome = { isLoaded: true, hasMore, problem: undefined };
      this.loadedAtMs = clock.now();
    } catch (error) {
      if (load !== this.#load) return;
      this.outcome = { ...this.outcome, problem: asProblem(error) };
    }
    this.#running = undefined;
    ended(effect);
  }
}
