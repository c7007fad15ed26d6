/**
 * Has the CDK app synthesized, in a process of its own: its hundred megabytes and its half second of work
 * stay out of the process that serves. It does not read what comes of it.
 */

import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { StartFailure } from '../start-failure.ts';

export interface SynthesisOptions {
  /** Module that exports `buildApp`. */
  appModule: URL;
  stage: string;
  /** Folder for the cloud assembly. */
  outdir: string;
  environment: NodeJS.ProcessEnv;
}

/** To the child: what to do, once the bundles that the app refers to are there. */
export interface SynthesisRequest {
  appModule: string;
  stage: string;
  outdir: string;
}

/** From the child. */
export type SynthesisReply = { ok: true } | { ok: false; reason: string };

export interface Synthesis {
  /** Synthesizes; the bundles must be there. A StartFailure says why it could not. */
  finish(): Promise<void>;
  /** Ends the child; nothing more comes of it. */
  cancel(): void;
}

/** Starts a child that loads the CDK while other things are done. */
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
      if (!reply.ok) throw new StartFailure(`The CDK app does not synthesize: ${reply.reason}`);
    },
    cancel: () => void child.kill(),
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'its process ended without a reason';
}
