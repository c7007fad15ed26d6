/** `npm run docs`: writes the reference of the client, and builds the site into build/site. Flags go to VitePress. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Runs a program of a package that a workspace depends on, and ends this process if it fails. */
function run(workspace: string, program: { package: string; file: string }, args: string[]): void {
  const manifest = createRequire(join(root, workspace, 'package.json')).resolve(
    `${program.package}/package.json`,
  );
  const file = join(dirname(manifest), program.file);
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const typedoc = { package: 'typedoc', file: 'bin/typedoc' };
run('client', typedoc, ['--options', 'site/reference/typedoc.json', '--logLevel', 'Warn']);
run('site', { package: 'vitepress', file: 'bin/vitepress.js' }, ['build', 'site', ...process.argv.slice(2)]);
