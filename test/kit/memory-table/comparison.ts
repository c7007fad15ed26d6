/** Compares what the in-memory table and the database engine make of the same requests. */
import { isDeepStrictEqual } from 'node:util';
import type { Item } from '../../../shared/storage/item.ts';
import type { Key } from '../../../shared/storage/keys.ts';
import type { Table } from '../../../shared/storage/table.ts';
import { immediately, memoryTable } from './memory-table.ts';

/** An in-memory table, and the suffix of the partitions that no other case uses. */
interface Case {
  suffix: string;
  memory: Table;
  all: () => Item[];
}

export type Request = (table: Table) => Promise<unknown>;

const refused = { refused: true };

/** Returns the result of a request; both tables refuse what is invalid, with different sentences. */
const resultOf = (table: Table, request: Request): Promise<unknown> =>
  request(table).then(
    (result) => (Array.isArray(result) ? inOrder(result) : result),
    () => refused,
  );

/** The items of a batch have no order. */
const inOrder = (items: Item[]): Item[] => items.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
const textOf = (item: Item): string => JSON.stringify([item['pk'], item['sk']]);

interface Difference {
  request: number | 'the stored items';
  engine: unknown;
  memory: unknown;
}

/** Returns a key of a case. */
export const at = (suffix: string, sk = 'a'): Key => ({ pk: `P${suffix}`, sk });

export function comparison(engine: Table) {
  let cases = 0;

  /** Returns both tables for a case, with partitions that no other case uses. */
  function openCase(): Case {
    cases += 1;
    const suffix = `#${cases}`;
    const memory = memoryTable();
    return { suffix, memory: memory.as(immediately), all: () => memory.all() };
  }

  /** Sends the requests to both tables in turn, and returns where results or stored items differ. */
  async function differences({ suffix, memory, all }: Case, requests: Request[]): Promise<Difference[]> {
    const found: Difference[] = [];
    const compare = (request: Difference['request'], results: Omit<Difference, 'request'>): void => {
      if (!isDeepStrictEqual(results.engine, results.memory)) found.push({ request, ...results });
    };
    for (const [index, request] of requests.entries()) {
      compare(index, {
        engine: await resultOf(engine, request),
        memory: await resultOf(memory, request),
      });
    }
    compare('the stored items', {
      engine: inOrder(await engine.all({ partition: at(suffix).pk })),
      memory: inOrder(all()),
    });
    return found;
  }

  return { openCase, differences };
}
