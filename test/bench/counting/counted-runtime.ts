/** A local runtime whose functions report their calls, so that the calls of one operation can be counted. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createLog } from '../../../local/log.ts';
import type { LocalRuntime } from '../../../local/start.ts';
import { bundlesOf } from '../../../local/template/app-source.ts';
import type { FunctionName } from '../../../infra/functions.ts';
import { bundlesVariable } from '../../kit/app.ts';
import { projectDirectory } from '../../chaos/harness/replaced-modules.ts';
import { startTestRuntime } from '../../kit/runtime.ts';
import { benchSettings } from '../settings.ts';
import { callMark, type Beginning, type Call } from './calls.ts';
import { countedBundles, type CountedBuild } from './counted-bundles.ts';

/** A call, and the function that made it. */
export interface CountedCall extends Call {
  function: FunctionName;
}

export interface CountedRuntime {
  local: LocalRuntime;
  /** Runs `work` and returns every call until nothing more follows from it. */
  during<T>(work: () => Promise<T>): Promise<{ result: T; calls: CountedCall[] }>;
  stop(): Promise<void>;
}

/** An idle stream is read every 50 ms, so when nothing has begun for this long, nothing more follows. */
const idleMs = 250;
const patienceMs = 60_000;
/** CloudWatch Logs charges for these beside each line. */
const bytesPerLine = 26;

/** Counting a user's connections costs requests, so the limit is on, as in a deployed stage. */
const asDeployed = { CONNECTIONS_PER_USER: '20' };

export async function startCounted(build: CountedBuild = {}): Promise<CountedRuntime> {
  const outdir = await mkdtemp(join(tmpdir(), 'chat-bench-'));
  const names = new Map<string, FunctionName>();
  const running = new Set<string>();
  let calls: CountedCall[] = [];
  let changedAtMs = performance.now();

  function recordLine(functionName: string, line: Call | Beginning): void {
    changedAtMs = performance.now();
    const one = `${line.environment} ${line.invocation}`;
    if (line.kind === 'beginning') running.add(one);
    else calls.push({ ...line, function: names.get(functionName) as FunctionName });
    if (line.kind === 'invocation') running.delete(one);
  }

  function recordLog(functionName: string, line: string): void {
    const logBytes = Buffer.byteLength(line) + bytesPerLine;
    const none = { environment: '', invocation: 0, start: 0, end: 0 };
    calls.push({
      kind: 'log',
      name: 'line',
      ...none,
      logBytes,
      function: names.get(functionName) as FunctionName,
    });
  }

  async function untilIdle(): Promise<void> {
    const until = performance.now() + patienceMs;
    while (running.size > 0 || performance.now() - changedAtMs < idleMs) {
      if (performance.now() > until) throw new Error('The functions did not become idle in time');
      await new Promise((resolve) => {
        setTimeout(resolve, 25);
      });
    }
  }

  const log = createLog('normal');
  const started = await startTestRuntime({
    log: {
      ...log,
      // As on AWS, where every line is charged.
      onlyWarnings: false,
      functionOutput(functionName, line) {
        if (line.startsWith(callMark)) recordLine(functionName, JSON.parse(line.slice(callMark.length)));
        else {
          recordLog(functionName, line);
          log.functionOutput(functionName, line);
        }
      },
    },
    baseSettings: benchSettings,
    settings: { ...asDeployed, [bundlesVariable]: outdir },
    app: {
      appModule: new URL('../../kit/app.ts', import.meta.url),
      openBundles: async () =>
        bundlesOf({ functions: await countedBundles(outdir, build) }, projectDirectory),
    },
  });
  const local = started.runtime;
  for (const { functionName, codeDirectory } of local.stack.functions) {
    names.set(functionName, basename(codeDirectory) as FunctionName);
  }

  return {
    local,
    async during(work) {
      // An earlier change may not have reached the table stream yet.
      changedAtMs = performance.now();
      await untilIdle();
      calls = [];
      const result = await work();
      changedAtMs = performance.now();
      await untilIdle();
      return { result, calls };
    },
    async stop() {
      await started.stop();
      await rm(outdir, { recursive: true, force: true });
    },
  };
}
