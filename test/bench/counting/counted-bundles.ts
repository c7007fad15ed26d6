/** Builds the functions so that they report their database requests and posts. */

import { fileURLToPath } from 'node:url';
import type { BuildContext, Plugin } from 'esbuild';
import { bundleContext } from '../../../infra/bundle.ts';
import { replaceModules, type ModuleReplacement } from '../../chaos/harness/replaced-modules.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const environmentFile = fileOf('counted-environment.ts');
const clientFile = fileOf('counted-client.ts');

export interface CountedBuild {
  /** Receives the posts instead of the runtime's gateway. */
  connectionsUrl?: string;
  /** Modules that others take the place of. */
  replacements?: readonly ModuleReplacement[];
}

export function countedBundles(
  outdir: string,
  { connectionsUrl = '', replacements = [] }: CountedBuild = {},
): Promise<BuildContext> {
  const replacing = replacements.length === 0 ? [] : [replaceModules(replacements)];
  return bundleContext(
    { outdir },
    {
      plugins: [countingClient, ...replacing],
      define: { COUNTED_CONNECTIONS_URL: JSON.stringify(connectionsUrl) },
      inject: [environmentFile],
      footer: { js: 'module.exports = globalThis.countInvocations(module.exports);' },
    },
  );
}

/** Replaces the client for this project's sources only, not for the SDK's packages. */
const countingClient: Plugin = {
  name: 'counting-client',
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/client-dynamodb$/ }, ({ importer }) =>
      importer === clientFile || importer.includes('/node_modules/') ? undefined : { path: clientFile },
    );
  },
};
