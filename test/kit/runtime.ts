/** Starts local runtimes on data directories of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../local/log.ts';
import { startLocal, type LocalOptions, type LocalRuntime } from '../../local/start.ts';
import { bundleContext } from '../../infra/bundle.ts';
import { pageContext } from '../../infra/page/bundle-page.ts';
import { pageVariable } from './app.ts';
import { appOverBuild, bundlesOfBuild, codeCacheFolder } from './builds.ts';
import { testSettings } from './test-settings.ts';

export interface TestRuntimeOptions extends Omit<LocalOptions, 'dataDirectory' | 'environment' | 'fresh'> {
  /** The settings to start from, as environment variables; the raised limits of the tests by default. */
  baseSettings?: Readonly<Record<string, string>>;
  /** Settings that differ from the base; undefined removes a variable. */
  settings?: Readonly<Record<string, string | undefined>>;
  /** Builds and serves the page as well. */
  hasPage?: boolean;
}

export interface TestRuntime {
  runtime: LocalRuntime;
  dataDirectory: string;
  /** Stops the runtime and removes its data. */
  stop(): Promise<void>;
}

/** The product's app and the variables that it needs, built once in a test run. */
export const product = appOverBuild({ name: 'product', open: (outdir) => bundleContext({ outdir }) });

/** Builds the page once in a test run, and returns the variable that names its folder. */
async function builtPage(): Promise<Record<string, string>> {
  return { [pageVariable]: await bundlesOfBuild({ name: 'page', open: pageContext }) };
}

/**
 * Starts a local runtime without data, of the product unless another app is given, on a free port and with a silent log by
 * default. A function starts when it is first invoked: most tests need two or three of them.
 */
export async function startTestRuntime({
  baseSettings = testSettings,
  settings = {},
  hasPage = false,
  ...options
}: TestRuntimeOptions = {}): Promise<TestRuntime> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'chat-test-'));
  const removeData = (): Promise<void> => rm(dataDirectory, { recursive: true, force: true });
  const page = hasPage ? await builtPage() : {};
  const runtime = await startLocal({
    port: 0,
    log: createLog('silent'),
    app: product.app,
    codeCache: codeCacheFolder(),
    startsFunctionsOnDemand: true,
    ...options,
    dataDirectory,
    fresh: true,
    environment: { ...process.env, ...product.environment, ...page, ...baseSettings, ...settings },
  }).catch(async (error: unknown) => {
    await removeData();
    throw error;
  });
  return {
    runtime,
    dataDirectory,
    async stop() {
      await runtime.stop();
      await removeData();
    },
  };
}
