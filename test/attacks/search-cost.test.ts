/** Searches that are meant to be expensive: for what is rare, in text that is costly to compare, and over many rooms. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRoom } from '../kit/rooms.ts';
import { get, newUser, type TestUser } from '../kit/users.ts';
import { editBy, logBuilder, messageBy, type LogBuilder } from './log-builder.ts';
import { useProductionRuntime, withoutBudgets } from './production-runtime.ts';

const { runtime } = useProductionRuntime(withoutBudgets);

/** The time a request may take on a busy machine, far below the function's timeout of 15 seconds. */
const patienceMs = 5_000;

let builder: LogBuilder;
let ann: TestUser;
beforeAll(async () => {
  builder = logBuilder(runtime());
  ann = await newUser('ann');
});
afterAll(() => builder.close());

/** Searches to the end. Returns the contents that were found, and how many requests it took. */
async function searchAll(path: string, query: string): Promise<{ found: string[]; requests: number }> {
  const found: string[] = [];
  let cursor: string | undefined;
  let requests = 0;
  do {
    const startedAtMs = performance.now();
    const next: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await get(ann, `${path}?${query}${next}`);
    expect(status).toBe(200);
    expect(performance.now() - startedAtMs).toBeLessThan(patienceMs);
    found.push(...body.results.map(({ content }: any) => content));
    requests += 1;
    ({ cursor } = body);
  } while (cursor !== undefined);
  return { found, requests };
}

describe('a search', () => {
  test('through 12,000 edits reads a bounded part of them in each request', async () => {
    const room = await newRoom(ann);
    const edits = Array.from({ length: 12_000 }, () => editBy(ann, 1));
    await builder.append(room.room_id, [messageBy(ann, 'the only message'), ...edits]);
    const { found, requests } = await searchAll(`/chat/rooms/${room.room_id}/search/`, 'q=only');
    expect(found).toEqual(['the only message']);
    expect(requests).toBe(5);
  });

  test('through long messages reads about a megabyte of them in each request', async () => {
    const room = await newRoom(ann);
    // Each of these characters folds to 18, and each of the marks would have to be put into its order.
    const ligatures = Array.from({ length: 100 }, () => messageBy(ann, '\ufdfa'.repeat(4_000)));
    const marks = Array.from({ length: 100 }, () => messageBy(ann, `क${'\u093c\u094d'.repeat(1_990)}`));
    await builder.append(room.room_id, [messageBy(ann, 'the needle'), ...ligatures, ...marks]);
    const { found, requests } = await searchAll(`/chat/rooms/${room.room_id}/search/`, 'q=needle');
    expect(found).toEqual(['the needle']);
    expect(requests).toBeGreaterThan(2);
    expect(requests).toBeLessThan(6);
  });

  test('whose words almost match everywhere takes no longer', async () => {
    const room = await newRoom(ann);
    const almost = Array.from({ length: 250 }, () => messageBy(ann, 'a'.repeat(4_000)));
    await builder.append(room.room_id, [messageBy(ann, 'the needle'), ...almost]);
    const words = Array.from({ length: 10 }, (_, index) => `${'a'.repeat(18)}${index}`).join('+');
    const { found } = await searchAll(`/chat/rooms/${room.room_id}/search/`, `q=${words}`);
    expect(found).toEqual([]);
  });

  test('for everything answers pages that can be sent', async () => {
    const room = await newRoom(ann);
    const long = Array.from({ length: 60 }, () => messageBy(ann, '漢'.repeat(4_000)));
    await builder.append(room.room_id, long);
    const query = `q=${encodeURIComponent('漢')}&limit=50`;
    const { found, requests } = await searchAll(`/chat/rooms/${room.room_id}/search/`, query);
    expect(found).toHaveLength(60);
    expect(requests).toBeLessThan(5);
  });
});
