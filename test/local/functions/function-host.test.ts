import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundleFolder, valueOf, type BundleFolder } from './bundle-folder.ts';

let folder: BundleFolder;
beforeEach(() => (folder = bundleFolder()));
afterEach(() => folder.remove());

describe('a function', () => {
  it('receives the event and returns its result as JSON', async () => {
    const result = await folder.run('exports.handler = async (event) => ({ got: event })', {
      a: [1, 'ü'],
      gone: undefined,
    });
    expect(valueOf(result)).toEqual({ got: { a: [1, 'ü'] } });
  });

  it('has the result null when it returns nothing', async () => {
    expect(await folder.run('exports.handler = async () => {}')).toEqual({ ok: true, payload: 'null' });
  });

  it.each([
    ['CommonJS', 'exports.handler = async () => typeof require', 'index.js', 'function'],
    ['an ES module', 'export const handler = async () => typeof require', 'index.mjs', 'undefined'],
  ])('may be written as %s', async (_kind, source, file, expected) => {
    expect(valueOf(await folder.run(source, {}, {}, file))).toBe(expected);
  });

  it('is an ES module when the package.json of its bundle says so', async () => {
    folder.write('F', '{"type":"module"}', 'package.json');
    expect(valueOf(await folder.run('export const handler = async () => typeof require'))).toBe('undefined');
  });

  it('finds packages beside its bundle, and none of the project', async () => {
    const source = `exports.handler = async ({ name }) => { try { return require(name) } catch ({ code }) { return code } }`;
    const definition = folder.define('F', source);
    const directory = join(definition.codeDirectory, 'node_modules/beside');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'index.js'), `module.exports = 'found'`);
    const host = folder.host([definition]);
    expect(valueOf(await host.invoke('F', { name: 'beside' }))).toBe('found');
    expect(valueOf(await host.invoke('F', { name: 'zod' }))).toBe('MODULE_NOT_FOUND');
  });

  it('has the environment variables of the template and of Lambda, but none of this process', async () => {
    process.env['LEAKED'] = 'yes';
    const environment = {
      TABLE_NAME: 'Notes',
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: 'https://aws.example',
    };
    const seen = valueOf(await folder.run('exports.handler = async () => process.env', {}, { environment }));
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
    const context = valueOf(await folder.run(source));
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

describe('the output of functions', () => {
  it('is shown when it is a warning, an error or plain text, and hidden otherwise', async () => {
    const lines = [
      '{"level":"INFO","message":"quiet"}',
      '{"level":"ERROR","message":"loud"}',
      '{"_aws":{}}',
      'plain',
    ];
    await folder.run(
      `exports.handler = async () => { for (const line of ${JSON.stringify(lines)}) console.log(line) }`,
    );
    await vi.waitFor(() => expect(folder.output.join('')).toContain('plain'));
    expect(folder.output).toEqual(['{"level":"ERROR","message":"loud"}\n', 'name-of-F: plain\n']);
  });
});
