/**
 * Keeps the bundles and templates that the runtimes of one test run start with, so that each distinct one is made once:
 * a build and a synthesis take most of the processor time of a start.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { BuildContext } from 'esbuild';
import type { AppSource } from '../../local/template/app-source.ts';
import { beginSynthesis, type Synthesis, type SynthesisOptions } from '../../local/template/synthesize.ts';
import { bundlesVariable } from './app.ts';

/** The environment variable that names the folder shared by all workers of a test run. */
export const buildsVariable = 'TEST_BUILDS_FOLDER';

export interface FunctionBuild {
  /** Tells this build of the functions from all others. */
  name: string;
  readonly open: (outdir: string) => Promise<BuildContext>;
}

let ownFolder: string | undefined;

/** Returns the folder of the test run; outside of one, a folder that lasts as long as this process. */
function buildsFolder(): string {
  const shared = process.env[buildsVariable];
  if (shared !== undefined) return shared;
  if (ownFolder === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'chat-builds-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    ownFolder = folder;
  }
  return ownFolder;
}

/** Returns the folder for the compiled code of all bundles of the test run. */
export const codeCacheFolder = (): string => join(buildsFolder(), 'code-cache');

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

const bundlesFolder = (name: string): string => join(buildsFolder(), `bundles-${hash(name)}`);

/**
 * Fills a draft and gives it the name of the folder that it is for. Several workers may do so at the same time: the
 * first to finish wins, and the drafts of the others are removed.
 */
async function fillOnce(folder: string, draft: string, fill: () => Promise<unknown>): Promise<string> {
  try {
    await fill();
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Returns the text that was made first for that name in this test run; makes it when there is none. */
export function keptText(name: string, make: () => string): string {
  const file = join(buildsFolder(), `text-${hash(name)}`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const text = make();
  const draft = `${file}-${process.pid}-${threadId}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
  return text;
}

/** Builds the functions unless this test run has built them already, and returns their folder. */
export async function bundlesOfBuild({ name, open }: FunctionBuild): Promise<string> {
  const folder = bundlesFolder(name);
  if (existsSync(folder)) return folder;
  const draft = mkdtempSync(`${folder}-`);
  return fillOnce(folder, draft, async () => {
    const context = await open(draft);
    try {
      await context.rebuild();
    } finally {
      await context.dispose();
    }
  });
}

/** The product's app, over the bundles in a folder that a variable names. */
const productApp = { appModule: new URL('app.ts', import.meta.url), variable: bundlesVariable };

/** Returns the app over a build of the functions, and the environment variables that it needs. */
export function appOverBuild(
  build: FunctionBuild,
  { appModule, variable }: { appModule: URL; variable: string } = productApp,
): { app: AppSource; environment: Record<string, string> } {
  return {
    environment: { [variable]: bundlesFolder(build.name) },
    app: {
      appModule,
      async openBundles() {
        return {
          async rebuild() {
            await bundlesOfBuild(build);
          },
          watch() {
            throw new Error('The bundles of a test run do not follow the sources');
          },
          close: () => Promise.resolve(),
        };
      },
      beginSynthesis: beginCachedSynthesis,
    },
  };
}

/** Begins a synthesis unless this test run has synthesized the app with the same environment already. */
function beginCachedSynthesis(options: SynthesisOptions): Synthesis {
  const ownVariables = Object.entries(options.environment)
    .filter(([name, value]) => value !== process.env[name])
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const key = hash(JSON.stringify([options.appModule.href, options.stage, ownVariables]));
  const folder = join(buildsFolder(), `assembly-${key}`);
  if (existsSync(folder)) return { finish: () => Promise.resolve(folder), cancel: () => undefined };
  // The draft lies beside the final folder, since an assembly refers to its bundles by relative paths.
  const draft = mkdtempSync(`${folder}-`);
  const synthesis = beginSynthesis({ ...options, outdir: draft });
  return {
    finish: () => fillOnce(folder, draft, () => synthesis.finish()),
    cancel: () => synthesis.cancel(),
  };
}
