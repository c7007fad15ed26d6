import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleDirectory, bundleFunctions } from '../../infra/bundle.ts';

/** Of the functions on the path of every message; a cold start grows with it. */
const maxBytes = {
  connect: 500_000,
  message: 500_000,
  disconnect: 400_000,
  tableStream: 500_000,
  fanOut: 400_000,
};

const outdir = mkdtempSync(join(tmpdir(), 'bundle-contents-'));
let outputs: Map<string, Metafile['outputs'][string]>;

beforeAll(async () => {
  const metafile = await bundleFunctions({ outdir });
  outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [
      relative(join(outdir, 'functions'), join(import.meta.dirname, '../..', path)).split('/')[0]!,
      output,
    ]),
  );
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

describe('what is deployed', () => {
  it.each(Object.entries(maxBytes))('%s is no larger than %i bytes', (name, most) => {
    expect(outputs.get(name)!.bytes).toBeGreaterThan(50_000);
    expect(outputs.get(name)!.bytes).toBeLessThanOrEqual(most);
  });

  it('is told of passwords, and of how they are hashed, in the accounts function alone', () => {
    const carriers = [...outputs].filter(([, { inputs }]) =>
      Object.keys(inputs).some((path) => /common-words|keyboard-walks|node_modules\/bcryptjs/.test(path)),
    );
    expect(carriers.map(([name]) => name)).toEqual(['accounts']);
  });

  it('looks for credentials in the environment alone', () => {
    const providers = [...outputs.values()].flatMap(({ inputs }) =>
      Object.entries(inputs)
        .filter(([path, { bytesInOutput }]) => /credential-provider-/.test(path) && bytesInOutput > 0)
        .map(([path]) => path),
    );
    expect(providers).toEqual([]);
  });

  it('never sets up a loader of ES modules on the way to its first request', () => {
    for (const name of outputs.keys()) {
      expect(readFileSync(join(bundleDirectory(name, outdir), 'index.js'), 'utf8')).not.toMatch(/\bimport\(/);
    }
  });
});
