/** The in-memory table and the database engine give the same results and store the same items. */
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../shared/storage/change-expression.ts';
import type { Condition } from '../../../shared/storage/condition.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { startTable } from '../../shared/storage/started-table.ts';
import { at, comparison, type Request } from './comparison.ts';

const { differences, openCase } = comparison((await startTable()).table);

const stored: Item = {
  n: 5,
  zero_n: 0,
  a_text: 'm',
  empty_text: '',
  is_flag: true,
  a_null: null,
  a_list: [1, 'two', { three: 3 }],
  seqs: new Set([1, 2, 300]),
  rooms: { x: { name: 'one', joinReceivedAt: 7 }, y: {} },
};

/** DynamoDB refuses to order by other types. */
const valuesFor = (operator: string): unknown[] =>
  operator === '=' || operator === '<>' ? [5, 6, 'm', '', true, null] : [4, 5, 6, 'm', 'z', ''];

describe('The in-memory table agrees with the engine on', { timeout: 60_000 }, () => {
  const conditions: Condition[] = [
    ...['attribute_exists', 'attribute_not_exists'].flatMap((name) =>
      ['pk', 'n', 'not_stored', 'a_null', 'rooms.#x', 'rooms.#missing', 'rooms.#x.#name', 'n.#x'].map(
        (path): Condition => {
          const placeholders = [...path.matchAll(/#(\w+)/g)];
          return {
            if: `${name}(${path})`,
            ...(placeholders.length > 0 && {
              names: Object.fromEntries(
                placeholders.map(([placeholder, attribute = '']) => [placeholder, attribute]),
              ),
            }),
          };
        },
      ),
    ),
    ...['=', '<>', '<', '<=', '>', '>='].flatMap((operator) =>
      valuesFor(operator).flatMap((value) =>
        ['n', 'a_text', 'empty_text', 'not_stored', 'is_flag', 'a_null', 'rooms.x.joinReceivedAt'].map(
          (path) => ({
            if: `${path} ${operator} :v`,
            values: { ':v': value },
          }),
        ),
      ),
    ),
    ...[
      'a_text IN (:a, :b)',
      'NOT a_text IN (:a, :b)',
      'not_stored IN (:a, :b)',
      'NOT not_stored IN (:a, :b)',
    ].flatMap((text) => [
      { if: text, values: { ':a': 'm', ':b': 'k' } },
      { if: text, values: { ':a': 'k', ':b': 5 } },
    ]),
    ...['m', 'other'].flatMap((value) =>
      [
        'attribute_exists(pk) AND a_text = :v OR n = :five',
        'attribute_exists(pk) AND (a_text = :v OR n > :five)',
        'attribute_not_exists(pk) OR a_text = :v OR n < :five',
        'NOT a_text = :v AND n = :five',
        'attribute_exists(pk) AND (NOT a_text IN (:v, :five) OR attribute_exists(not_stored))',
        '(attribute_exists(n) AND attribute_not_exists(not_stored)) AND (a_text = :v OR (n = :five AND zero_n < :five))',
      ].map((text) => ({ if: text, values: { ':v': value, ':five': 5 } })),
    ),
    { if: 'n = :v', values: { ':v': undefined } },
    { if: 'n = :unknown', values: { ':v': 1 } },
  ];

  it('every form of condition, of a stored item and of a missing one', async () => {
    const open = openCase();
    const { pk } = at(open.suffix);
    const requests = conditions.flatMap((condition, index): Request[] => [
      (table) => table.update({ pk, sk: 'stored' }, { set: { changed: index } }, condition),
      (table) => table.remove({ pk, sk: 'missing' }, condition),
    ]);
    const prepare: Request = (table) => table.put({ pk, sk: 'stored', ...stored });
    expect(await differences(open, [prepare, ...requests])).toEqual([]);
  });

  const changes: Change[] = [
    { set: { n: 6, other: 'new', missing: undefined } },
    { set: { 'rooms.z': { name: 'new', gone: undefined } } },
    { set: { 'rooms.x.name': 'new', 'rooms.y.name': 'also new' } },
    { set: { 'missing.x': 1 } },
    { set: { 'rooms.missing.name': 1 } },
    { set: { 'a_text.x': 1 } },
    { set: { pk: 'other' } },
    { set: { n: undefined } },
    { set: { seqs: new Set() } },
    {},
    { add: { n: 2, missing: 3 } },
    { add: { n: -5 } },
    { add: { a_text: 1 } },
    { add: { seqs: new Set([2, 4]), missing: new Set([9]) } },
    { add: { n: new Set([1]) } },
    { add: { seqs: 1 } },
    { deleteFrom: { seqs: new Set([1, 77]) } },
    { deleteFrom: { seqs: new Set([1, 2, 300]) } },
    { deleteFrom: { missing: new Set([1]) } },
    { deleteFrom: { a_text: new Set([1]) } },
    { remove: ['n', 'missing'] },
    { remove: ['rooms.x', 'rooms.missing'] },
    { remove: ['missing.x'] },
    { remove: ['rooms.x.name'] },
    { remove: ['a_list[0]'] },
    { remove: ['n'], set: { n: 1 } },
    { remove: ['rooms.x'], set: { 'rooms.x.name': 'overlapping' } },
    { increment: { next: { from: 'n', by: 1 } } },
    { increment: { next: { from: 'missing', by: 1 } } },
    { increment: { next: { from: 'a_text', by: 1 } } },
    {
      add: { n: 1 },
      increment: { copy: { from: 'n', by: 1 } },
      set: { a_text: 'x' },
      remove: ['empty_text'],
    },
    { append: { a_list: ['last'] } },
    { append: { missing: ['first'] } },
    { append: { a_text: ['first'] } },
    { deleteFrom: { seqs: new Set([2]) }, set: { n: 9 } },
  ];

  it('every form of change, of a stored item and of a missing one', async () => {
    const open = openCase();
    const { pk } = at(open.suffix);
    const requests = changes.flatMap((change, index): Request[] => [
      (table) => table.put({ pk, sk: `stored${index}`, ...stored }),
      (table) => table.update({ pk, sk: `stored${index}` }, change),
      (table) => table.update({ pk, sk: `missing${index}` }, change),
      (table) => table.get({ pk, sk: `missing${index}` }),
    ]);
    expect(await differences(open, requests)).toEqual([]);
  });

  it('the items that puts and removals return, and values that are left out', async () => {
    const open = openCase();
    const key = at(open.suffix);
    const isNew = { if: 'attribute_not_exists(pk)' };
    expect(
      await differences(open, [
        (table) => table.remove(key),
        (table) => table.put({ ...key, ...stored }, isNew),
        (table) => table.get(key),
        (table) => table.put({ ...key, n: 1 }, isNew),
        (table) =>
          table.put({ ...key, gone: undefined, map: { gone: undefined, kept: '' } }).then(({ ok }) => ok),
        (table) => table.get(key),
        (table) => table.remove(key, { if: 'n = :n', values: { ':n': 1 } }),
        (table) => table.remove(key, { if: 'attribute_exists(pk)' }),
        (table) => table.get(key),
      ]),
    ).toEqual([]);
  });

  it('keys that are empty or too long, and sets that are empty', async () => {
    const open = openCase();
    const key = at(open.suffix);
    const items: Item[] = [
      { ...key, sk: '' },
      { ...key, sk: 'x'.repeat(1_024) },
      { ...key, sk: 'x'.repeat(1_025) },
      { ...key, lookup_pk: 'l', lookup_sk: '' },
      { ...key, seqs: new Set() },
    ];
    expect(
      await differences(
        open,
        items.map((item) => (table) => table.put(item)),
      ),
    ).toEqual([]);
  });
});
