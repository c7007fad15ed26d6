import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleFolder, valueOf, type BundleFolder } from './bundle-folder.ts';

let folder: BundleFolder;
beforeEach(() => (folder = bundleFolder()));
afterEach(() => folder.remove());

describe('a failed invocation', () => {
  it('is reported with the type, message and trace of the error that the function throws', async () => {
    const result = await folder.run(`exports.handler = async () => { throw new RangeError('too far') }`);
    expect(result).toMatchObject({
      ok: false,
      errorType: 'RangeError',
      errorMessage: 'too far',
      timedOut: false,
    });
    expect(JSON.parse(result.payload)).toMatchObject({
      trace: expect.arrayContaining(['RangeError: too far']),
    });
  });

  it('ends the environment after a timeout, and the next invocation gets a new one', async () => {
    const source = `let calls = 0;
      exports.handler = async (event) => { calls += 1; if (event.hang) for (;;); return calls; }`;
    const host = folder.host([folder.define('F', source, { timeoutSeconds: 0.2 })]);
    await host.warm();
    const result = await host.invoke('F', { hang: true });
    expect(result).toMatchObject({ ok: false, errorType: 'Sandbox.Timedout', timedOut: true });
    expect(result).toHaveProperty(
      'errorMessage',
      expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 0\.20 seconds$/),
    );
    expect(valueOf(await host.invoke('F', {}))).toBe(1);
  });

  it.each([
    ['process.exit', 'process.exit(3)'],
    ['an uncaught error', `setTimeout(() => { throw new Error('late') }); await new Promise(() => {})`],
    ['running out of memory', 'const all = []; for (;;) all.push(new Array(1e5).fill(all.length))'],
  ])('ends the environment, but not the runtime, after %s', async (_how, body) => {
    const source = `exports.handler = async (event) => { if (event.fine) return 'fine'; ${body} }`;
    const host = folder.host([folder.define('F', source, { memoryMb: 64 })]);
    expect(await host.invoke('F', {})).toMatchObject({
      ok: false,
      errorType: 'Runtime.ExitError',
      timedOut: false,
    });
    expect(valueOf(await host.invoke('F', { fine: true }))).toBe('fine');
  });

  it('is reported as Function.ResponseSizeTooLarge when the result is too large', async () => {
    const result = await folder.run(`exports.handler = async () => 'x'.repeat(7e6)`);
    expect(result).toMatchObject({ ok: false, errorType: 'Function.ResponseSizeTooLarge' });
  });

  it('is reported as Runtime.MarshalError when JSON cannot represent the result', async () => {
    expect(await folder.run('exports.handler = async () => 1n')).toMatchObject({
      ok: false,
      errorType: 'Runtime.MarshalError',
    });
  });

  it.each([
    [
      'throws while it loads',
      `throw new TypeError('no such setting')`,
      /name-of-F.*TypeError: no such setting/,
    ],
    ['has no handler', 'exports.other = 1', /name-of-F.*index\.handler is not a function/],
  ])(
    'is prevented by warm, which rejects with the name of the function when its bundle %s',
    async (_how, source, message) => {
      await expect(folder.host([folder.define('F', source)]).warm()).rejects.toThrow(message);
    },
  );

  it('is reported as ResourceNotFoundException when the function does not exist', async () => {
    expect(await folder.host([]).invoke('missing', {})).toMatchObject({
      ok: false,
      errorType: 'ResourceNotFoundException',
    });
  });
});
