/** A folder of sources is watched for as long as the runtime runs, whatever becomes of the folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchFolder } from '../../../local/template/watch-folder.ts';

const patience = { timeout: 10_000 };

let parent: string;
let folder: string;
let close: () => void;
let changes = 0;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'watch-'));
  folder = join(parent, 'web');
  mkdirSync(join(folder, 'room'), { recursive: true });
  changes = 0;
  close = watchFolder(folder, () => (changes += 1));
});
afterEach(() => {
  close();
  rmSync(parent, { recursive: true, force: true });
});

/** Writes a file until a change is reported: a new watcher misses what happens before it is ready. */
async function countAfterWriting(file: string): Promise<number> {
  const before = changes;
  await vi.waitFor(() => {
    writeFileSync(join(folder, file), String(Math.random()));
    expect(changes).toBeGreaterThan(before);
  }, patience);
  return changes - before;
}

test('a change below the folder is reported', async () => {
  expect(await countAfterWriting('room/view.ts')).toBeGreaterThan(0);
});

test('a change is reported after the folder was removed and made again', async () => {
  await countAfterWriting('room/view.ts');
  const before = changes;
  rmSync(folder, { recursive: true });
  await vi.waitFor(() => expect(changes).toBeGreaterThan(before), patience);
  mkdirSync(join(folder, 'room'), { recursive: true });
  expect(await countAfterWriting('room/view.ts')).toBeGreaterThan(0);
});

test('folders below that come and go while they are read do not end the watching', async () => {
  for (let round = 0; round < 50; round += 1) {
    const below = join(folder, `new-${round}`, 'deeper');
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, 'file.ts'), '');
    rmSync(join(folder, `new-${round}`), { recursive: true });
  }
  expect(await countAfterWriting('room/view.ts')).toBeGreaterThan(0);
});

test('nothing is reported once the watching has ended', async () => {
  await countAfterWriting('room/view.ts');
  close();
  const before = changes;
  const other = watchFolder(folder, () => (seen += 1));
  let seen = 0;
  await vi.waitFor(() => {
    writeFileSync(join(folder, 'room/view.ts'), String(Math.random()));
    expect(seen).toBeGreaterThan(0);
  }, patience);
  other();
  expect(changes).toBe(before);
});
