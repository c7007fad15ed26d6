/**
 * Synthesizes the CDK app in a child process, which keeps its hundred megabytes and half a second of work out
 * of the runtime's own process.
 */

import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { StartFailure } from '../start-failure.ts';

export interface SynthesisOptions {
  /** The module that exports `buildApp`. */
  appModule: URL;
  stage: string;
  /** The folder for the cloud assembly. */
  outdir: string;
  environment: NodeJS.ProcessEnv;
}

/** The message to the child, sent once the bundles exist. */
export interface SynthesisRequest {
  appModule: string;
  stage: string;
  outdir: string;
}

/** The answer of the child. */
export type SynthesisReply = { ok: true } | { ok: false; reason: string };

export interface Synthesis {
  /**
   * Synthesizes the app and returns the folder of the cloud assembly. The bundles must exist.
   * @throws StartFailure with the reason when it fails
   */
  finish(): Promise<string>;
  /** Ends the child without a result. */
  cancel(): void;
}

/** Starts a child that loads the CDK while the caller does other work. */
export function beginSynthesis({ appModule, stage, outdir, environment }: SynthesisOptions): Synthesis {
  const typeScriptLoader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = fork(fileURLToPath(new URL('synthesize-child.ts', import.meta.url)), [appModule.href], {
    execArgv: ['--import', typeScriptLoader],
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let output = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-2_000)));
  const replied = new Promise<SynthesisReply>((resolve) => {
    child.once('message', (reply: SynthesisReply) => resolve(reply));
    child.once('error', (error) => resolve({ ok: false, reason: error.message }));
    child.once('exit', () => resolve({ ok: false, reason: lastLine(output) }));
  });

  return {
    async finish() {
      const request: SynthesisRequest = { appModule: appModule.href, stage, outdir };
      if (child.connected) child.send(request);
      const reply = await replied;
      child.kill();
      if (!reply.ok) throw new StartFailure(`The CDK app could not be synthesized: ${reply.reason}`);
      return outdir;
    },
    cancel: () => void child.kill(),
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'its process exited without an error message';
}
