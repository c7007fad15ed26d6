/**
 * Runs `npm test`: the static checks, two at a time, then each test project. It does not stop at a failure, so that one
 * run reports everything; at the end it names the parts that failed, with the command that runs each of them alone.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findChromium } from '../test/browser/chromium.ts';
import { programFile } from './package-program.ts';
import { quickProjects } from './quick-projects.ts';
import { forEachAtMost, runOpenly, runQuietly, type Finished } from './run-part.ts';

interface Part {
  name: string;
  command: readonly string[];
  /** What a developer types to run it alone. */
  alone: string;
  /** Where Vitest writes the counts; absent for a static check. */
  results?: string;
}

/** Lets a check skip files whose content it has accepted before, with the same version and the same configuration. */
const cachedIn = (name: string): string[] => [
  '--cache',
  '--cache-strategy',
  'content',
  '--cache-location',
  `build/check-cache/${name}`,
];

/** The longest first, so that two processors end at about the same time. */
const checks: readonly Part[] = [
  {
    name: 'format',
    command: ['prettier', '--check', '--log-level', 'warn', ...cachedIn('prettier'), '.'],
    alone: 'npm run format',
  },
  {
    name: 'spelling',
    command: ['cspell', 'lint', '--no-progress', '--quiet', ...cachedIn('cspell'), '.'],
    alone: 'npm run spelling',
  },
  { name: 'types', command: ['tsc', '-p', '.'], alone: 'npm run typecheck' },
  { name: 'types of the page', command: ['tsc', '-p', 'web'], alone: 'npm run typecheck' },
  { name: 'types of the client', command: ['tsc', '-p', 'client'], alone: 'npm run typecheck' },
  { name: 'lint', command: ['oxlint', '--type-aware'], alone: 'npm run lint' },
  {
    name: 'documents',
    command: ['tsx', 'tools/generate-documents.ts', '--check'],
    alone: 'npm run documents',
  },
];

// Where they are required, the browser tests run and fail without a browser: a skipped test proves nothing.
const hasBrowser = findChromium() !== undefined || process.env['BROWSER_TESTS'] === 'required';

const projects = quickProjects.filter((name) => name !== 'browser' || hasBrowser);

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

const selected = filters.length > 0;
const testParts = selected
  ? [tests('selected', filters)]
  : projects.map((project) => tests(project, ['--project', project]));
const staticParts = selected ? [] : checks;
const partCount = staticParts.length + testParts.length;

const startedAtMs = performance.now();
const failed: Part[] = [];
let startedParts = 0;
let passedTests = 0;
let failedTests = 0;

async function runPart(
  part: Part,
  run: (program: string, args: string[]) => Promise<Finished>,
): Promise<void> {
  startedParts += 1;
  process.stdout.write(`\n[${startedParts}/${partCount}] ${part.name}\n`);
  if (part.results !== undefined) rmSync(part.results, { force: true });
  const partStartedAtMs = performance.now();
  const [program = '', ...args] = part.command;
  const finished = await run(process.execPath, [programFile(program), ...args]);
  const hasTests = part.results === undefined || takeCounts(part.results);
  const isPassed = finished.isPassed && hasTests;
  if (!isPassed) failed.push(part);
  const duration = seconds(performance.now() - partStartedAtMs);
  process.stdout.write(`${isPassed ? 'ok  ' : 'FAIL'} ${part.name} (${duration})\n${finished.output}`);
}

/** Adds the counts of a test run to the totals. Returns false when it ran no test, which proves nothing. */
function takeCounts(results: string): boolean {
  const counts = countsOf(results);
  passedTests += counts?.numPassedTests ?? 0;
  failedTests += counts?.numFailedTests ?? 0;
  return counts !== undefined && counts.numPassedTests > 0;
}

mkdirSync('build/test-results', { recursive: true });
await forEachAtMost(2, staticParts, (part) => runPart(part, runQuietly));
await forEachAtMost(1, testParts, (part) => runPart(part, runOpenly));

process.stdout.write(`\n${seconds(performance.now() - startedAtMs)} in all\n`);
if (filters.length === 0 && !hasBrowser)
  process.stdout.write('Skipped the browser tests: no Chromium was found on the PATH or in CHROMIUM_PATH\n');
for (const { name, alone } of failed) process.stdout.write(`FAIL ${name}: run it alone with \`${alone}\`\n`);
process.stdout.write(`${passedTests} passed, ${failedTests} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
