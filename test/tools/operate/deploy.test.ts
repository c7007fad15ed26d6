/** The deployment of a stage: its order of steps, and what stops it before anything is touched. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OperatorError } from '../../../tools/operate/command-line.ts';
import { deploy, type DeployPorts } from '../../../tools/operate/deploy/deploy.ts';
import { uncommittedFiles } from '../../../tools/operate/working-tree.ts';
import { defaultAccount, fakeAws, type FakeAccount, type FakeStack } from './fake-aws.ts';

const ready = { ALLOWED_ORIGINS: 'https://chat.example', ALARM_EMAIL: 'ops@chat.example' };
const stackName = 'ServerlessChat-prod';
const outputs = { EdgeUrl: 'https://edge.example', TableName: 'table-1' };
const noOperatorFiles = '/nonexistent';

interface Setting {
  account?: Partial<FakeAccount>;
  environment?: Record<string, string>;
  changedFiles?: string[];
  /** The stack as the CDK leaves it, and its exit code. */
  deployed?: FakeStack;
  exitCode?: number;
  works?: boolean;
}

/** Deploys a stage with ports that record what was called, in order. */
async function deployWith(
  { account = {}, environment = ready, changedFiles = [], works = true, ...cdk }: Setting = {},
  { stage = 'prod', requireApproval = 'never', skipSmoke = false } = {},
) {
  const { deployed = { status: 'CREATE_COMPLETE', outputs }, exitCode = 0 } = cdk;
  const aws = fakeAws({ tables: { 'table-1': false }, ...account });
  const calls: string[] = [];
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const ports: DeployPorts = {
    terminal: { print, printError: print },
    settings: { environment, operatorDirectory: noOperatorFiles },
    uncommittedFiles: async () => changedFiles,
    openAwsApi: async () => aws.api,
    async cdk(args) {
      calls.push(`cdk ${args.join(' ')}`);
      if (args[0] !== 'deploy') return 0;
      aws.account.stacks[args[1]!] = {
        isProtected: aws.account.stacks[args[1]!]?.isProtected ?? false,
        ...deployed,
      };
      return exitCode;
    },
    async smoke({ http }) {
      calls.push(`smoke ${http}`);
      return works;
    },
  };
  const outcome = await deploy({ stage, requireApproval, skipSmoke }, ports).catch((error: unknown) => error);
  return { outcome, calls, lines, account: aws.account, requests: aws.requests };
}

describe('a deployment', () => {
  it('checks, synthesizes, deploys, protects stack and table, and runs the smoke test', async () => {
    const { outcome, calls, account, lines } = await deployWith();
    expect(outcome).toBe(0);
    expect(calls).toEqual([
      'cdk synth -q -c stage=prod -c firstDeployment=true -o build/cdk.out/prod',
      'cdk deploy ServerlessChat-prod --app build/cdk.out/prod --require-approval never',
      'smoke https://edge.example',
    ]);
    expect(account.stacks[stackName]?.isProtected).toBe(true);
    expect(account.tables).toEqual({ 'table-1': true });
    expect(lines.join('\n')).toContain('ServerlessChat-prod is protected against deletion.');
  });

  it('leaves a stage that keeps no data unprotected', async () => {
    const { outcome, account } = await deployWith({ environment: {} }, { stage: 'dev' });
    expect(outcome).toBe(0);
    expect(account.stacks['ServerlessChat-dev']?.isProtected).toBe(false);
    expect(account.tables).toEqual({ 'table-1': false });
  });

  it('fails when the smoke test fails, and skips it on request', async () => {
    expect((await deployWith({ works: false })).outcome).toBe(1);
    const skipped = await deployWith({ works: false }, { skipSmoke: true });
    expect(skipped.outcome).toBe(0);
    expect(skipped.calls).toHaveLength(2);
  });

  it.each<[string, Setting, object, string]>([
    ['an unknown stage', {}, { stage: 'live' }, 'There is no stage "live"'],
    ['a missing setting', { environment: {} }, {}, 'Stage prod requires ALLOWED_ORIGINS and ALARM_EMAIL'],
    [
      'an invalid setting',
      { environment: { ...ready, LOG_RETENTION_DAYS: '2' } },
      {},
      'LOG_RETENTION_DAYS is "2"',
    ],
    [
      'uncommitted files',
      { changedFiles: ['infra/table.ts', 'a', 'b'] },
      {},
      'Production is deployed from a commit, but infra/table.ts and 2 more is not committed.',
    ],
    ['an unknown approval', {}, { requireApproval: 'sometimes' }, '--require-approval must be one of never'],
  ])('refuses %s in one line before it calls AWS or the CDK', async (_, setting, options, message) => {
    const { outcome, calls, requests } = await deployWith(setting, options);
    expect(outcome).toBeInstanceOf(OperatorError);
    expect((outcome as Error).message).toContain(message);
    expect((outcome as Error).message).not.toContain('\n');
    expect([calls, requests]).toEqual([[], []]);
  });

  it('deploys uncommitted files to other stages than prod', async () => {
    expect((await deployWith({ changedFiles: ['a'] }, { stage: 'staging' })).outcome).toBe(0);
  });

  it('does not deploy when the preflight finds a problem', async () => {
    const { outcome, calls, lines } = await deployWith({ account: { stacks: {} } });
    expect((outcome as Error).message).toBe('Nothing was deployed: correct the problems above first.');
    expect(lines.join('\n')).toContain('npx cdk bootstrap');
    expect(calls).toEqual([]);
  });

  it('protects nothing after a first deployment that failed, and says why it failed and how to get on', async () => {
    const { outcome, calls, account, lines } = await deployWith({
      exitCode: 1,
      deployed: {
        status: 'ROLLBACK_COMPLETE',
        failures: { Edge: 'Your account must be verified &amp; so on' },
      },
    });
    expect(outcome).toBe(1);
    expect(calls).toHaveLength(2);
    expect(account.stacks[stackName]?.isProtected).toBe(false);
    expect(account.tables).toEqual({ 'table-1': false });
    expect(lines).toContain('Edge: Your account must be verified & so on');
    expect(lines.at(-1)).toContain('npm run destroy -- --stage prod --yes ServerlessChat-prod');
  });

  it('keeps the protection of a stage that was deployed before', async () => {
    const stacks = {
      ...defaultAccount.stacks,
      [stackName]: { status: 'UPDATE_COMPLETE', isProtected: true, outputs },
    };
    const tables = { 'table-1': true };
    const { outcome, requests, calls } = await deployWith({ account: { stacks, tables } });
    expect(outcome).toBe(0);
    expect(calls[0]).toBe('cdk synth -q -c stage=prod -o build/cdk.out/prod');
    expect(
      requests.filter(({ body = '' }) => /UpdateTerminationProtection|DeletionProtectionEnabled/.test(body)),
    ).toEqual([]);
  });
});

describe('the working tree', () => {
  const git = promisify(execFile);

  it('lists changed and new files of a repository, and refuses a folder without one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'working-tree-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await expect(uncommittedFiles(directory)).rejects.toThrow(OperatorError);
    await git('git', ['init', '-q'], { cwd: directory });
    expect(await uncommittedFiles(directory)).toEqual([]);
    await writeFile(join(directory, 'new.ts'), '');
    expect(await uncommittedFiles(directory)).toEqual(['new.ts']);
  });
});
