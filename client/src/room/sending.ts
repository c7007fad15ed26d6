/**
 * Sends a room's unsent messages in the order of writing, one at a time, since the gateway may reorder frames. Each is
 * repeated with its `client_id` until the server has stored or refused it.
 */
import { asProblem, ChatProblem, type ProblemCode } from '../problem.ts';
import { backOff } from '../system.ts';
import type { Channel } from './channel.ts';
import type { OutboxEntry, OutboxFile } from './outbox-store.ts';
import { compareByOrder, type NewEntry, type Outbox } from './outbox.ts';

/** The room that messages go to, and the user as whom they are sent. */
export interface Destination {
  room_id: string;
  user_id: string;
}

export interface SendingPorts extends Channel {
  outbox: Outbox;
  /**
   * Uploads the files of a message that the server does not have, or the reason of a refusal. Returns all of them; undefined
   * when the server turns out to have the message.
   *
   * @throws {ChatProblem}
   */
  upload(entry: OutboxEntry, refusal?: ChatProblem): Promise<readonly OutboxFile[] | undefined>;
  /**
   * Undefined until the room is open and its history is complete: a message that was being sent when the socket was
   * lost may already be in it.
   */
  destination(): Destination | undefined;
  /** False while an earlier message waits for a room whose id is still being looked up: it may be the same room. */
  isTurnOf(entry: OutboxEntry): boolean;
  changed(): void;
  /** Joins the room again, since the server does not have it open on this socket. */
  reopen(): void;
}

const ackTimeoutMs = 8_000;
const firstPauseMs = 500;
const maxPauseMs = 15_000;

export class Sending {
  /** Oldest first; a new array with each change. */
  entries: readonly OutboxEntry[] = [];
  readonly #ports: SendingPorts;
  #inFlight: { clientId: string; cancel: () => void } | undefined;
  #cancelPause: (() => void) | undefined;
  #failures = 0;
  /** The message because of which the room was joined again. */
  #reopenedFor: string | undefined;

  constructor(ports: SendingPorts) {
    this.#ports = ports;
  }

  /** Whether any message waits to be sent. */
  get isWaiting(): boolean {
    return this.entries.some(({ problem }) => problem === undefined);
  }

  /** Whether any message waits that was written before that entry. */
  isWaitingBefore(entry: OutboxEntry): boolean {
    return this.entries.some((other) => other.problem === undefined && compareByOrder(other, entry) < 0);
  }

  /** Adds entries that the store held, or that another core of this room had. */
  restore(entries: readonly OutboxEntry[]): void {
    // Entries known here are newer than those of the store, except for their order.
    const orders = new Map(entries.map(({ client_id, order }) => [client_id, order]));
    const known = new Set(this.entries.map(({ client_id }) => client_id));
    this.entries = [
      ...this.entries.map((entry) => ({ ...entry, order: orders.get(entry.client_id) ?? entry.order })),
      ...entries.filter(({ client_id }) => !known.has(client_id)),
    ].sort(compareByOrder);
    this.flush();
  }

  add(entry: NewEntry): OutboxEntry {
    const added = this.#ports.outbox.add(entry);
    this.entries = [...this.entries, added];
    this.flush();
    return added;
  }

  /** Binds the entries to the room's id, now that it is known: from now on they go to no other room. */
  identify(roomId: string): void {
    // Writing an entry that another tab has discarded would bring it back.
    const waiting = this.entries.filter((entry) => this.#ports.outbox.isWaiting(entry));
    this.entries = waiting.map((entry) => {
      if (entry.room_id !== undefined) return entry;
      const identified = { ...entry, room_id: roomId };
      this.#ports.outbox.put(identified);
      return identified;
    });
  }

  /** The server has stored a message. Returns its entry if it was one of these. */
  stored(clientId: string): OutboxEntry | undefined {
    const entry = this.entries.find(({ client_id }) => client_id === clientId);
    if (entry === undefined) return undefined;
    this.remove(clientId, 'stored');
    this.#failures = 0;
    this.flush();
    return entry;
  }

  /** Sends a refused message again. */
  retry(clientId: string): void {
    this.#replace(clientId, ({ ...waiting }) => {
      delete waiting.problem;
      return waiting;
    });
    this.flush();
  }

  /** Removes a message, whether it waits, is being sent or was refused. */
  remove(clientId: string, reason: 'stored' | 'discarded' = 'discarded'): void {
    if (this.#inFlight?.clientId === clientId) this.#settle();
    this.entries = this.entries.filter(({ client_id }) => client_id !== clientId);
    this.#ports.outbox.remove(clientId, reason);
  }

  /** The room is not open any more: a message that is being sent has to be sent again later. */
  interrupt(): void {
    this.#settle();
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    this.#failures = 0;
  }

  /** Marks all messages as refused. */
  refuseAll(problem: ChatProblem): void {
    this.interrupt();
    for (const { client_id } of this.entries) this.#refuse(client_id, problem);
  }

  /** Sends the next message, unless one is being sent or a pause is not over. */
  flush(): void {
    const ports = this.#ports;
    if (this.#inFlight !== undefined || this.#cancelPause !== undefined) return;
    const destination = ports.destination();
    if (destination === undefined) return;
    const next = this.#nextFor(destination);
    if (next === undefined || !ports.isTurnOf(next)) return;
    const { client_id, content, files } = next;
    if (files?.some(({ ready_until = 0 }) => ready_until < ports.clock.now())) {
      void this.#upload(next);
      return;
    }
    const { room_id } = destination;
    const attachments = files?.map(({ upload_id = '' }) => upload_id);
    const command = { type: 'message', content, client_id, room_id, attachments } as const;
    const sent = ports.send(command, (answer) => {
      if (answer.type === 'error') this.#failed(client_id, answer.problem);
    });
    if (!sent) return;
    const cancel = ports.clock.after(ackTimeoutMs, () => {
      ports.probe();
      this.#pause(0);
    });
    this.#inFlight = { clientId: client_id, cancel };
  }

  /** Returns the first entry that waits for that room, and drops entries that another tab has sent or discarded. */
  #nextFor({ room_id, user_id }: Destination): OutboxEntry | undefined {
    for (const entry of this.entries) {
      const isForDestination =
        entry.room_id === room_id && entry.user_id === user_id && entry.problem === undefined;
      if (isForDestination && this.#ports.outbox.isWaiting(entry)) return entry;
      if (isForDestination) this.entries = this.entries.filter((other) => other !== entry);
    }
    return undefined;
  }

  /** Uploads the files of a message, or looks at them again after a refusal. The uploads go on if the room is closed before. */
  async #upload(entry: OutboxEntry, refusal?: ChatProblem): Promise<void> {
    const { client_id: clientId } = entry;
    const attempt = (this.#inFlight = { clientId, cancel: () => {} });
    const files = await this.#ports.upload(entry, refusal).catch(asProblem);
    if (this.#inFlight !== attempt) return;
    if (files instanceof ChatProblem) {
      this.#failed(clientId, files);
      return;
    }
    this.#settle();
    if (files === undefined) this.stored(clientId);
    else this.#replace(clientId, (waiting) => ({ ...waiting, files }));
    this.#ports.changed();
    this.flush();
  }

  /** Changes a message, unless another tab has removed it: writing it would bring it back. */
  #replace(clientId: string, change: (entry: OutboxEntry) => OutboxEntry): void {
    this.entries = this.entries.map((entry) => {
      if (entry.client_id !== clientId || !this.#ports.outbox.isWaiting(entry)) return entry;
      const changed = change(entry);
      this.#ports.outbox.put(changed);
      return changed;
    });
  }

  #failed(clientId: string, problem: ChatProblem): void {
    if (this.#inFlight?.clientId !== clientId) return;
    const entry = this.entries.find((one) => one.client_id === clientId);
    if (entry?.files !== undefined && ['conflict', 'invalid_frame'].includes(problem.code)) {
      this.#settle();
      void this.#upload(entry, problem);
    } else if (problem.retryable || problem.code === 'unauthorized') {
      this.#pause(problem.retryAfterMs ?? 0);
    } else if (problem.code === 'not_found' && this.#reopenedFor !== clientId) {
      this.#reopenedFor = clientId;
      this.#pause(0);
      this.#ports.reopen();
    } else {
      this.#settle();
      this.#refuse(clientId, problem);
      this.#ports.changed();
      this.flush();
    }
  }

  #refuse(clientId: string, { code, detail, status }: ChatProblem): void {
    this.entries = this.entries.map((entry) => {
      if (entry.client_id !== clientId || entry.problem !== undefined) return entry;
      const refused = { ...entry, problem: { code, detail, status } };
      this.#ports.outbox.refuse(refused);
      return refused;
    });
  }

  #pause(minPauseMs: number): void {
    const { clock, random } = this.#ports;
    this.#settle();
    const pauseMs = backOff(this.#failures, { firstMs: firstPauseMs, maxMs: maxPauseMs, random });
    this.#failures += 1;
    this.#cancelPause?.();
    this.#cancelPause = clock.after(Math.max(minPauseMs, pauseMs), () => {
      this.#cancelPause = undefined;
      this.flush();
    });
  }

  #settle(): void {
    this.#inFlight?.cancel();
    this.#inFlight = undefined;
  }
}

/** Returns why an entry was refused. */
export function problemOfEntry({ problem }: OutboxEntry): ChatProblem | undefined {
  return problem && new ChatProblem({ ...problem, code: problem.code as ProblemCode });
}
