/**
 * The time of a run, in which clients live: faster than real time where the machine answers promptly, so that a
 * minute of it is waited for quickly, and no faster than real time where it is busy, so that slow answers do not pass
 * for lost ones.
 */

import { plainClient, type PlainClient } from '../harness/plain-client.ts';
import type { Person } from '../harness/people.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { accessOf } from './access.ts';

/** 400 ms of latency stand for 2 s then. */
const fastest = 5;
/** An answer may take this long in a client's time before time slows down. */
const answerMs = 400;
const measureEveryMs = 300;

interface Timer {
  /** In the run's time. */
  at: number;
  run: () => void;
  real: NodeJS.Timeout | undefined;
}

export class Pace {
  private scale = fastest;
  private passedMs = 0;
  private scaledAt = performance.now();
  private isOver = false;
  private readonly timers = new Set<Timer>();

  /** Milliseconds since the start, in the run's time. */
  now(): number {
    return this.passedMs + (performance.now() - this.scaledAt) * this.scale;
  }

  /** Runs it once after that many milliseconds of the run's time, unless the result is called first. */
  after(milliseconds: number, run: () => void): () => void {
    const timer: Timer = { at: this.now() + milliseconds, run, real: undefined };
    this.timers.add(timer);
    this.schedule(timer);
    return () => this.cancel(timer);
  }

  delay(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.after(milliseconds, resolve));
  }

  /** Follows how long the runtime takes to answer, until `stop`. */
  async follow(runtime: FaultyRuntime, person: Person): Promise<void> {
    let client: PlainClient | undefined;
    try {
      while (!this.isOver) {
        // A token that ended on the way, on a busy machine: the next round has a new one.
        if (client?.isOpen !== true) client = await openSocket(runtime, person).catch(() => undefined);
        if (client === undefined) {
          await new Promise((resolve) => setTimeout(resolve, measureEveryMs));
          continue;
        }
        const askedAt = performance.now();
        await client.ask({ type: 'ping' }, 'pong', 10_000);
        this.change(answerMs / (performance.now() - askedAt));
        await new Promise((resolve) => setTimeout(resolve, measureEveryMs));
      }
    } finally {
      client?.cut();
    }
  }

  stop(): void {
    this.isOver = true;
    for (const timer of this.timers) this.cancel(timer);
  }

  private change(scale: number): void {
    this.passedMs = this.now();
    this.scaledAt = performance.now();
    this.scale = Math.max(1, Math.min(fastest, scale));
    for (const timer of this.timers) this.schedule(timer);
  }

  private schedule(timer: Timer): void {
    clearTimeout(timer.real);
    const run = (): void => {
      this.cancel(timer);
      timer.run();
    };
    timer.real = setTimeout(run, Math.max(0, (timer.at - this.now()) / this.scale));
  }

  private cancel(timer: Timer): void {
    clearTimeout(timer.real);
    this.timers.delete(timer);
  }
}

async function openSocket({ url, webSocketUrl }: FaultyRuntime, person: Person): Promise<PlainClient> {
  const client = plainClient({ webSocketUrl, access: await accessOf(url, person) });
  await client.open();
  return client;
}
