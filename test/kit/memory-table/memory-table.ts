/** An in-memory table with the operations of the real one, each of them one atomic step, and with its stream. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Item } from '../../../shared/storage/item.ts';
import { keyOf, lookupIndex, type Key } from '../../../shared/storage/keys.ts';
import { eventOf, isPassedOn } from '../../../shared/storage/stream-changes.ts';
import type { Outcome, Step, Table, TransactionOutcome } from '../../../shared/storage/table.ts';
import type { Range } from '../../../shared/storage/range.ts';
import { applyChange, assertChange, copyItem } from './changes.ts';
import { holds } from './conditions.ts';
import { partitions } from './query.ts';

/** Decides when a step runs, and whether the function lives to receive its result. */
export type Take = <T>(step: () => T) => Promise<T>;

/** Runs each step at once. */
export const immediately: Take = async (step) => step();

export interface MemoryTable {
  /** Returns the table as one invocation sees it. */
  as(take: Take): Table;
  /** Returns the items of a partition by their sort keys, for checks. */
  partition(pk: string): Item[];
  all(): Item[];
  /** Stores an item regardless of what is stored, to prepare a test. */
  put(item: Item): void;
  /** Deletes an item, and returns whether it existed. */
  remove(key: Key): boolean;
  /** Removes up to `limit` records from the stream, the oldest first. */
  nextRecords(limit: number): DynamoDBRecord[];
}

/** DynamoDB's quotas. */
const maxTransactionSteps = 100;

const maxKeyBytes: Record<string, number> = { pk: 2_048, sk: 1_024, lookup_pk: 2_048, lookup_sk: 1_024 };

const textOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
const image = (item: Item | undefined) => item && (marshall(item) as any);
const keyFor = (step: Step): Key =>
  'put' in step ? keyOf(step.put) : 'update' in step ? step.update : step.remove;

type Operations = Pick<
  Table,
  'get' | 'getMany' | 'all' | 'page' | 'put' | 'update' | 'remove' | 'removeMany' | 'transact'
>;

export function memoryTable(): MemoryTable {
  const items = new Map<string, Item>();
  const byKey = partitions(undefined);
  const byLookupKey = partitions(lookupIndex);
  const stream: DynamoDBRecord[] = [];
  let records = 0;

  const stored = (key: Key): Item | undefined => items.get(textOf(key));
  const read = (key: Key): Item | undefined => copyOf(stored(key));

  function store(key: Key, after: Item | undefined): void {
    const before = stored(key);
    assertKeys(after ?? key);
    if (after === undefined) items.delete(textOf(key));
    else items.set(textOf(key), after);
    byKey.replace(before, after);
    byLookupKey.replace(before, after);
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

  function itemAfter(step: Step): Item | undefined {
    if ('remove' in step) return undefined;
    return 'put' in step
      ? copyItem(step.put)
      : applyChange(stored(step.update) ?? { ...step.update }, step.change);
  }

  function failureOf(step: Step): { item: Item | undefined } | undefined {
    if ('update' in step) assertChange(step.change);
    const key = keyFor(step);
    return holds(step.condition, stored(key)) ? undefined : { item: read(key) };
  }

  function write(step: Step): Outcome {
    const failure = failureOf(step);
    if (failure !== undefined) return { ok: false, ...failure };
    const key = keyFor(step);
    const before = stored(key);
    const after = itemAfter(step);
    store(key, after);
    return { ok: true, item: copyOf(after ?? before) ?? {} };
  }

  function writeAll(steps: Step[]): TransactionOutcome {
    assertTransaction(steps);
    const failed = steps.map(failureOf);
    if (failed.some((failure) => failure !== undefined)) return { ok: false, failed };
    // A change that DynamoDB would refuse must not leave a part of the transaction behind.
    const changes = steps.map((step) => ({ key: keyFor(step), after: itemAfter(step) }));
    for (const { key, after } of changes) store(key, after);
    return { ok: true };
  }

  const page = (range: Range) => (range.index === undefined ? byKey : byLookupKey).query(range);

  return {
    as(take) {
      const operations: Operations = {
        get: (key) => take(() => read(key)),
        getMany: (keys, options) =>
          take(() =>
            [...new Map(keys.map((key) => [textOf(key), key])).values()]
              .map(read)
              .filter((item) => item !== undefined)
              .map((item) => (options?.only === undefined ? item : projection(item, options.only))),
          ),
        all: (range) => take(() => page(range).items),
        page: (range) => take(() => page(range)),
        put: (put, condition) => take(() => write({ put, ...(condition && { condition }) })),
        update: (update, change, condition) =>
          take(() => write({ update, change, ...(condition && { condition }) })),
        remove: (remove, condition) => take(() => write({ remove, ...(condition && { condition }) })),
        removeMany: (keys) => take(() => keys.forEach((key) => store(key, undefined))),
        transact: (steps) => take(() => writeAll(steps)),
      };
      // The class has private fields for its client, which no caller can reach.
      return operations as Table;
    },
    partition: (pk) => page({ partition: pk }).items,
    all: () => [...items.values()].map(copyItem),
    put: (item) => store(keyOf(item), copyItem(item)),
    remove(key) {
      const existed = stored(key) !== undefined;
      store(key, undefined);
      return existed;
    },
    nextRecords: (limit) => stream.splice(0, limit),
  };
}

const copyOf = (item: Item | undefined): Item | undefined => item && copyItem(item);

const projection = (item: Item, name: string): Item =>
  item[name] === undefined ? {} : { [name]: item[name] };

/** DynamoDB refuses empty and long keys, of the table and of its index. */
function assertKeys(item: object): void {
  for (const [name, value] of Object.entries(item)) {
    const maxBytes = maxKeyBytes[name];
    if (maxBytes === undefined) continue;
    const bytes = typeof value === 'string' ? Buffer.byteLength(value) : 0;
    if (bytes === 0 || bytes > maxBytes) throw new Error(`The key ${name} has ${bytes} bytes`);
  }
}

function assertTransaction(steps: Step[]): void {
  if (steps.length === 0 || steps.length > maxTransactionSteps)
    throw new Error(`A transaction has 1 to ${maxTransactionSteps} steps, not ${steps.length}`);
  if (new Set(steps.map((step) => textOf(keyFor(step)))).size < steps.length)
    throw new Error('A transaction has at most one step for each item');
}
