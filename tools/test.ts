/**
 * `npm test`: checks format, lint, types and the generated documents, then runs the tests. It continues after a failure, so
 * that one run shows all of them. The last line counts the tests.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

const results = 'build/test-results.json';

interface Check {
  name: string;
  command: string[];
}

const checks: Check[] = [
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'documents', command: ['tsx', 'tools/generate-documents.ts', '--check'] },
];

/** Arguments are passed to Vitest: `npm test -- test/contract`, `npm test -- --project mutants`. */
const filters = process.argv.slice(2);

/**
 * The projects that run without arguments. Two are left out because they take minutes: `attacks`, with the limits of
 * production, and `mutants`, which runs builds with deliberate defects.
 */
const everyday = ['unit', 'e2e', 'model', 'chaos'].flatMap((project) => ['--project', project]);

function run([program = '', ...args]: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(`node_modules/.bin/${program}`, args, { stdio: 'inherit' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

async function timed({ name, command }: Check): Promise<boolean> {
  const startedAt = performance.now();
  const passed = await run(command);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`);
  return passed;
}

interface Results {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
}

function count(): Results | undefined {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as Results;
  } catch {
    // Vitest ended before it wrote the results, and has printed the reason.
    return undefined;
  }
}

mkdirSync('build', { recursive: true });
rmSync(results, { force: true });
let passed = true;
if (filters.length === 0) for (const check of checks) passed = (await timed(check)) && passed;
const tests = [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${results}`,
  ...(filters.length === 0 ? everyday : filters),
];
passed = (await timed({ name: 'tests', command: tests })) && passed;
const counted = count();
if (counted === undefined || counted.numPassedTests === 0) passed = false;
process.stdout.write(`${counted?.numPassedTests ?? 0} passed, ${counted?.numFailedTests ?? 1} failed\n`);
process.exitCode = passed ? 0 : 1;
