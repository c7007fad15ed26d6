/** The GitHub workflows run only what the project has, on the versions of Node that it promises. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { stageNames } from '../../shared/settings/setting.ts';
import configuration from '../../vitest.config.ts';
import { quickProjects } from '../../tools/quick-projects.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  'runs-on': string;
  'timeout-minutes': number;
  strategy?: { matrix: Record<string, (string | number)[]> };
  steps: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const vitestProjects = (configuration.test?.projects ?? []).flatMap((project) =>
  typeof project === 'object' && 'test' in project && typeof project.test?.name === 'string'
    ? [project.test.name]
    : [],
);

/** The projects that `npm test` leaves out. */
const separate = vitestProjects.filter((name) => !quickProjects.some((quick) => quick === name));

const folder = '.github/workflows';
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const documents = readdirSync(folder).map((name) => ({
  name,
  document: parseDocument(readFileSync(`${folder}/${name}`, 'utf8')),
}));
const jobs = documents.flatMap(({ name, document }) =>
  Object.entries((document.toJS() as Workflow).jobs).map(
    ([job, content]) => [`${name}: ${job}`, content] as const,
  ),
);

/** Returns the command once for each combination of the matrix values that it uses. */
function expand(command: string, matrix: Record<string, (string | number)[]> = {}): string[] {
  const [placeholder, name = ''] = /\$\{\{ matrix\.(\w+) \}\}/.exec(command) ?? [];
  if (placeholder === undefined) return [command];
  return (matrix[name] ?? ['a value that the matrix lacks']).flatMap((value) =>
    expand(command.replaceAll(placeholder, String(value)), matrix),
  );
}

const commands = jobs.flatMap(([name, { steps, strategy }]) =>
  steps.flatMap(({ run }) =>
    (run === undefined ? [] : expand(run, strategy?.matrix)).map((line) => [name, line]),
  ),
) as [string, string][];

/** Returns why a command cannot run; undefined when the project has everything that it names. */
function missingFor(command: string): string | undefined {
  if (command === 'npm ci') return undefined;
  const script = /^npm (?:run ([\w:]+)|(test))(?: |$)/.exec(command);
  const tool = /^npx ([\w-]+) /.exec(command)?.[1];
  if (script === null && tool === undefined) return 'neither npm nor npx';
  const name = script?.[1] ?? script?.[2];
  if (name !== undefined && !(name in manifest.scripts)) return `no script ${name}`;
  if (tool !== undefined && !installedPrograms().has(tool)) return `no program ${tool}`;
  const project = /--project (\S+)/.exec(command)?.[1];
  if (project !== undefined && !vitestProjects.includes(project)) return `no project ${project}`;
  const stage = /stage=(\S+)/.exec(command)?.[1];
  if (stage !== undefined && !stageNames.some((known) => known === stage)) return `no stage ${stage}`;
  return undefined;
}

const installedPrograms = (): Set<string> => new Set(readdirSync('node_modules/.bin'));

describe('the GitHub workflows', () => {
  it.each(documents)('are valid YAML with the least permissions: $name', ({ name, document }) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    const { on, permissions } = document.toJS() as Workflow;
    // A deployment has the rights of a role, which a pull request must not get.
    const events = Object.keys(on);
    expect(events).toContain('push');
    expect(events.includes('pull_request')).toBe(name !== 'deploy.yml');
    expect(permissions).toEqual({ contents: 'read' });
  });

  it.each(jobs)('bound the time of each job, and install before they run anything: %s', (_, job) => {
    expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    expect(job.steps[0]?.uses).toMatch(/^actions\/checkout@v\d+$/);
    expect(job.steps[0]?.with).toEqual({ 'persist-credentials': false });
    const runs = job.steps.flatMap(({ run }) => run ?? []);
    expect(['npm ci', undefined]).toContain(runs[0]);
    for (const { uses, run } of job.steps)
      expect([uses, run].filter((one) => one !== undefined)).toHaveLength(1);
    for (const action of job.steps.flatMap(({ uses }) => uses ?? []))
      expect(action).toMatch(/^[\w-]+\/[\w/-]+@v\d+$/);
  });

  it.each(commands)('run commands that exist in %s: %s', (_, command) => {
    expect(missingFor(command)).toBeUndefined();
  });

  it('run the tests on the oldest version of Node that the project accepts, and on newer ones', () => {
    const versions = jobs.find(([name]) => name === 'test.yml: test')?.[1].strategy?.matrix['node'] ?? [];
    expect(`>=${versions[0]}`).toBe(manifest.engines.node);
    expect(versions).toEqual(['20.19', 22, 24, 26]);
    const promised = /You need Node ([\d.]+) or later/;
    for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/runbook.md'])
      expect(promised.exec(readFileSync(page, 'utf8'))?.[1]).toBe(versions[0]);
  });

  it('run every project of tests, as the check of a clean checkout does', () => {
    expect(separate).toEqual(expect.arrayContaining(['operations', 'attacks', 'mutants']));
    const all = ['npm test', ...separate.map((project) => `npm test -- --project ${project}`)];
    expect(commands.map(([, command]) => command)).toEqual(expect.arrayContaining(all));
    expect(readFileSync('.ci/run', 'utf8').split('\n')).toEqual(expect.arrayContaining(all));
  });
});

describe('the check of commands', () => {
  it.each([
    ['npm run tests', 'no script tests'],
    ['npx unknown synth', 'no program unknown'],
    ['npm test -- --project attack', 'no project attack'],
    ['npx cdk synth -q -c stage=test', 'no stage test'],
    ['curl example.org', 'neither npm nor npx'],
  ])('refuses %s', (command, reason) => {
    expect(missingFor(command)).toBe(reason);
  });

  it('finds a value that the matrix lacks', () => {
    expect(expand('npx cdk synth -c stage=${{ matrix.stages }}', { stage: ['dev'] })).toEqual([
      'npx cdk synth -c stage=a value that the matrix lacks',
    ]);
  });
});
