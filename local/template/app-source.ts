/** Where the CDK app is and how its functions and its page are built. */

import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { BuildContext, BuildFailure } from 'esbuild';
import { errorMessage } from '../error-details.ts';
import { StartFailure } from '../start-failure.ts';
import { watchFolder } from './watch-folder.ts';
import type { Synthesis, SynthesisOptions } from './synthesize.ts';

export interface AppSource {
  /** The module that exports `buildApp`. */
  appModule: URL;
  /** Opens the bundles that the template refers to. */
  openBundles(): Promise<Bundles>;
  /** Begins the synthesis in another way than by a child process, such as from a cache. */
  beginSynthesis?: (options: SynthesisOptions) => Synthesis;
}

export interface Bundles {
  /**
   * Builds the bundles.
   * @throws StartFailure with the first build error
   */
  rebuild(): Promise<void>;
  /** Calls back whenever a source file of the bundles changes, until `close`. */
  watch(changed: () => void): void;
  close(): Promise<void>;
}

const projectDirectory = fileURLToPath(new URL('../../', import.meta.url));
const bundleModule = new URL('../../infra/bundle.ts', import.meta.url);
const pageModule = new URL('../../infra/page/bundle-page.ts', import.meta.url);

/** The app of this project. */
export const projectApp: AppSource = {
  appModule: new URL('../../infra/app.ts', import.meta.url),
  async openBundles() {
    const [{ bundleContext }, { pageContext }]: [
      { bundleContext: () => Promise<BuildContext> },
      { pageContext: () => Promise<BuildContext> },
    ] = await Promise.all([import(bundleModule.href), import(pageModule.href)]);
    const [functions, page] = await Promise.all([bundleContext(), pageContext()]);
    return bundlesOf({ functions, page }, projectDirectory);
  },
};

/** Returns the bundles of esbuild contexts, by what each builds. Their paths are relative to a folder. */
export function bundlesOf(
  contexts: { functions: BuildContext; page?: BuildContext },
  directory: string,
): Bundles {
  const parts = Object.entries(contexts);
  let watchers: (() => void)[] = [];
  let sources: string[] = [];
  return {
    async rebuild() {
      const builds = parts.map(async ([name, context]) => {
        try {
          return Object.keys((await context.rebuild()).metafile?.inputs ?? {});
        } catch (error) {
          throw new StartFailure(`The ${name} could not be built: ${firstError(error)}`);
        }
      });
      // Waits for all, also when one fails: a build that goes on alone could not be disposed of.
      const built = await Promise.allSettled(builds);
      const inputs = built.map((one) => {
        if (one.status === 'rejected') throw one.reason;
        return one.value;
      });
      sources = sourceFolders(inputs.flat());
    },
    watch(changed) {
      watchers = sources.map((folder) => watchFolder(join(directory, folder), changed));
    },
    async close() {
      for (const close of watchers) close();
      await Promise.all(parts.map(([, context]) => context.dispose()));
    },
  };
}

/** Returns the top-level folders that contain the sources, without node_modules. */
function sourceFolders(inputs: string[]): string[] {
  const folders = inputs.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/')));
  return [...new Set(folders)].filter((folder) => folder !== 'node_modules' && folder !== '..');
}

function firstError(error: unknown): string {
  const first = isBuildFailure(error) ? error.errors[0] : undefined;
  if (first === undefined) return errorMessage(error);
  const place = first.location ? `${first.location.file}:${first.location.line}: ` : '';
  return place + first.text;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
