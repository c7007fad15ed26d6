/**
 * The clock of a run. It is faster than real time while the runtime answers promptly, so that the clients' waits end
 * soon, and as slow as real time on a busy machine, so that slow answers are not taken for lost ones.
 */

import { plainClient, type PlainClient } from '../harness/plain-client.ts';
import type { Person } from '../harness/people.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { accessOf } from './access.ts';

/** At this scale, 400 ms of latency are 2 s for the client. */
const maxScale = 5;
/** The clock slows down when answers take longer than this by the run's time. */
const targetAnswerMs = 400;
const measureEveryMs = 300;

interface Timer {
  /** In the run's time. */
  dueMs: number;
  run: () => void;
  real: NodeJS.Timeout | undefined;
}

export class Pace {
  private scale = maxScale;
  private passedMs = 0;
  private scaledAtMs = performance.now();
  private isOver = false;
  private readonly timers = new Set<Timer>();

  /** Returns the milliseconds since the start of the run. */
  now(): number {
    return this.passedMs + (performance.now() - this.scaledAtMs) * this.scale;
  }

  /** Calls `run` once after that many milliseconds of the run's time, unless the returned function is called before. */
  after(milliseconds: number, run: () => void): () => void {
    const timer: Timer = { dueMs: this.now() + milliseconds, run, real: undefined };
    this.timers.add(timer);
    this.schedule(timer);
    return () => this.cancel(timer);
  }

  delay(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.after(milliseconds, resolve));
  }

  /** Measures how long the runtime takes to answer, and sets the scale from it, until `stop`. */
  async follow(runtime: FaultyRuntime, person: Person): Promise<void> {
    let client: PlainClient | undefined;
    try {
      while (!this.isOver) {
        // On a busy machine the token may end before the handshake; the next round uses a new one.
        if (client?.isOpen !== true) client = await openSocket(runtime, person).catch(() => undefined);
        if (client === undefined) {
          await new Promise((resolve) => setTimeout(resolve, measureEveryMs));
          continue;
        }
        const askedAtMs = performance.now();
        await client.ask({ type: 'ping' }, 'pong', 10_000);
        this.setScale(targetAnswerMs / (performance.now() - askedAtMs));
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

  private setScale(scale: number): void {
    this.passedMs = this.now();
    this.scaledAtMs = performance.now();
    this.scale = Math.max(1, Math.min(maxScale, scale));
    for (const timer of this.timers) this.schedule(timer);
  }

  private schedule(timer: Timer): void {
    clearTimeout(timer.real);
    const run = (): void => {
      this.cancel(timer);
      timer.run();
    };
    timer.real = setTimeout(run, Math.max(0, (timer.dueMs - this.now()) / this.scale));
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
