/**
 * A room's outbox: messages in the order in which they were written, one under way at a time (the gateway may
 * reorder what is sent at once), each repeated with its `client_id` until the server has it or refuses it for good.
 */
import { ChatProblem, type ProblemCode } from '../problem.ts';
import { backOff } from '../system.ts';
import type { Channel } from './channel.ts';
import type { OutboxEntry } from './outbox-store.ts';
import { inOrder, type NewEntry, type Outbox } from './outbox.ts';

export interface SendingPorts extends Channel {
  outbox: Outbox;
  /**
   * The room that `ready` confirmed, once it is open and caught up (what was under way may have arrived, and the history
   * tells), and whose socket it is.
   */
  destination(): { room_id: string; user_id: string } | undefined;
  /** False while an earlier text waits under a name whose room is just being found: it may be this one. */
  isTurnOf(entry: OutboxEntry): boolean;
  changed(): void;
  /** The server says that the room is not open on this socket. */
  reopen(): void;
}

const ackMs = 8_000;
const firstPauseMs = 500;
const maxPauseMs = 15_000;

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

  /** Whether anything is still to be sent. */
  get isWaiting(): boolean {
    return this.entries.some(({ problem }) => problem === undefined);
  }

  /** Whether anything is to be sent that was written before that entry. */
  isWaitingBefore(entry: OutboxEntry): boolean {
    return this.entries.some((other) => other.problem === undefined && inOrder(other, entry) < 0);
  }

  /** Entries of an earlier visit, or of another view of this room. */
  restore(entries: readonly OutboxEntry[]): void {
    // What is known of an entry here is newer, but for its place among those of the store.
    const orders = new Map(entries.map(({ client_id, order }) => [client_id, order]));
    const known = new Set(this.entries.map(({ client_id }) => client_id));
    this.entries = [
      ...this.entries.map((entry) => ({ ...entry, order: orders.get(entry.client_id) ?? entry.order })),
      ...entries.filter(({ client_id }) => !known.has(client_id)),
    ].sort(inOrder);
    this.flush();
  }

  add(entry: NewEntry): OutboxEntry {
    const whole = this.ports.outbox.add(entry);
    this.entries = [...this.entries, whole];
    this.flush();
    return whole;
  }

  /** The room's id is known: from now on what waits for it goes nowhere else. */
  identify(roomId: string): void {
    // Written again, an entry that another tab has discarded would be back.
    const waiting = this.entries.filter((entry) => this.ports.outbox.isWaiting(entry));
    this.entries = waiting.map((entry) => {
      if (entry.room_id !== undefined) return entry;
      const identified = { ...entry, room_id: roomId };
      this.ports.outbox.put(identified);
      return identified;
    });
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
      this.ports.outbox.put(again);
      return again;
    });
    this.flush();
  }

  /** Gives one up, wherever it is by now. */
  take(clientId: string): void {
    if (this.underWay?.clientId === clientId) this.settle();
    this.entries = this.entries.filter(({ client_id }) => client_id !== clientId);
    this.ports.outbox.remove(clientId);
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
    if (this.underWay !== undefined || this.cancelPause !== undefined) return;
    const destination = ports.destination();
    if (destination === undefined) return;
    const next = this.nextFor(destination);
    if (next === undefined || !ports.isTurnOf(next)) return;
    const { client_id, content } = next;
    const { room_id } = destination;
    const sent = ports.send({ type: 'message', content, client_id, room_id }, (answer) => {
      if (answer.type === 'error') this.failed(client_id, answer.problem);
    });
    if (!sent) return;
    const cancel = ports.clock.after(ackMs, () => {
      ports.probe();
      this.pause(0);
    });
    this.underWay = { clientId: client_id, cancel };
  }

  /** The first entry that waits for that room; what another tab has taken out of the outbox is forgotten here. */
  private nextFor({ room_id, user_id }: { room_id: string; user_id: string }): OutboxEntry | undefined {
    for (const entry of this.entries) {
      const isOurs = entry.room_id === room_id && entry.user_id === user_id && entry.problem === undefined;
      if (isOurs && this.ports.outbox.isWaiting(entry)) return entry;
      if (isOurs) this.entries = this.entries.filter((other) => other !== entry);
    }
    return undefined;
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
      this.ports.outbox.put(refused);
      return refused;
    });
  }

  private pause(atLeastMs: number): void {
    const { clock, random } = this.ports;
    this.settle();
    const pauseMs = backOff(this.failures, { firstMs: firstPauseMs, maxMs: maxPauseMs, random });
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
