/**
 * The unsent messages of this client: gives each its place in the order of writing, and keeps them in a store. What the
 * store fails to take is kept in memory, sent, and reported.
 */
import type { Log } from '../event-log.ts';
import { guard } from '../guard.ts';
import { randomId, type Clock } from '../system.ts';
import type { Uploads } from '../uploads/uploads.ts';
import type { OutboxEntry, OutboxStore } from './outbox-store.ts';

export type NewEntry = Pick<OutboxEntry, 'user_id' | 'room_id' | 'room' | 'create' | 'content' | 'files'>;

export interface OutboxPorts {
  store: OutboxStore;
  clock: Clock;
  /** Receives each error of the store. */
  report: (error: unknown) => void;
  log: Log;
  uploads: () => Uploads;
}

export class Outbox {
  readonly #store: OutboxStore;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  readonly #log: Log;
  readonly #uploads: OutboxPorts['uploads'];
  #lastOrder = 0;
  /** Entries written before the store was first read. It may hold older entries with a higher order. */
  #entriesBeforeRead: Map<string, OutboxEntry> | undefined = new Map();
  /** Entries that have been in the store, by id: one that is missing there was removed by another tab. */
  readonly #stored = new Map<string, OutboxEntry>();
  /** Entries that the store has not taken, or not yet, in their latest form. */
  readonly #unstored = new Map<string, OutboxEntry>();
  /** All entries that were written here and not removed, for when the store cannot be read. */
  readonly #written = new Map<string, OutboxEntry>();
  /** Ids that the store failed to remove. */
  readonly #removedIds = new Set<string>();

  constructor({ store, clock, report, log, uploads }: OutboxPorts) {
    this.#store = store;
    this.#clock = clock;
    this.#report = report;
    this.#log = log;
    this.#uploads = uploads;
  }

  /**
   * Adds an entry after everything that was written before it, here or in another tab.
   *
   * @throws {ChatProblem} `outbox_full` for files that the server does not have, when too many wait already
   */
  add(entry: NewEntry): OutboxEntry {
    const stored = this.#readAtOnce();
    this.#uploads().loaded?.assertRoomFor(entry, stored ?? [...this.#written.values()]);
    if (stored !== undefined) this.#raiseLastOrder(stored);
    const ordered: OutboxEntry = {
      ...entry,
      client_id: randomId(),
      created_at: new Date(this.#clock.now()).toISOString(),
      order: (this.#lastOrder += 1),
    };
    if (stored === undefined) this.#entriesBeforeRead?.set(ordered.client_id, ordered);
    this.#log('debug', 'outbox.added', { client_id: ordered.client_id, room_id: ordered.room_id });
    this.put(ordered);
    return ordered;
  }

  /** Replaces an entry whose room or problem has become known. */
  put(entry: OutboxEntry): void {
    if (this.#entriesBeforeRead?.has(entry.client_id) === true) {
      this.#entriesBeforeRead.set(entry.client_id, entry);
    }
    void this.#writeToStore(entry);
  }

  /** Replaces an entry that the server has refused. */
  refuse(entry: OutboxEntry & Required<Pick<OutboxEntry, 'problem'>>): void {
    const { client_id, room_id, problem } = entry;
    this.#log('warn', 'outbox.refused', { client_id, room_id, code: problem.code, problem: problem.detail });
    this.put(entry);
  }

  /** Removes an entry that the server has stored, or that the user has discarded. */
  remove(clientId: string, reason: 'stored' | 'discarded'): void {
    this.#log('debug', `outbox.${reason}`, { client_id: clientId });
    const entry = this.#written.get(clientId) ?? this.#stored.get(clientId);
    if (entry !== undefined) this.#uploads().forget(entry);
    this.#entriesBeforeRead?.delete(clientId);
    this.#stored.delete(clientId);
    this.#unstored.delete(clientId);
    this.#written.delete(clientId);
    void guard<void>(
      () => this.#store.remove(clientId),
      (error) => {
        this.#removedIds.add(clientId);
        this.#report(error);
      },
    );
  }

  /** Reads the entries of a user, in the order in which they were written. */
  async entriesOf(userId: string | undefined): Promise<readonly OutboxEntry[]> {
    const entries = await this.#readAll();
    const renumbered = this.#renumberEntriesBeforeRead(entries);
    this.#raiseLastOrder(entries);
    return entries
      .map((entry) => renumbered.get(entry.client_id) ?? entry)
      .filter(({ user_id }) => user_id === userId)
      .sort(compareByOrder);
  }

  /**
   * Returns whether the entry still waits: another tab may have sent or discarded it. True when the store does not
   * answer at once.
   */
  isWaiting({ client_id: clientId }: OutboxEntry): boolean {
    const stored = this.#stored.has(clientId) ? this.#readAtOnce() : undefined;
    return stored === undefined || stored.some((entry) => entry.client_id === clientId);
  }

  async #writeToStore(entry: OutboxEntry): Promise<void> {
    const { client_id: id } = entry;
    this.#unstored.set(id, entry);
    this.#written.set(id, entry);
    try {
      await this.#store.put(entry);
      // It may have been removed, or put again, in the meantime.
      if (this.#unstored.get(id) !== entry) return;
      this.#unstored.delete(id);
      this.#stored.set(id, entry);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Reads the entries of all users: those of the store, and those that it has not taken. */
  async #readAll(): Promise<readonly OutboxEntry[]> {
    const stored = await guard<readonly OutboxEntry[]>(
      () => this.#store.list(),
      (error) => {
        this.#report(error);
        return [...this.#written.values()];
      },
    );
    const removedIds = this.#removedIds;
    const unstored = this.#unstored;
    const current = stored.filter(({ client_id: id }) => !removedIds.has(id) && !unstored.has(id));
    for (const entry of current) this.#stored.set(entry.client_id, entry);
    return [...current, ...unstored.values()];
  }

  /** Returns what the store holds; undefined when it fails or answers with a promise. */
  #readAtOnce(): readonly OutboxEntry[] | undefined {
    const entries = guard<readonly OutboxEntry[] | undefined>(
      () => this.#store.list(),
      (error) => {
        this.#report(error);
        return undefined;
      },
    );
    return entries instanceof Promise ? undefined : entries;
  }

  /** Moves the entries written before the first read behind those that the store held already. */
  #renumberEntriesBeforeRead(entries: readonly OutboxEntry[]): Map<string, OutboxEntry> {
    const early = this.#entriesBeforeRead ?? new Map<string, OutboxEntry>();
    this.#entriesBeforeRead = undefined;
    this.#raiseLastOrder(entries.filter(({ client_id }) => !early.has(client_id)));
    const renumbered = [...early.values()].map((entry) => ({ ...entry, order: (this.#lastOrder += 1) }));
    for (const entry of renumbered) void this.#writeToStore(entry);
    return new Map(renumbered.map((entry) => [entry.client_id, entry]));
  }

  #raiseLastOrder(entries: readonly OutboxEntry[]): void {
    for (const { order } of entries) this.#lastOrder = Math.max(this.#lastOrder, order);
  }
}

/** Compares entries by the order of writing. Two tabs that wrote at the same moment may have used the same number. */
export function compareByOrder(a: OutboxEntry, b: OutboxEntry): number {
  return (
    a.order - b.order || a.created_at.localeCompare(b.created_at) || a.client_id.localeCompare(b.client_id)
  );
}
