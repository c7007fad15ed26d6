/** A migration of stored items on the real engine, while other clients write the same items. */
import { beforeEach, describe, expect, it } from 'vitest';
import { number, optional, text } from '../../../shared/storage/attributes.ts';
import { defineEntity } from '../../../shared/storage/entity.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { schemaVersion } from '../../../shared/storage/schema-version.ts';
import { changeItem } from '../../../tools/operate/migrate/change-item.ts';
import type { Migration } from '../../../tools/operate/migrate/migration.ts';
import { paceOf } from '../../../tools/operate/migrate/pace.ts';
import { runMigration, type MigrationOptions } from '../../../tools/operate/migrate/run-migration.ts';
import { startTable } from '../../shared/storage/started-table.ts';

const { table, documents, tableName } = await startTable();

/** An entity whose second version stores the double of its number beside it. */
const sampleOf = (run: number) =>
  defineEntity({
    name: 'sample',
    description: 'an item of this test',
    pk: `SAMPLE${run}#{id}`,
    sk: 'SAMPLE',
    attributes: {
      schemaVersion,
      count: number('count'),
      double: optional(number('double')),
      label: text('label'),
    },
  });

const itemCount = 300;
let sample: ReturnType<typeof sampleOf>;
let runId = 0;
let name: string;

const addDouble = (): Migration => ({
  name,
  description: 'stores the double',
  entity: sample,
  toVersion: 2,
  reads: ['count'],
  change: (item) => ({ set: { double: 2 * sample.parse(item).count } }),
});

const keyOfSample = (id: number) => sample.key({ id });

beforeEach(async () => {
  runId += 1;
  sample = sampleOf(runId);
  name = `add-double-${runId}`;
  for (let id = 0; id < itemCount; id += 1)
    await table.put({ ...keyOfSample(id), ...sample.encode({ count: id, label: 'first' }) });
});

const run = (options: Partial<MigrationOptions> = {}, migration = addDouble()) =>
  runMigration(migration, {
    client: documents,
    tableName,
    segments: 4,
    readUnitsPerSecond: 1_000_000,
    writesPerSecond: 1_000_000,
    pageItems: 20,
    ...options,
  });

const samples = async () =>
  Promise.all(
    Array.from({ length: itemCount }, async (_, id) => {
      const item = await table.get(keyOfSample(id));
      return item === undefined ? undefined : sample.parse(item);
    }),
  );

const ids = Array.from({ length: itemCount }, (_, id) => id);

/** Writes an item as a version does that knows both forms: the double is kept up to date where it is stored. */
async function incrementAsFunctionsDo(id: number): Promise<void> {
  for (;;) {
    const item = sample.parse((await table.get(keyOfSample(id)))!);
    const count = item.count + 1;
    const isNew = item.schemaVersion === 2;
    const { ok } = await table.update(
      keyOfSample(id),
      { set: { count, ...(isNew && { double: 2 * count }) } },
      isNew
        ? { if: 'v = :v AND #c = :c', names: { '#c': 'count' }, values: { ':v': 2, ':c': item.count } }
        : {
            if: 'attribute_not_exists(v) AND #c = :c',
            names: { '#c': 'count' },
            values: { ':c': item.count },
          },
    );
    if (ok) return;
  }
}

describe('a migration', () => {
  it('changes every item once, and nothing when it is run again', async () => {
    const result = await run();
    expect(result).toMatchObject({ isDone: true, changed: itemCount });
    expect(await samples()).toEqual(
      ids.map((id) => ({ schemaVersion: 2, count: id, double: 2 * id, label: 'first' })),
    );
    expect(await run()).toEqual(result);
    expect(await run({ restart: true })).toMatchObject({ isDone: true, changed: 0 });
  });

  it('loses no change of a writer that writes the same items at the same time', async () => {
    let increments = 0;
    const migrating = { isRunning: true };
    const writers = [0, 1, 2].map(async (writer) => {
      for (let turn = writer; migrating.isRunning; turn += 7) {
        await incrementAsFunctionsDo(turn % itemCount);
        increments += 1;
      }
    });
    const result = await run();
    migrating.isRunning = false;
    await Promise.all(writers);
    const all = await samples();
    expect(result.isDone).toBe(true);
    expect(increments).toBeGreaterThan(50);
    expect(all.filter((item) => item?.schemaVersion !== 2 || item.double !== 2 * item.count)).toEqual([]);
    expect(all.reduce((sum, item) => sum + item!.count, 0)).toBe(
      increments + (itemCount * (itemCount - 1)) / 2,
    );
  });

  it('reads an item again that was written after it was read, and leaves a deleted one alone', async () => {
    const key = keyOfSample(7);
    const read: Item = (await table.get(key))!;
    await table.update(key, { set: { count: 1_000 } });
    expect(await changeItem(table, addDouble(), read)).toBe(true);
    expect(sample.parse((await table.get(key))!)).toMatchObject({ count: 1_000, double: 2_000 });
    expect(await changeItem(table, addDouble(), read)).toBe(false);
    const other: Item = (await table.get(keyOfSample(8)))!;
    await table.remove(keyOfSample(8));
    expect(await changeItem(table, addDouble(), other)).toBe(false);
    expect(await table.get(keyOfSample(8))).toBeUndefined();
  });

  it('keeps an attribute that it does not read, although it was written in between', async () => {
    const read: Item = (await table.get(keyOfSample(9)))!;
    await table.update(keyOfSample(9), { set: { label: 'second' } });
    expect(await changeItem(table, addDouble(), read)).toBe(true);
    expect(sample.parse((await table.get(keyOfSample(9)))!)).toMatchObject({ label: 'second', double: 18 });
  });

  it('goes on where an interrupted run has stopped', async () => {
    const stopping = new AbortController();
    let pages = 0;
    const interrupted = await run({
      signal: stopping.signal,
      onPage: () => {
        pages += 1;
        if (pages === 5) stopping.abort();
      },
    });
    expect(interrupted.isDone).toBe(false);
    expect(interrupted.changed).toBeLessThan(itemCount);
    // Another number of segments does not apply to a migration that was begun.
    const segments: number[] = [];
    const finished = await run({ segments: 2, onPage: ({ segment }) => void segments.push(segment) });
    expect(finished).toMatchObject({ isDone: true, changed: itemCount });
    expect(Math.max(...segments)).toBeGreaterThan(1);
    expect((await samples()).every((item) => item?.schemaVersion === 2)).toBe(true);
  });

  it('ends with the error of a request, after what it has begun, and goes on in the next run', async () => {
    let calls = 0;
    const failing: Migration = {
      ...addDouble(),
      change(item) {
        calls += 1;
        if (calls === 100) throw new Error('broken off');
        return addDouble().change(item);
      },
    };
    await expect(run({}, failing)).rejects.toThrow('broken off');
    expect(await run()).toMatchObject({ isDone: true });
    expect((await samples()).every((item) => item?.double === 2 * item!.count)).toBe(true);
  });

  it('changes no items of other entities under the same prefix', async () => {
    const other = { pk: `SAMPLE${runId}#0`, sk: 'OTHER', count: 1 };
    await table.put(other);
    await run();
    expect(await table.get({ pk: other.pk, sk: other.sk })).toEqual(other);
  });
});

describe('the pace of a migration', () => {
  it('keeps the average rate over all lanes', async () => {
    const { take } = paceOf(100);
    const startedAt = Date.now();
    await Promise.all([1, 2, 3].map(() => take(10)));
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(295);
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });
});
