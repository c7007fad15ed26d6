/**
 * Runs `npm test`: the static checks, then each test project. It does not stop at a failure, so that one run reports
 * everything; at the end it names the parts that failed, with the command that runs each of them alone.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findChromium } from '../test/browser/chromium.ts';

interface Part {
  name: string;
  command: readonly string[];
  /** What a developer types to run it alone. */
  alone: string;
  /** Where Vitest writes the counts; absent for a static check. */
  results?: string;
}

const checks: readonly Part[] = [
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'], alone: 'npm run format' },
  { name: 'lint', command: ['oxlint', '--type-aware'], alone: 'npm run lint' },
  { name: 'types', command: ['tsc', '-p', '.'], alone: 'npm run typecheck' },
  {
    name: 'spelling',
    command: ['cspell', 'lint', '--no-progress', '--quiet', '.'],
    alone: 'npm run spelling',
  },
  {
    name: 'documents',
    command: ['tsx', 'tools/generate-documents.ts', '--check'],
    alone: 'npm run documents',
  },
];

// In CI the browser tests run, and fail, without a browser: a skipped test proves nothing there.
const hasBrowser = findChromium() !== undefined || process.env['CI'] !== undefined;

/** All projects but `attacks` and `mutants`, which take minutes each. */
const projects = ['unit', 'integration', 'e2e', ...(hasBrowser ? ['browser'] : []), 'model', 'chaos'];

/** Arguments go to Vitest in one run: `npm test -- test/client`, `npm test -- --project mutants`. */
const filters = process.argv.slice(2);

function tests(name: string, args: readonly string[]): Part {
  const results = `build/test-results/${name}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  return {
    name,
    command: ['vitest', 'run', ...reporters, ...args],
    alone: `npm test -- ${args.join(' ')}`,
    results,
  };
}

const parts =
  filters.length > 0
    ? [tests('selected', filters)]
    : [...checks, ...projects.map((project) => tests(project, ['--project', project]))];

function run([program = '', ...args]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(`node_modules/.bin/${program}`, args, { stdio: 'inherit' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

interface Counts {
  numPassedTests: number;
  numFailedTests: number;
}

/** Undefined when Vitest ended before it wrote its results; it has printed why. */
function countsOf(file: string): Counts | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return undefined;
  }
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

mkdirSync('build/test-results', { recursive: true });
const startedAtMs = performance.now();
const failed: Part[] = [];
let passedTests = 0;
let failedTests = 0;
for (const [index, part] of parts.entries()) {
  process.stdout.write(`\n[${index + 1}/${parts.length}] ${part.name}\n`);
  if (part.results !== undefined) rmSync(part.results, { force: true });
  const partStartedAtMs = performance.now();
  let isPassed = await run(part.command);
  if (part.results !== undefined) {
    const counts = countsOf(part.results);
    passedTests += counts?.numPassedTests ?? 0;
    failedTests += counts?.numFailedTests ?? 0;
    // A run without a single test proves nothing.
    isPassed &&= counts !== undefined && counts.numPassedTests > 0;
  }
  if (!isPassed) failed.push(part);
  process.stdout.write(
    `${isPassed ? 'ok  ' : 'FAIL'} ${part.name} (${seconds(performance.now() - partStartedAtMs)})\n`,
  );
}

process.stdout.write(`\n${seconds(performance.now() - startedAtMs)} in all\n`);
if (filters.length === 0 && !hasBrowser)
  process.stdout.write('Skipped the browser tests: no Chromium was found on the PATH or in CHROMIUM_PATH\n');
for (const { name, alone } of failed) process.stdout.write(`FAIL ${name}: run it alone with \`${alone}\`\n`);
process.stdout.write(`${passedTests} passed, ${failedTests} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
