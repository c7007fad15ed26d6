import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InvocationResult } from '../../../local/functions/invocation.ts';
import { bundleFolder, type BundleFolder } from './bundle-folder.ts';

let folder: BundleFolder;
beforeEach(() => (folder = bundleFolder()));
afterEach(() => folder.remove());

/** Returns the value of a successful invocation; throws for a failed one. */
function valueOf(result: InvocationResult): unknown {
  if (!result.ok) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return JSON.parse(result.payload);
}

function run(source: string, event: unknown = {}, settings = {}, file?: string): Promise<InvocationResult> {
  return folder.host([folder.define('F', source, settings, file)]).invoke('F', event);
}

describe('a function', () => {
  it('receives the event and returns its result as JSON', async () => {
    const result = await run('exports.handler = async (event) => ({ got: event })', {
      a: [1, 'ü'],
      gone: undefined,
    });
    expect(valueOf(result)).toEqual({ got: { a: [1, 'ü'] } });
  });

  it('has the result null when it returns nothing', async () => {
    expect(await run('exports.handler = async () => {}')).toEqual({ ok: true, payload: 'null' });
  });

  it.each([
    ['CommonJS', 'exports.handler = async () => typeof require', 'index.js', 'function'],
    ['an ES module', 'export const handler = async () => typeof require', 'index.mjs', 'undefined'],
  ])('may be written as %s', async (_kind, source, file, expected) => {
    expect(valueOf(await run(source, {}, {}, file))).toBe(expected);
  });

  it('is an ES module when the package.json of its bundle says so', async () => {
    folder.write('F', '{"type":"module"}', 'package.json');
    expect(valueOf(await run('export const handler = async () => typeof require'))).toBe('undefined');
  });

  it('has the environment variables of the template and of Lambda, but none of this process', async () => {
    process.env['LEAKED'] = 'yes';
    const environment = {
      TABLE_NAME: 'Notes',
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: 'https://aws.example',
    };
    const seen = valueOf(await run('exports.handler = async () => process.env', {}, { environment }));
    delete process.env['LEAKED'];
    expect(seen).toMatchObject({
      TABLE_NAME: 'Notes',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'name-of-F',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      _HANDLER: 'index.handler',
      TZ: ':UTC',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: 'http://127.0.0.1:2/local',
    });
    expect(seen).not.toHaveProperty('LEAKED');
    expect(seen).not.toHaveProperty('HOME');
  });

  it('receives its name, its ARN and its remaining time in the context', async () => {
    const source = `exports.handler = async (_event, context) => ({ ...context, left: context.getRemainingTimeInMillis() })`;
    const context = valueOf(await run(source));
    expect(context).toMatchObject({
      functionName: 'name-of-F',
      memoryLimitInMB: '128',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:name-of-F',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      callbackWaitsForEmptyEventLoop: true,
      left: expect.any(Number),
    });
    const { left } = context as { left: number };
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(5_000);
  });
});

describe('a failed invocation', () => {
  it('is reported with the type, message and trace of the error that the function throws', async () => {
    const result = await run(`exports.handler = async () => { throw new RangeError('too far') }`);
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
    const result = await run(`exports.handler = async () => 'x'.repeat(7e6)`);
    expect(result).toMatchObject({ ok: false, errorType: 'Function.ResponseSizeTooLarge' });
  });

  it('is reported as Runtime.MarshalError when JSON cannot represent the result', async () => {
    expect(await run('exports.handler = async () => 1n')).toMatchObject({
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

describe('the output of functions', () => {
  it('is shown when it is a warning, an error or plain text, and hidden otherwise', async () => {
    const lines = [
      '{"level":"INFO","message":"quiet"}',
      '{"level":"ERROR","message":"loud"}',
      '{"_aws":{}}',
      'plain',
    ];
    await run(
      `exports.handler = async () => { for (const line of ${JSON.stringify(lines)}) console.log(line) }`,
    );
    await vi.waitFor(() => expect(folder.output.join('')).toContain('plain'));
    expect(folder.output).toEqual(['{"level":"ERROR","message":"loud"}\n', 'name-of-F: plain\n']);
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
