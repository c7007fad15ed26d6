/**
 * `npm run cfn-lint`: checks the template of every deployed stage with cfn-lint, which knows the schemas of all resource
 * types. cfn-lint is a Python program that no npm package brings, so it is not part of `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { buildApp } from '../infra/app.ts';
import { stageNames } from '../shared/settings/setting.ts';

/** The CDK adds dependencies that references imply already. */
const ignoredRules = ['W3005'];

const directory = resolve(import.meta.dirname, '../build/cfn-lint');

/** Writes the template of each deployed stage and returns the paths. */
function writeTemplates(): string[] {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  return stageNames
    .filter((stage) => stage !== 'local')
    .map((stage) => {
      const app = buildApp({
        stage,
        outdir: join(directory, stage),
        fast: true,
        code: 'none',
        environment: { WAIVED_SETTINGS: 'ALLOWED_ORIGINS,ALARM_EMAIL', ...process.env },
      });
      const [stack] = app.node.findAll().filter((node) => Stack.isStack(node));
      const path = join(directory, `${stage}.template.json`);
      writeFileSync(path, JSON.stringify(Template.fromStack(stack!).toJSON(), null, 2));
      return path;
    });
}

const isInstalled = spawnSync('cfn-lint', ['--version'], { stdio: 'ignore' }).status === 0;
if (isInstalled) {
  const args = [...writeTemplates(), '--ignore-checks', ...ignoredRules];
  process.exitCode = spawnSync('cfn-lint', args, { stdio: 'inherit' }).status ?? 1;
} else {
  process.stderr.write('cfn-lint is not on the PATH. Install it with `pipx install cfn-lint`.\n');
  process.exitCode = 1;
}
