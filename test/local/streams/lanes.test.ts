import { describe, expect, it } from 'vitest';
import { openLanes } from '../../../local/streams/lanes.ts';
import type { StreamRecord } from '../../../local/streams/stream-record.ts';

const record = (item: string, at: number): StreamRecord =>
  ({ eventID: `e${at}`, dynamodb: { Keys: { pk: { S: item } }, SequenceNumber: String(at) } }) as never;

/** Lanes whose batches are ended by hand. */
function watched(count: number, batchSize = 10) {
  const stopping = new AbortController();
  const batches: { sequence: string[]; end: () => void }[] = [];
  const done: string[] = [];
  const lanes = openLanes({
    count,
    batchSize,
    deliver: (records) =>
      new Promise((end) => {
        batches.push({ sequence: records.map(({ dynamodb }) => dynamodb.SequenceNumber), end: () => end() });
      }),
    done: (sequenceNumber) => done.push(sequenceNumber),
    signal: stopping.signal,
  });
  return { lanes, batches, done, stop: () => stopping.abort() };
}

const passed = () => new Promise((resolve) => setImmediate(resolve));

/** Items that two lanes hold apart, found rather than assumed. */
function twoItems(): [string, string] {
  for (let at = 0; ; at += 1) {
    const { lanes, batches } = watched(2);
    lanes.add([record('a', 1), record(`b${at}`, 2)], '2');
    if (batches.length === 2) return ['a', `b${at}`];
  }
}

describe('lanes', () => {
  it('deliver what was read while a batch was under way as the next one, in order and no larger than it may be', async () => {
    const { lanes, batches } = watched(1, 3);
    lanes.add([record('a', 1)], '1');
    for (let at = 2; at <= 6; at += 1) lanes.add([record(`item ${at}`, at)], String(at));
    expect(lanes.waiting()).toBe(5);
    for (const expected of [['1'], ['2', '3', '4'], ['5', '6']]) {
      const batch = batches.at(-1)!;
      expect(batch.sequence).toEqual(expected);
      batch.end();
      await passed();
    }
    expect([batches.length, lanes.waiting()]).toEqual([3, 0]);
  });

  it('do not wait for each other, but keep the records of one item in their order', async () => {
    const [slow, quick] = twoItems();
    const { lanes, batches } = watched(2);
    lanes.add([record(slow, 1), record(quick, 2)], '2');
    lanes.add([record(slow, 3), record(quick, 4)], '4');
    batches.find(({ sequence }) => sequence[0] === '2')!.end();
    await passed();
    const begun = batches.map(({ sequence }) => sequence);
    expect(begun.slice(0, 2).flat().sort()).toEqual(['1', '2']);
    expect(begun.slice(2)).toEqual([['4']]);
  });

  it('count as done only up to the first record that is not', async () => {
    const [slow, quick] = twoItems();
    const { lanes, batches, done } = watched(2);
    lanes.add([record(slow, 1)], '1');
    lanes.add([record(quick, 2)], '2');
    // Nothing in it passed a filter.
    lanes.add([], '3');
    batches.find(({ sequence }) => sequence[0] === '2')!.end();
    await passed();
    expect(done).toEqual([]);
    batches.find(({ sequence }) => sequence[0] === '1')!.end();
    await passed();
    expect(done).toEqual(['3']);
  });

  it('begin nothing more, and call nothing done, once they are to stop', async () => {
    const { lanes, batches, done, stop } = watched(1, 1);
    lanes.add([record('a', 1), record('a', 2)], '2');
    stop();
    batches[0]!.end();
    await lanes.settled();
    expect([batches.length, done.length]).toEqual([1, 0]);
  });

  it('tell of progress, and of rest', async () => {
    const { lanes, batches } = watched(1, 1);
    await lanes.progress();
    lanes.add([record('a', 1), record('a', 2)], '2');
    let settled = false;
    const settling = lanes.settled().then(() => (settled = true));
    const progress = lanes.progress();
    batches[0]!.end();
    await progress;
    expect(settled).toBe(false);
    await passed();
    batches[1]!.end();
    await settling;
    expect(lanes.waiting()).toBe(0);
  });
});
