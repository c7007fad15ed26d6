/** The outbox of one user's client: gives entries their order, and says which rooms have something to send. */
import type { Clock } from '../system.ts';
import { randomId } from '../system.ts';
import type { OutboxEntry, OutboxStore } from './outbox-store.ts';

export type NewEntry = Pick<OutboxEntry, 'user_id' | 'room_id' | 'room' | 'content'>;

export class Outbox {
  private readonly store: OutboxStore;
  private readonly clock: Clock;
  private lastOrder = 0;
  /** Written before the store was read for the first time: it may hold older ones with higher numbers. */
  private early: Map<string, OutboxEntry> | undefined = new Map();
  /** What is known to have been in the store: if it is missing there, another tab has taken it out. */
  private readonly kept = new Set<string>();

  constructor(store: OutboxStore, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Keeps a new entry behind everything that was written before it, here or in another tab. */
  add(entry: NewEntry): OutboxEntry {
    const known = this.readNow();
    if (known !== undefined) this.noteOrders(known);
    const whole: OutboxEntry = {
      ...entry,
      client_id: randomId(),
      created_at: new Date(this.clock.now()).toISOString(),
      order: (this.lastOrder += 1),
    };
    if (known === undefined) this.early?.set(whole.client_id, whole);
    this.put(whole);
    return whole;
  }

  /** Writes an entry whose room or problem has become known. Without a store it still waits in memory. */
  put(entry: OutboxEntry): void {
    if (this.early?.has(entry.client_id) === true) this.early.set(entry.client_id, entry);
    void this.keep(entry);
  }

  remove(clientId: string): void {
    this.early?.delete(clientId);
    this.kept.delete(clientId);
    void this.store.remove(clientId);
  }

  /** The entries of that user, in the order in which they were written. */
  async entriesOf(userId: string | undefined): Promise<readonly OutboxEntry[]> {
    const entries = await this.store.list();
    const renumbered = this.renumberEarly(entries);
    this.noteOrders(entries);
    for (const { client_id } of entries) this.kept.add(client_id);
    return entries
      .map((entry) => renumbered.get(entry.client_id) ?? entry)
      .filter(({ user_id }) => user_id === userId)
      .sort(inOrder);
  }

  /** Whether the entry still waits; another tab may have sent or discarded it. True when the store cannot say at once. */
  isWaiting({ client_id: clientId }: OutboxEntry): boolean {
    const known = this.kept.has(clientId) ? this.readNow() : undefined;
    return known === undefined || known.some((entry) => entry.client_id === clientId);
  }

  private async keep(entry: OutboxEntry): Promise<void> {
    try {
      await this.store.put(entry);
      this.kept.add(entry.client_id);
    } catch {
      // The storage is full or forbidden. The entry stays in memory, and is sent unless the page is closed first.
    }
  }

  private readNow(): readonly OutboxEntry[] | undefined {
    const entries = this.store.list();
    if (!(entries instanceof Promise)) return entries;
    entries.catch(() => undefined);
    return undefined;
  }

  /** What was written here before the first reading comes behind what was there already. */
  private renumberEarly(entries: readonly OutboxEntry[]): Map<string, OutboxEntry> {
    const { early = new Map<string, OutboxEntry>() } = this;
    this.early = undefined;
    this.noteOrders(entries.filter(({ client_id }) => !early.has(client_id)));
    const renumbered = [...early.values()].map((entry) => ({ ...entry, order: (this.lastOrder += 1) }));
    for (const entry of renumbered) void this.keep(entry);
    return new Map(renumbered.map((entry) => [entry.client_id, entry]));
  }

  private noteOrders(entries: readonly OutboxEntry[]): void {
    for (const { order } of entries) this.lastOrder = Math.max(this.lastOrder, order);
  }
}

/** Two tabs may have used one number: their entries were written at once. */
export function inOrder(a: OutboxEntry, b: OutboxEntry): number {
  return (
    a.order - b.order || a.created_at.localeCompare(b.created_at) || a.client_id.localeCompare(b.client_id)
  );
}
