/**
 * A room's outbox: messages in the order in which they were written, one under way at a time (the gateway may
 * reorder what is sent at once), each repeated with its `client_id` until the server has it or refuses it for good.
 */
import { ChatProblem, type ProblemCode } from '../problem.ts';
import { backOff, randomId } from '../world.ts';
import type { Channel } from './channel.ts';
import type { OutboxEntry, OutboxStore } from './outbox-store.ts';

export interface SendingPorts extends Channel {
  store: OutboxStore;
  /** Whether the room is open and caught up: what is under way may have arrived, and the history tells. */
  canSend(): boolean;
  changed(): void;
  /** The server says that the room is not open on this socket. */
  reopen(): void;
}

const ackMs = 8_000;
const firstPauseMs = 500;
const longestPauseMs = 15_000;

export class Sending {
  /** Oldest first; a new array with each change. */
  entries: readonly OutboxEntry[] = [];
  private readonly ports: SendingPorts;
  private underWay: { clientId: string; cancel: () => void } | undefined;
  private cancelPause: (() => void) | undefined;
  private failures = 0;
  /** The message for which the room was opened again. */
  private reopenedFor: string | undefined;

  constructor(ports: SendingPorts) {
    this.ports = ports;
  }

  /** Entries of an earlier visit. */
  restore(entries: readonly OutboxEntry[]): void {
    const known = new Set(this.entries.map(({ client_id }) => client_id));
    this.entries = [...entries.filter(({ client_id }) => !known.has(client_id)), ...this.entries];
    this.flush();
  }

  add(entry: Omit<OutboxEntry, 'client_id' | 'created_at'>): OutboxEntry {
    const created_at = new Date(this.ports.clock.now()).toISOString();
    const whole: OutboxEntry = { ...entry, client_id: randomId(), created_at };
    this.entries = [...this.entries, whole];
    void this.ports.store.put(whole);
    this.flush();
    return whole;
  }

  /** The server has it. */
  stored(clientId: string): OutboxEntry | undefined {
    const entry = this.entries.find(({ client_id }) => client_id === clientId);
    if (entry === undefined) return undefined;
    this.take(clientId);
    this.failures = 0;
    this.flush();
    return entry;
  }

  /** Tries a refused one again. */
  retry(clientId: string): void {
    this.entries = this.entries.map((entry) => {
      if (entry.client_id !== clientId || entry.problem === undefined) return entry;
      const { problem: _, ...again } = entry;
      void this.ports.store.put(again);
      return again;
    });
    this.flush();
  }

  /** Gives one up, wherever it is by now. */
  take(clientId: string): void {
    if (this.underWay?.clientId === clientId) this.settle();
    this.entries = this.entries.filter(({ client_id }) => client_id !== clientId);
    void this.ports.store.remove(clientId);
  }

  /** The socket has gone: what was under way goes again. */
  lost(): void {
    this.settle();
    this.cancelPause?.();
    this.cancelPause = undefined;
    this.failures = 0;
  }

  /** None of them can be sent any more. */
  refuseAll(problem: ChatProblem): void {
    this.lost();
    for (const { client_id } of this.entries) this.refuse(client_id, problem);
  }

  /** Sends the next one, if there is one and it is time. */
  flush(): void {
    const { ports } = this;
    const next = this.entries.find(({ problem }) => problem === undefined);
    if (next === undefined || this.underWay !== undefined || this.cancelPause !== undefined) return;
    if (!ports.canSend()) return;
    const { client_id, content } = next;
    const sent = ports.send({ type: 'message', content, client_id }, (problem) =>
      this.failed(client_id, problem),
    );
    if (!sent) return;
    const cancel = ports.clock.after(ackMs, () => {
      ports.probe();
      this.pause(0);
    });
    this.underWay = { clientId: client_id, cancel };
  }

  private failed(clientId: string, problem: ChatProblem): void {
    if (this.underWay?.clientId !== clientId) return;
    if (problem.retryable || problem.code === 'unauthorized') {
      this.pause(problem.retryAfterMs ?? 0);
    } else if (problem.code === 'not_found' && this.reopenedFor !== clientId) {
      this.reopenedFor = clientId;
      this.pause(0);
      this.ports.reopen();
    } else {
      this.settle();
      this.refuse(clientId, problem);
      this.ports.changed();
      this.flush();
    }
  }

  private refuse(clientId: string, { code, detail, status }: ChatProblem): void {
    this.entries = this.entries.map((entry) => {
      if (entry.client_id !== clientId || entry.problem !== undefined) return entry;
      const refused = { ...entry, problem: { code, detail, status } };
      void this.ports.store.put(refused);
      return refused;
    });
  }

  private pause(atLeastMs: number): void {
    const { clock, random } = this.ports;
    this.settle();
    const pauseMs = backOff(this.failures, { firstMs: firstPauseMs, longestMs: longestPauseMs, random });
    this.failures += 1;
    this.cancelPause?.();
    this.cancelPause = clock.after(Math.max(atLeastMs, pauseMs), () => {
      this.cancelPause = undefined;
      this.flush();
    });
  }

  private settle(): void {
    this.underWay?.cancel();
    this.underWay = undefined;
  }
}

/** Why an entry was refused, as the client's one error. */
export function problemOfEntry({ problem }: OutboxEntry): ChatProblem | undefined {
  return problem && new ChatProblem({ ...problem, code: problem.code as ProblemCode });
}
