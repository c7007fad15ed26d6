/** The request that the server sends the activity of all rooms on the current socket, and its answer. */
import type { Connection } from '../socket/connection.ts';
import type { Clock } from '../system.ts';

export interface ActivityRequestPorts {
  clock: Clock;
  connection: Pick<Connection, 'send'>;
  isActive: () => boolean;
  /** Loads the list after the server has answered: what happens from then on comes as an event. */
  refresh: () => Promise<void>;
}

const answerTimeoutMs = 10_000;

export class ActivityRequest {
  /** Whether the current socket sends `room_activity`; undefined until the server has answered. */
  isGranted: boolean | undefined;
  readonly #ports: ActivityRequestPorts;
  #cancelTimeout = (): void => {};

  constructor(ports: ActivityRequestPorts) {
    this.#ports = ports;
  }

  /** Sends the command on a new socket. A server that does not answer sends no activity, unless it answers late. */
  send(): void {
    const { clock, connection, isActive, refresh } = this.#ports;
    this.socketLost();
    let isAnswered = false;
    const answered = (isGranted: boolean): void => {
      this.stopWaiting();
      if (!isActive()) return;
      this.isGranted = isGranted;
      if (!isAnswered || isGranted) void refresh();
      isAnswered = true;
    };
    this.#cancelTimeout = clock.after(answerTimeoutMs, () => answered(false));
    connection.send({ type: 'inbox' }, (answer) => answered(answer.type === 'ready'));
  }

  socketLost(): void {
    this.isGranted = undefined;
    this.stopWaiting();
  }

  stopWaiting(): void {
    this.#cancelTimeout();
  }
}
