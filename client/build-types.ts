/** Writes one declaration file for each entry of the package, which needs neither the sources nor zod. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDtsBundle } from 'dts-bundle-generator';

const here = fileURLToPath(new URL('.', import.meta.url));
const packageName = 'serverless-chat-client';

function flatten(filePath: string, importedLibraries: string[], config: string): string {
  const [text = ''] = generateDtsBundle(
    [
      {
        filePath,
        libraries: { importedLibraries, allowedTypesLibraries: [] },
        output: { noBanner: true, exportReferencedTypes: false },
      },
    ],
    { preferredConfigPath: config },
  );
  return text;
}

/**
 * Flattens the types of the React part. In a copy of its sources, the core is a package: flattened a second time, its
 * classes would be other types than those of the core's own declarations.
 */
async function flattenReact(entry: string, coreTypes: string): Promise<string> {
  // Inside of the project, so that the types of React are found.
  await mkdir(join(here, '../build'), { recursive: true });
  const folder = await mkdtemp(join(here, '../build/react-types-'));
  try {
    const core = join(folder, 'node_modules', packageName);
    await mkdir(core, { recursive: true });
    await writeFile(join(core, 'package.json'), JSON.stringify({ name: packageName, types: 'index.d.ts' }));
    await writeFile(join(core, 'index.d.ts'), coreTypes);
    const config = join(folder, 'tsconfig.json');
    await writeFile(
      config,
      JSON.stringify({ extends: join(here, 'src/react/tsconfig.json'), include: ['.'] }),
    );
    await cp(join(entry, '..'), join(folder, 'react'), { recursive: true });
    return flatten(join(folder, 'react/index.ts'), [packageName, 'react'], config);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes `index.d.ts` and, if there is a React part, `react.d.ts`; each also as `.d.cts` for `require`. */
export async function bundleTypes(
  outdir: string,
  { core, react }: { core: string; react: string | undefined },
): Promise<void> {
  const coreTypes = flatten(core, [], join(here, 'tsconfig.json'));
  await writeFile(join(outdir, 'index.d.ts'), coreTypes);
  await writeFile(join(outdir, 'index.d.cts'), coreTypes);
  if (react === undefined) return;
  const reactTypes = await flattenReact(react, coreTypes);
  for (const [extension, types] of [
    ['js', 'd.ts'],
    ['cjs', 'd.cts'],
  ] as const) {
    const text = reactTypes.replaceAll(`from '${packageName}'`, `from './index.${extension}'`);
    await writeFile(join(outdir, `react.${types}`), text);
  }
}
