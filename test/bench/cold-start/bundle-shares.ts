/** Calculates the share of each package in a bundle, from esbuild's metafile. */

/** As in esbuild's metafile. */
export interface OutputMeta {
  bytes: number;
  inputs: Readonly<Record<string, { bytesInOutput: number }>>;
}

export interface Share {
  /** A package, or a folder of the project. */
  name: string;
  bytes: number;
}

/** Returns the shares, the largest first, without esbuild's own code. */
export function sharesOf({ inputs }: OutputMeta): Share[] {
  const bytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = ownerOf(path);
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  return [...bytes].map(([name, total]) => ({ name, bytes: total })).sort((a, b) => b.bytes - a.bytes);
}

/** The innermost package, since one may hold others: `node_modules/a/node_modules/@b/c/d.js` is of `@b/c`. */
function ownerOf(path: string): string {
  const inner = path.lastIndexOf('node_modules/');
  if (inner === -1)
    return path
      .split('/')
      .slice(0, path.startsWith('shared/') ? 2 : 1)
      .join('/');
  const parts = path.slice(inner + 'node_modules/'.length).split('/');
  return parts.slice(0, parts[0]?.startsWith('@') ? 2 : 1).join('/');
}
