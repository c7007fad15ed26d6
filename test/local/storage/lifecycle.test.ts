import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BucketDefinition, LifecycleRule } from '../../../local/bucket-definition.ts';
import { openDataDirectory } from '../../../local/data-directory.ts';
import { openBuckets, type Buckets } from '../../../local/services/buckets.ts';
import { watchLifecycle } from '../../../local/services/s3/lifecycle.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lifecycle-'));
  vi.useFakeTimers({ now: Date.parse('2026-01-02T10:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true, force: true });
});

const rules: LifecycleRule[] = [
  { prefix: 'incoming/', tags: {}, expirationDays: 1 },
  { prefix: '', tags: { unsent: '1' }, expirationDays: 2 },
];

const definitionWith = (lifecycle: LifecycleRule[]): BucketDefinition => ({
  logicalId: 'Files',
  bucketName: 'files',
  notifiedQueueIds: [],
  sendsEvents: false,
  cors: [],
  lifecycle,
  publicAccess: { blocksAcls: true },
});

function open(lifecycle: LifecycleRule[] = rules): Buckets {
  return openBuckets({
    definitions: [definitionWith(lifecycle)],
    directory,
    region: 'r',
    sendToQueue: () => undefined,
  });
}

const keysOf = (buckets: Buckets): string[] => buckets.list('files').map(({ key }) => key);

describe('the lifecycle of a bucket', () => {
  it('deletes an object at the midnight after its days have passed, and leaves what no rule ends', () => {
    const buckets = open();
    buckets.put('files', 'incoming/a', 'x');
    buckets.put('files', 'files/unsent', 'x', { tags: { unsent: '1' } });
    buckets.put('files', 'files/sent', 'x');
    buckets.put('files', 'files/other', 'x', { tags: { unsent: '2' } });
    const lifecycle = watchLifecycle(buckets);
    // Ten minutes before the midnight that follows 10:00 of the next day.
    vi.advanceTimersByTime(37 * 3_600_000 + 50 * 60_000);
    expect(keysOf(buckets)).toHaveLength(4);
    vi.advanceTimersByTime(20 * 60_000);
    expect(keysOf(buckets)).toEqual(['files/other', 'files/sent', 'files/unsent']);
    vi.advanceTimersByTime(24 * 3_600_000);
    expect(keysOf(buckets)).toEqual(['files/other', 'files/sent']);
    lifecycle.close();
  });

  it('spares an object whose tag was removed in time, and counts from its last put', () => {
    const buckets = open();
    buckets.put('files', 'files/kept', 'x', { tags: { unsent: '1' } });
    buckets.put('files', 'incoming/again', 'x');
    const lifecycle = watchLifecycle(buckets);
    expect(lifecycle.passDays(1)).toBe(0);
    buckets.setTags('files', 'files/kept', {});
    buckets.put('files', 'incoming/again', 'y');
    expect(lifecycle.passDays(1)).toBe(0);
    expect(lifecycle.passDays(1)).toBe(1);
    expect(keysOf(buckets)).toEqual(['files/kept']);
    lifecycle.close();
  });

  it('goes on after a restart with the times of the objects', () => {
    open().put('files', 'incoming/a', 'x');
    const buckets = open();
    expect(keysOf(buckets)).toEqual(['incoming/a']);
    vi.setSystemTime(Date.parse('2026-01-04T00:00:00Z'));
    watchLifecycle(buckets).close();
    expect(keysOf(open())).toEqual([]);
  });
});

describe('the files of a bucket', () => {
  it('are those of the last put after a restart, with their metadata and nothing else', () => {
    const details = { headers: { 'content-type': 'text/plain' }, tags: { a: '1' } };
    const buckets = open([]);
    buckets.put('files', 'k'.repeat(1_024), 'one');
    buckets.put('files', 'k'.repeat(1_024), 'two', details);
    expect(open([]).get('files', 'k'.repeat(1_024))).toMatchObject({
      ...details,
      body: Buffer.from('two'),
      modifiedAtMs: Date.now(),
    });
  });

  it('are kept by the next start, and removed by one with --fresh', () => {
    const start = (fresh: boolean): Buckets => {
      const data = openDataDirectory(directory, { fresh });
      data.release();
      const definitions = [definitionWith([])];
      return openBuckets({ definitions, directory: data.buckets, region: 'r', sendToQueue: () => undefined });
    };
    start(false).put('files', 'a', 'x');
    expect(keysOf(start(false))).toEqual(['a']);
    expect(keysOf(start(true))).toEqual([]);
  });
});
