import { describe, expect, it } from 'vitest';
import { openLanes } from '../../../local/streams/lanes.ts';
import type { StreamRecord } from '../../../local/streams/stream-record.ts';

const record = (item: string, seq: number): StreamRecord =>
  ({ eventID: `e${seq}`, dynamodb: { Keys: { pk: { S: item } }, SequenceNumber: String(seq) } }) as never;

/** Opens lanes whose batches the test ends. */
function openTestLanes(count: number, batchSize = 10) {
  const stopping = new AbortController();
  const batches: { sequence: string[]; end: () => void }[] = [];
  const processed: string[] = [];
  const lanes = openLanes({
    count,
    batchSize,
    deliver: (records) =>
      new Promise((end) => {
        batches.push({ sequence: records.map(({ dynamodb }) => dynamodb.SequenceNumber), end: () => end() });
      }),
    onProcessed: (sequenceNumber) => processed.push(sequenceNumber),
    signal: stopping.signal,
  });
  return { lanes, batches, processed, stop: () => stopping.abort() };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Finds two items that belong to different lanes of two. */
function twoItems(): [string, string] {
  for (let number = 0; ; number += 1) {
    const { lanes, batches } = openTestLanes(2);
    lanes.add([record('a', 1), record(`b${number}`, 2)], '2');
    if (batches.length === 2) return ['a', `b${number}`];
  }
}

describe('lanes', () => {
  it('collect the records that arrive during a batch into the next ones, in order and up to the batch size', async () => {
    const { lanes, batches } = openTestLanes(1, 3);
    lanes.add([record('a', 1)], '1');
    for (let seq = 2; seq <= 6; seq += 1) lanes.add([record(`item ${seq}`, seq)], String(seq));
    expect(lanes.waiting()).toBe(5);
    for (const expected of [['1'], ['2', '3', '4'], ['5', '6']]) {
      const batch = batches.at(-1)!;
      expect(batch.sequence).toEqual(expected);
      batch.end();
      await nextTurn();
    }
    expect([batches.length, lanes.waiting()]).toEqual([3, 0]);
  });

  it('do not wait for each other, but keep the order of records of the same item', async () => {
    const [slow, quick] = twoItems();
    const { lanes, batches } = openTestLanes(2);
    lanes.add([record(slow, 1), record(quick, 2)], '2');
    lanes.add([record(slow, 3), record(quick, 4)], '4');
    batches.find(({ sequence }) => sequence[0] === '2')!.end();
    await nextTurn();
    const started = batches.map(({ sequence }) => sequence);
    expect(started.slice(0, 2).flat().sort()).toEqual(['1', '2']);
    expect(started.slice(2)).toEqual([['4']]);
  });

  it('report progress only up to the first record that is not processed', async () => {
    const [slow, quick] = twoItems();
    const { lanes, batches, processed } = openTestLanes(2);
    lanes.add([record(slow, 1)], '1');
    lanes.add([record(quick, 2)], '2');
    // A read of which no record passed the filter.
    lanes.add([], '3');
    batches.find(({ sequence }) => sequence[0] === '2')!.end();
    await nextTurn();
    expect(processed).toEqual([]);
    batches.find(({ sequence }) => sequence[0] === '1')!.end();
    await nextTurn();
    expect(processed).toEqual(['3']);
  });

  it('start no batch and report no progress after the signal has aborted', async () => {
    const { lanes, batches, processed, stop } = openTestLanes(1, 1);
    lanes.add([record('a', 1), record('a', 2)], '2');
    stop();
    batches[0]!.end();
    await lanes.settled();
    expect([batches.length, processed.length]).toEqual([1, 0]);
  });

  it('settle progress after each batch, and settled after the last', async () => {
    const { lanes, batches } = openTestLanes(1, 1);
    await lanes.progress();
    lanes.add([record('a', 1), record('a', 2)], '2');
    let settled = false;
    const settling = lanes.settled().then(() => (settled = true));
    const progress = lanes.progress();
    batches[0]!.end();
    await progress;
    expect(settled).toBe(false);
    await nextTurn();
    batches[1]!.end();
    await settling;
    expect(lanes.waiting()).toBe(0);
  });
});
