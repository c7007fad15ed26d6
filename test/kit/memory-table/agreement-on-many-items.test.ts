import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../shared/storage/condition.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { lookupIndex } from '../../../shared/storage/keys.ts';
import type { Step, Table } from '../../../shared/storage/table.ts';
import type { Range } from '../../../shared/storage/range.ts';
import { startTable } from '../../shared/storage/started-table.ts';
import { at, comparison, type Request } from './comparison.ts';

const { differences, openCase } = comparison((await startTable()).table);

describe('The in-memory table agrees with the engine on', { timeout: 60_000 }, () => {
  it('transactions, with the failure of each step', async () => {
    const open = openCase();
    const key = (sk: string) => at(open.suffix, sk);
    const isNew = { if: 'attribute_not_exists(pk)' };
    const exists = { if: 'attribute_exists(pk)' };
    const put = (sk: string, condition?: Condition): Step => ({
      put: { ...key(sk), sk, n: 1 },
      ...(condition && { condition }),
    });
    const transactions: Step[][] = [
      [put('a', isNew), put('b')],
      [put('a', isNew), put('c', isNew)],
      [put('c', exists), { remove: key('a') }],
      [
        { update: key('a'), change: { add: { n: 1 } }, condition: exists },
        { remove: key('b'), condition: exists },
      ],
      [
        { update: key('a'), change: { set: { n: 0 } }, condition: { if: 'n > :n', values: { ':n': 9 } } },
        put('d'),
        { remove: key('missing'), condition: exists },
      ],
      [{ remove: key('missing') }, put('d', isNew)],
      [put('e'), put('e')],
      [put('e'), { update: key('a'), change: { set: { 'missing.x': 1 } } }],
      [],
    ];
    const sks = ['a', 'b', 'c', 'd', 'e', 'missing'];
    expect(
      await differences(
        open,
        transactions.flatMap((steps) => [
          (table) => table.transact(steps),
          (table) => table.getMany(sks.map(key)),
        ]),
      ),
    ).toEqual([]);
  });

  it('batches: keys that repeat or are missing, one attribute alone, removals', async () => {
    const open = openCase();
    const keys = ['a', 'b', 'a', 'missing'].map((sk) => at(open.suffix, sk));
    expect(
      await differences(open, [
        (table) => table.put({ ...at(open.suffix, 'a'), n: 1 }),
        (table) => table.put({ ...at(open.suffix, 'b'), text: 'x' }),
        (table) => table.getMany(keys),
        (table) => table.getMany(keys, { consistent: false }),
        (table) =>
          table
            .getMany(keys, { only: 'n' })
            .then((items) => ({ found: new Set(items.map((item) => item['n'])) })),
        (table) => table.getMany([]),
        (table) => table.removeMany(keys),
        (table) => table.getMany(keys),
      ]),
    ).toEqual([]);
  });

  it('ranges, prefixes and pages in both directions, of the table and of the index', async () => {
    const open = openCase();
    const { pk } = at(open.suffix);
    const sortKeys = ['0001', '0002', '0010', 'M#1', 'M#2', 'M~', 'Z', 'é', '\u{ff5e}', '\u{1f600}'];
    const items = sortKeys.map((sk, index) => ({
      pk,
      sk,
      ...(index === 1 ? {} : { lookup_pk: `L${open.suffix}`, lookup_sk: `${sk}!` }),
      username: `user ${index}`,
      hidden: index,
    }));
    const bounds: Partial<Range>[] = [
      {},
      { prefix: 'M#' },
      { from: '0002', to: 'M#1' },
      { from: '0002!', to: 'M#1!' },
      { from: '0003', to: '0004' },
      { from: 'M', to: 'A' },
      { from: 'Z', to: '\u{1f600}~' },
    ];
    const ranges = bounds.flatMap((bound) =>
      ([undefined, lookupIndex] as const).flatMap((index) =>
        [false, true].flatMap((descending) =>
          [undefined, 1, 3, sortKeys.length, 50].map((limit): Range => ({
            ...bound,
            partition: index === undefined ? pk : `L${open.suffix}`,
            ...(index && { index }),
            descending,
            ...(limit !== undefined && { limit }),
          })),
        ),
      ),
    );
    expect(
      await differences(open, [
        ...items.map(
          (item): Request =>
            (table) =>
              table.put(item),
        ),
        ...ranges.flatMap((range): Request[] => [
          (table) => table.all(range).then((found) => ({ found })),
          (table) => readInPages(table, range),
        ]),
        (table) => table.page({ partition: pk, startAfter: { pk, sk: '0005' }, limit: 2 }),
        (table) => table.page({ partition: pk, startAfter: { pk, sk: 'M#2' }, prefix: 'M#', limit: 2 }),
        (table) => table.page({ partition: 'no such partition' }),
      ]),
    ).toEqual([]);
  });
});

/** Reads a whole range page by page, and returns each page. */
async function readInPages(table: Table, range: Range): Promise<unknown> {
  const pages = [];
  let startAfter: Item | undefined;
  do {
    const page: Awaited<ReturnType<Table['page']>> = await table.page({ ...range, startAfter });
    pages.push(page);
    startAfter = page.last;
  } while (startAfter !== undefined);
  return { pages };
}
