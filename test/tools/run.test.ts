import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('does not install packages into a folder to which node_modules is a link', () => {
  const directory = mkdtempSync(join(tmpdir(), 'run-'));
  try {
    const [project, shared] = [join(directory, 'project'), join(directory, 'shared')];
    for (const path of [join(project, 'tools'), shared]) mkdirSync(path, { recursive: true });
    copyFileSync('tools/run.mjs', join(project, 'tools/run.mjs'));
    writeFileSync(join(project, 'package.json'), '{}');
    writeFileSync(join(project, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }');
    writeFileSync(join(shared, '.installed-lock-hash'), 'of another lock file');
    symlinkSync(shared, join(project, 'node_modules'), 'dir');
    const run = spawnSync(process.execPath, [join(project, 'tools/run.mjs'), 'a.ts'], { encoding: 'utf8' });
    expect([run.status, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(/^node_modules is a link to packages of another lock file\./);
    expect(existsSync(join(shared, '.installed-lock-hash'))).toBe(true);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
