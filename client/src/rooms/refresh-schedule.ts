/** When the list of rooms is loaded again: after a failure, for rooms that cause no events, and for unknown rooms. */
import type { ChatProblem } from '../problem.ts';
import type { backOff, Clock, Random } from '../system.ts';
import type { ActivityRequest } from './activity-request.ts';

export interface RefreshSchedulePorts {
  clock: Clock;
  random: Random;
  backOff: typeof backOff;
  activity: Pick<ActivityRequest, 'isGranted'>;
  refresh: () => Promise<void>;
  /** Whether the list may have changed without an event. It is asked when the list is due. */
  isNeeded: () => boolean;
}

/** Several events may ask for the list at the same time. */
const gatherMs = 250;
const refreshMs = 5 * 60_000;
/** The same where the server sends no `room_activity`. */
const pollMs = 60_000;
/** How long a socket may take to open, and to answer, before the list is loaded without it. */
const socketMs = 2_000;

export class RefreshSchedule {
  readonly #ports: RefreshSchedulePorts;
  #failures = 0;
  #cancel = (): void => {};

  constructor(ports: RefreshSchedulePorts) {
    this.#ports = ports;
  }

  cancel(): void {
    this.#cancel();
  }

  forgetFailures(): void {
    this.#failures = 0;
  }

  /** Loads the list in a moment. */
  soon(load: () => unknown = this.#ports.refresh): void {
    this.#after(gatherMs, load);
  }

  /** Loads the list if the socket that is being opened does not bring it soon. */
  withoutSocket(): void {
    this.#after(socketMs, this.#ports.refresh);
  }

  /** Plans what follows a load: after a failure that does not pass, nothing before the user or the next socket asks. */
  loaded(problem: ChatProblem | undefined): void {
    this.#cancel();
    if (problem === undefined) {
      this.forgetFailures();
      this.#later();
    } else if (problem.retryable) this.#tryAgain(problem.retryAfterMs);
  }

  #tryAgain(retryAfterMs = 0): void {
    const { random, refresh, backOff } = this.#ports;
    this.#failures += 1;
    const delayMs = backOff(this.#failures, { firstMs: 1_000, maxMs: 60_000, random });
    this.#after(Math.max(delayMs, retryAfterMs), refresh);
  }

  #later(): void {
    const { activity, isNeeded, refresh } = this.#ports;
    this.#after(activity.isGranted === true ? refreshMs : pollMs, () =>
      isNeeded() ? refresh() : this.#later(),
    );
  }

  #after(delayMs: number, run: () => unknown): void {
    this.#cancel();
    this.#cancel = this.#ports.clock.after(delayMs, () => void run());
  }
}
