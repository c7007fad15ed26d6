import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundleFolder, valueOf, type BundleFolder } from './bundle-folder.ts';

let folder: BundleFolder;
beforeEach(() => (folder = bundleFolder()));
afterEach(() => folder.remove());

const slowVersion = (version: number) =>
  `exports.handler = async (event) => { if (event.slow) await new Promise((r) => setTimeout(r, 300)); return ${version}; }`;

describe('environments', () => {
  const waiting = `let busy = 0;
    exports.handler = async () => {
      busy += 1;
      await new Promise((resolve) => setTimeout(resolve, 150));
      const seen = busy;
      busy -= 1;
      return { seen, id: require('node:worker_threads').threadId };
    }`;

  it('run one invocation at a time and are added up to the limit while invocations wait', async () => {
    const host = folder.host([folder.define('F', waiting)], { environmentsPerFunction: 2 });
    const results = await Promise.all(Array.from({ length: 5 }, () => host.invoke('F', {})));
    const values = results.map((result) => valueOf(result) as { seen: number; id: number });
    expect(values.map(({ seen }) => seen)).toEqual([1, 1, 1, 1, 1]);
    expect(new Set(values.map(({ id }) => id)).size).toBe(2);
  });

  it('are reused for the next invocation', async () => {
    const host = folder.host([
      folder.define('F', 'let calls = 0; exports.handler = async () => (calls += 1)'),
    ]);
    expect(valueOf(await host.invoke('F', {}))).toBe(1);
    expect(valueOf(await host.invoke('F', {}))).toBe(2);
  });

  it('can be killed during an invocation', async () => {
    const source = `exports.handler = async (event) => { if (event.stay) { console.log('staying'); await new Promise(() => {}); } return 1; }`;
    const host = folder.host([folder.define('F', source)]);
    const invocation = host.invoke('F', { stay: true });
    await vi.waitFor(() => expect(folder.output.join('')).toContain('staying'));
    expect(host.kill('F')).toBe(true);
    expect(await invocation).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
    expect(valueOf(await host.invoke('F', {}))).toBe(1);
  });

  it('are replaced by those of a new bundle, while running invocations finish on the old one', async () => {
    const host = folder.host([folder.define('F', slowVersion(1))]);
    await host.warm();
    const slow = host.invoke('F', { slow: true });
    expect(await host.replace('F', folder.write('F2', slowVersion(2)))).toBe(true);
    expect(valueOf(await host.invoke('F', {}))).toBe(2);
    expect(valueOf(await slow)).toBe(1);
    expect(valueOf(await host.invoke('F', {}))).toBe(2);
  });

  it('stay in use when the new bundle cannot be loaded', async () => {
    const host = folder.host([folder.define('F', 'exports.handler = async () => 1')]);
    await host.warm();
    expect(await host.replace('F', folder.write('F2', 'throw new Error("broken")'))).toBe(false);
    expect(valueOf(await host.invoke('F', {}))).toBe(1);
    expect(folder.output.join('')).toContain('broken');
  });
});

describe('a function with reserved concurrency', () => {
  it('refuses the invocations beyond it, and accepts one again when another has ended', async () => {
    const wait = 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 50))';
    const host = folder.host([
      folder.define('F', wait, { reservedConcurrency: 2 }),
      folder.define('G', wait),
    ]);
    const results = await Promise.all([1, 2, 3].map(() => host.invoke('F', {})));
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(results[2]).toMatchObject({
      errorType: 'TooManyRequestsException',
      payload: expect.stringContaining('ReservedFunctionConcurrentInvocationLimitExceeded'),
    });
    expect((await host.invoke('F', {})).ok).toBe(true);
    const unlimited = await Promise.all([1, 2, 3].map(() => host.invoke('G', {})));
    expect(unlimited.every(({ ok }) => ok)).toBe(true);
  });

  it('runs nothing when none is reserved for it', async () => {
    const host = folder.host([
      folder.define('F', 'exports.handler = async () => 1', { reservedConcurrency: 0 }),
    ]);
    expect(await host.invoke('F', {})).toMatchObject({ ok: false, errorType: 'TooManyRequestsException' });
  });
});
