import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleDirectory, bundleFunctions } from '../../infra/bundle.ts';

/** The bounds of the functions that take part in every message, since a cold start takes longer with a larger bundle. */
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

describe('the bundle of a function', () => {
  it.each(Object.entries(maxBytes))('%s has at most %i bytes', (name, maximum) => {
    expect(outputs.get(name)!.bytes).toBeGreaterThan(50_000);
    expect(outputs.get(name)!.bytes).toBeLessThanOrEqual(maximum);
  });

  it('contains password rules and hashing for accounts only', () => {
    const carriers = [...outputs].filter(([, { inputs }]) =>
      Object.keys(inputs).some((path) => /common-words|keyboard-walks|node_modules\/bcryptjs/.test(path)),
    );
    expect(carriers.map(([name]) => name)).toEqual(['accounts']);
  });

  it('contains none of the credential providers of the SDK', () => {
    const providers = [...outputs.values()].flatMap(({ inputs }) =>
      Object.entries(inputs)
        .filter(([path, { bytesInOutput }]) => /credential-provider-/.test(path) && bytesInOutput > 0)
        .map(([path]) => path),
    );
    expect(providers).toEqual([]);
  });

  it('contains the clients of the SDK for DynamoDB and Lambda only, and for S3 where files are handled', () => {
    const clients = [...outputs].flatMap(([name, { inputs }]) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]): string[] => {
        const [, client] = /@aws-sdk\/(client-[\w-]+)/.exec(path) ?? [];
        if (client === undefined || bytesInOutput === 0) return [];
        return [client === 'client-s3' ? `${client} of ${name}` : client];
      }),
    );
    expect([...new Set(clients)].toSorted()).toEqual([
      'client-dynamodb',
      'client-lambda',
      'client-s3 of cleanup',
      'client-s3 of uploads',
    ]);
  });

  it('contains no dynamic import, which would load the ES module loader at the first request', () => {
    for (const name of outputs.keys()) {
      expect(readFileSync(join(bundleDirectory(name, outdir), 'index.js'), 'utf8')).not.toMatch(/\bimport\(/);
    }
  });
});
