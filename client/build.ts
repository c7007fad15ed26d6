/** `npm run build:client`: bundles the client into one ES module for browsers and Node, without dependencies. */
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

export const clientBundle = {
  entryPoints: [`${here}src/index.ts`],
  outfile: `${here}../build/client/chat-client.js`,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  sourcemap: true,
  metafile: true,
} as const satisfies BuildOptions;

if (process.argv[1] === fileURLToPath(import.meta.url)) await build(clientBundle);
