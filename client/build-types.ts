/** Writes one declaration file for each entry of the package, which needs neither the sources nor zod. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  return withoutOpenings(text);
}

/** Removes the sentence that opens a source where the first declaration below it has a comment of its own. */
function withoutOpenings(text: string): string {
  return text.replaceAll(/^\/\*\*(?:(?!\*\/)[^])*\*\/\n(?=\/\*\*)/gm, '');
}

async function writeFiles(folder: string, texts: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Returns the sources of the React part by their paths, with imports of the core's entry by the package's name. */
async function sourcesWithCoreAsPackage(folder: string, core: string): Promise<Record<string, string>> {
  const copies: Record<string, string> = {};
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.tsx?$/.test(name)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    copies[join('react', name)] = text.replaceAll(/'(\.[^']*\/index\.ts)'/g, (quoted, path: string) =>
      join(folder, dirname(name), path) === core ? `'${packageName}'` : quoted,
    );
  }
  return copies;
}

/** The entries of the two parts; `react` is undefined while there is no React part. */
export interface Entries {
  core: string;
  react: string | undefined;
}

/**
 * Flattens the types of the React part. In a copy of its sources, the core is a package: flattened a second time, its
 * classes would be other types than those of the core's own declarations.
 */
async function flattenReact(core: string, react: string, coreTypes: string): Promise<string> {
  // Inside of the project, so that the types of React are found.
  await mkdir(join(here, '../build'), { recursive: true });
  const folder = await mkdtemp(join(here, '../build/react-types-'));
  try {
    await writeFiles(folder, {
      [`node_modules/${packageName}/package.json`]: JSON.stringify({
        name: packageName,
        types: 'index.d.ts',
      }),
      [`node_modules/${packageName}/index.d.ts`]: coreTypes,
      'tsconfig.json': JSON.stringify({
        extends: join(here, 'src/react/tsconfig.json'),
        compilerOptions: { paths: {}, stripInternal: true },
        include: ['react'],
      }),
      ...(await sourcesWithCoreAsPackage(dirname(react), core)),
    });
    return flatten(join(folder, 'react/index.ts'), [packageName, 'react'], join(folder, 'tsconfig.json'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes `index.d.ts` and, if there is a React part, `react.d.ts`; each also as `.d.cts` for `require`. */
export async function bundleTypes(outdir: string, { core, react }: Entries): Promise<void> {
  const coreTypes = flatten(core, [], join(here, 'tsconfig.json'));
  await writeFiles(outdir, { 'index.d.ts': coreTypes, 'index.d.cts': coreTypes });
  if (react === undefined) return;
  const reactTypes = await flattenReact(core, react, coreTypes);
  const withCoreIn = (file: string): string => reactTypes.replaceAll(packageName, file);
  await writeFiles(outdir, {
    'react.d.ts': withCoreIn('./index.js'),
    'react.d.cts': withCoreIn('./index.cjs'),
  });
}
