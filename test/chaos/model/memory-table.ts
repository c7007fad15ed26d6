/** An in-memory table with the operations of the real one, each of them one atomic step, and with its stream. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Change } from '../../../shared/storage/change-expression.ts';
import { keyOf, type Key } from '../../../shared/storage/keys.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { eventOf, isPassedOn } from '../../../shared/storage/stream-changes.ts';
import type { Outcome, Range, Step, Table, TransactionOutcome } from '../../../shared/storage/table.ts';
import type { Condition } from '../../../shared/storage/condition.ts';
import { holds } from './conditions.ts';

/** Decides when a step runs, and whether the function lives to receive its result. */
export type Take = <T>(step: () => T) => Promise<T>;

export interface MemoryTable {
  /** The table as one invocation sees it. */
  as(take: Take): Table;
  /** Returns the items of a partition by their sort keys, for checks. */
  partition(pk: string): Item[];
  all(): Item[];
  /** Removes up to `limit` records from the stream, the oldest first. */
  nextRecords(limit: number): DynamoDBRecord[];
}

const textOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
const image = (item: Item | undefined) => item && (marshall(item) as any);
const keyFor = (step: Step): Key =>
  'put' in step ? keyOf(step.put) : 'update' in step ? step.update : step.remove;
const copy = (item: Item): Item => structuredClone(item);

export function memoryTable(): MemoryTable {
  const items = new Map<string, Item>();
  const stream: DynamoDBRecord[] = [];
  let records = 0;

  const at = (key: Key): Item | undefined => items.get(textOf(key));

  function set(key: Key, after: Item | undefined): void {
    const before = at(key);
    if (after === undefined) items.delete(textOf(key));
    else items.set(textOf(key), after);
    if ((before ?? after) === undefined || !isPassedOn({ key, before, after })) return;
    records += 1;
    stream.push({
      eventName: eventOf({ before, after }),
      dynamodb: {
        SequenceNumber: String(records),
        Keys: image({ pk: key.pk, sk: key.sk }),
        ...(before && { OldImage: image(before) }),
        ...(after && { NewImage: image(after) }),
      },
    });
  }

  function apply(step: Step): Item {
    const key = keyFor(step);
    const before = at(key);
    if ('remove' in step) {
      set(key, undefined);
      return before ?? {};
    }
    const after = 'put' in step ? withoutUndefined(step.put) : changed(before ?? { ...key }, step.change);
    set(key, after);
    return copy(after);
  }

  function one(step: Step): Outcome {
    const before = at(keyFor(step));
    if (!holds(step.condition, before)) return { ok: false, item: before && copy(before) };
    return { ok: true, item: apply(step) };
  }

  function applyAll(steps: Step[]): TransactionOutcome {
    const failed = steps.map((step) => {
      const before = at(keyFor(step));
      return holds(step.condition, before) ? undefined : { item: before && copy(before) };
    });
    if (failed.some((failure) => failure !== undefined)) return { ok: false, failed };
    for (const step of steps) apply(step);
    return { ok: true };
  }

  function query({ partition, from, to, prefix, index, descending, limit }: Range): Item[] {
    const [pk, sk] = index === undefined ? (['pk', 'sk'] as const) : (['lookup_pk', 'lookup_sk'] as const);
    const sortKey = (item: Item): string => item[sk] as string;
    const found = [...items.values()]
      .filter((item) => item[pk] === partition)
      .filter((item) => prefix === undefined || sortKey(item).startsWith(prefix))
      .filter((item) => from === undefined || (sortKey(item) >= from && sortKey(item) <= to!))
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    return (descending ? found.reverse() : found).slice(0, limit).map(copy);
  }

  return {
    as: (take) => {
      const operations: Pick<
        Table,
        'get' | 'getMany' | 'all' | 'page' | 'put' | 'update' | 'remove' | 'removeMany' | 'transact'
      > = {
        get: (key) => take(() => structuredClone(at(key))),
        getMany: (wanted) =>
          take(() =>
            wanted
              .map((key) => at(key))
              .filter((item) => item !== undefined)
              .map(copy),
          ),
        all: (range) => take(() => query(range)),
        page: (range) => take(() => ({ items: query(range), last: undefined })),
        put: (put, condition?: Condition) => take(() => one({ put, ...(condition && { condition }) })),
        update: (update, change, condition) =>
          take(() => one({ update, change, ...(condition && { condition }) })),
        remove: (remove, condition) => take(() => one({ remove, ...(condition && { condition }) })),
        removeMany: (doomed) => take(() => doomed.forEach((key) => set(key, undefined))),
        transact: (steps) => take(() => applyAll(steps)),
      };
      return operations as Table;
    },
    partition: (pk) => query({ partition: pk }),
    all: () => [...items.values()].map(copy),
    nextRecords: (limit) => stream.splice(0, limit),
  };
}

function changed(
  before: Item,
  { set = {}, add = {}, deleteFrom = {}, remove = [], increment = {}, append = {} }: Change,
): Item {
  const after = copy(before);
  // All parts of a change read the item as it was before.
  const increased = Object.entries(increment).map(
    ([name, { from, by }]) => [name, ((before[from] as number | undefined) ?? 0) + by] as const,
  );
  for (const [name, value] of increased) after[name] = value;
  for (const [name, by] of Object.entries(add))
    after[name] =
      typeof by === 'number'
        ? ((before[name] as number | undefined) ?? 0) + by
        : new Set([...((before[name] as Set<number> | undefined) ?? []), ...by]);
  for (const [name, taken] of Object.entries(deleteFrom)) {
    const left = [...((before[name] as Set<number> | undefined) ?? [])].filter((one) => !taken.has(one));
    // DynamoDB stores no empty sets.
    if (left.length > 0) after[name] = new Set(left);
    else delete after[name];
  }
  for (const [name, more] of Object.entries(append))
    after[name] = [...((before[name] as unknown[] | undefined) ?? []), ...more];
  for (const [path, value] of Object.entries(set)) if (value !== undefined) put(after, path, value);
  for (const path of remove) put(after, path, undefined);
  return after;
}

/** Sets or removes a path with dots, or removes an element of a list, as in `seqs[0]`. */
function put(item: Item, path: string, value: unknown): void {
  const place = /^(.+)\[(\d+)\]$/.exec(path);
  if (place) {
    (item[place[1]!] as unknown[] | undefined)?.splice(Number(place[2]), 1);
    return;
  }
  const names = path.split('.');
  const last = names.pop()!;
  const inside = names.reduce<Item | undefined>((outer, name) => outer?.[name] as Item | undefined, item);
  if (inside === undefined) return;
  if (value === undefined) delete inside[last];
  else inside[last] = structuredClone(value);
}

/** The SDK is configured to leave them out as well. */
function withoutUndefined(item: Item): Item {
  return copy(Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)));
}
