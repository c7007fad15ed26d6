/** The in-memory table and the database engine agree on random sequences of requests. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from '../../../shared/storage/change-expression.ts';
import type { Condition } from '../../../shared/storage/condition.ts';
import { lookupIndex } from '../../../shared/storage/keys.ts';
import type { Step, Table } from '../../../shared/storage/table.ts';
import type { Range } from '../../../shared/storage/range.ts';
import { startTable } from '../../shared/storage/started-table.ts';
import { at, comparison, type Request } from './comparison.ts';

const { differences, openCase } = comparison((await startTable()).table);

const anySortKey = fc.constantFrom('a', 'b', 'c');
const anyNumber = fc.integer({ min: -2, max: 2 });
const anySet = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 }).map((seqs) => new Set(seqs));

/** Neither empty nor with overlapping paths: in transactions the engine accepts such changes, which DynamoDB refuses. */
const anyChange: fc.Arbitrary<Change> = fc
  .record({
    set: fc.dictionary(fc.constantFrom('text', 'rooms', 'rooms.x', 'rooms.x.name'), anyNumber, {
      maxKeys: 1,
    }),
    add: fc.record({ n: anyNumber, seqs: anySet }, { requiredKeys: ['n'] }),
    remove: fc.constantFrom<string[]>([], ['other'], ['rooms.y'], ['lookup_sk']),
    increment: fc.constantFrom<NonNullable<Change['increment']>>({}, { next_n: { from: 'n', by: 1 } }),
    deleteFrom: fc.option(fc.record({ seqs: anySet })),
  })
  .map(({ set, add, remove, increment, deleteFrom }): Change => ({
    set,
    add: { ...add },
    remove: 'rooms' in set ? [] : remove,
    increment,
    ...(deleteFrom !== null && add.seqs === undefined && { deleteFrom }),
  }));

const anyCondition: fc.Arbitrary<Condition | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<Condition>(
    { if: 'attribute_exists(pk)' },
    { if: 'attribute_not_exists(pk)' },
    { if: 'attribute_exists(pk) AND attribute_not_exists(next_n)' },
    { if: 'attribute_exists(rooms.#room)', names: { '#room': 'x' } },
  ),
  anyNumber.map((n) => ({
    if: 'attribute_exists(pk) AND (attribute_not_exists(n) OR n < :n)',
    values: { ':n': n },
  })),
);

const anyStep: fc.Arbitrary<(suffix: string) => Step> = fc
  .tuple(
    anySortKey,
    anyCondition,
    fc.oneof(
      fc
        .record({ n: anyNumber, rooms: fc.constant({ x: {} }), lookup_sk: anySortKey })
        .map((put) => ({ put })),
      anyChange.map((change) => ({ change })),
      fc.constant({ remove: true }),
    ),
  )
  .map(([sk, condition, write]) => (suffix) => {
    const key = at(suffix, sk);
    const more = condition && { condition };
    if ('put' in write) return { put: { ...key, lookup_pk: `L${suffix}`, ...write.put }, ...more };
    return 'change' in write ? { update: key, change: write.change, ...more } : { remove: key, ...more };
  });

const anyRequest: fc.Arbitrary<(suffix: string) => Request> = fc.oneof(
  { weight: 6, arbitrary: anyStep.map((step) => (suffix: string) => performStep(step(suffix))) },
  {
    weight: 2,
    arbitrary: fc
      .array(anyStep, { minLength: 1, maxLength: 3 })
      .map(
        (steps) => (suffix: string) => (table: Table) => table.transact(steps.map((step) => step(suffix))),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Partial<Range>>(
        {},
        { descending: true },
        { limit: 2 },
        { prefix: 'b' },
        { from: 'b', to: 'c' },
      )
      .map(
        (range) => (suffix: string) => (table: Table) => table.page({ partition: `P${suffix}`, ...range }),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      (suffix: string) => (table: Table) => table.all({ partition: `L${suffix}`, index: lookupIndex }),
    ),
  },
);

const performStep =
  (step: Step): Request =>
  (table) => {
    if ('put' in step) return table.put(step.put, step.condition);
    if ('update' in step) return table.update(step.update, step.change, step.condition);
    return table.remove(step.remove, step.condition);
  };

it(
  'The in-memory table agrees with the engine on random sequences of requests',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRequest, { minLength: 5, maxLength: 25 }), async (actions) => {
        const open = openCase();
        const requests = actions.map((action): Request => action(open.suffix));
        expect(await differences(open, requests)).toEqual([]);
      }),
      { numRuns: 100, seed: 1 },
    );
  },
);
