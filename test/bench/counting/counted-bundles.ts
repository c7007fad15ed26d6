/** Builds the functions so that they report their database requests and posts. */

import { fileURLToPath } from 'node:url';
import type { BuildContext, Plugin } from 'esbuild';
import { bundleContext } from '../../../infra/bundle.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const environmentFile = fileOf('counted-environment.ts');
const clientFile = fileOf('counted-client.ts');

/** `connectionsUrl` receives the posts instead of the runtime's gateway. */
export function countedBundles(outdir: string, connectionsUrl = ''): Promise<BuildContext> {
  return bundleContext(
    { outdir },
    {
      plugins: [countingClient],
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
