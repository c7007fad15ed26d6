/** The leaves that the leader sends for rooms that no tab has open any more. A room is not joined again before its answer. */
import type { EventOf } from '../contract/events.ts';
import { noTab, sharedRef } from './refs.ts';
import type { SharedChannel } from './shared-channel.ts';

export interface SharedLeavesPorts extends SharedChannel {
  /** The room is not open on the socket any more. */
  left: (roomId: string) => void;
}

interface Leave {
  roomId: string;
  isRepeated: boolean;
  cancelTimer: () => void;
}

/** A leave is repeated once when it is not answered in this time, since the socket serves other rooms as well. */
const answerTimeoutMs = 10_000;
const retryMs = 1_000;

export class SharedLeaves {
  readonly #ports: SharedLeavesPorts;
  /** By the `ref` of the latest command. */
  readonly #leaves = new Map<string, Leave>();
  #lastNumber = 0;

  constructor(ports: SharedLeavesPorts) {
    this.#ports = ports;
  }

  /** Whether that room is being left, or any room. */
  isLeaving(roomId?: string): boolean {
    const leaves = [...this.#leaves.values()];
    return leaves.some((leave) => roomId === undefined || leave.roomId === roomId);
  }

  leave(roomId: string): void {
    if (!this.isLeaving(roomId)) this.#send(roomId, false);
  }

  answered(ref: string): void {
    const leave = this.#leaves.get(ref);
    if (leave === undefined) return;
    leave.cancelTimer();
    this.#leaves.delete(ref);
    this.#ports.left(leave.roomId);
  }

  /** Returns whether the error is the answer to a leave. */
  refused(event: EventOf<'error'>, ref: string): boolean {
    const leave = this.#leaves.get(ref);
    if (leave === undefined) return false;
    leave.cancelTimer();
    const { roomId, isRepeated } = leave;
    const isTransient = event.retryable || event.name === 'unauthorized';
    if (!isTransient) this.answered(ref);
    else
      leave.cancelTimer = this.#ports.clock.after(Math.max(retryMs, event.retry_after_ms ?? 0), () => {
        this.#leaves.delete(ref);
        this.#send(roomId, isRepeated);
      });
    return true;
  }

  end(): void {
    for (const { cancelTimer } of this.#leaves.values()) cancelTimer();
    this.#leaves.clear();
  }

  #send(roomId: string, isRepeated: boolean): void {
    this.#lastNumber += 1;
    const ref = sharedRef({ tab: noTab, ref: `leave${this.#lastNumber}` });
    const cancelTimer = this.#ports.clock.after(answerTimeoutMs, () => {
      this.#leaves.delete(ref);
      if (isRepeated) this.#ports.fail();
      else this.#send(roomId, true);
    });
    this.#leaves.set(ref, { roomId, isRepeated, cancelTimer });
    this.#ports.toServer({ type: 'leave', room_id: roomId, ref });
  }
}
