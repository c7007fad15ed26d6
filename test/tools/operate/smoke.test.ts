/** The smoke test against a local runtime: one that works, and one with a fault for each step to find. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { chatAddresses } from '../../../functions/canary/chat-api.ts';
import { freePort } from '../../../local/engine/free-port.ts';
import { addressesFrom, addressesOfStack } from '../../../tools/operate/addresses.ts';
import { smoke } from '../../../tools/operate/smoke/smoke.ts';
import { steps } from '../../../tools/operate/smoke/steps.ts';
import { rulesOf, type FaultRule } from '../../chaos/harness/rules.ts';
import { useRuntime } from '../../kit/use-runtime.ts';
import { fakeAws } from './fake-aws.ts';

const { runtime } = useRuntime({ faults: true, hasPage: true });

const rules = rulesOf(() => runtime().url);
afterEach(() => rules.clear());

async function runSmoke({ url = runtime().url, eventTimeoutMs = 10_000 } = {}) {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const isOk = await smoke(chatAddresses(url), { print, printError: print }, { eventTimeoutMs });
  return { isOk, lines, report: lines.join('\n') };
}

const names = (lines: readonly string[]): string[] => lines.map((line) => line.slice(0, 24).trim());

describe('the smoke test', () => {
  it('passes on a stage that works, and leaves no room behind', async () => {
    const { isOk, report } = await runSmoke();
    expect(report).not.toContain('FAILED');
    expect(report).toMatch(/ok +page +\/ with \/assets\/main-\w+\.js and \/assets\/style-\w+\.css/);
    expect(report).toMatch(
      /ok +documents +\/swagger\/, \/openapi\.json, .*\/chat\/websocket-docs\/, .*\/docs\//,
    );
    expect(report).toMatch(/ok +clean up +the room and both users are deleted/);
    expect(report).toMatch(/The stage works\.$/);
    expect(isOk).toBe(true);
  });

  it.each<[string, string, FaultRule]>([
    [
      'documents',
      'GET /openapi.json answered 500',
      { point: 'invoke', action: 'fail', match: { function: 'docs', contains: '/openapi.json' } },
    ],
    ['register', 'answered 500', { point: 'invoke', action: 'fail', match: { function: 'accounts' } }],
    ['open sockets', 'refused with 502', { point: 'invoke', action: 'fail', match: { function: 'connect' } }],
    [
      'send',
      'No ack arrived',
      { point: 'invoke', action: 'kill', match: { function: 'message', contains: 'smoke-1' } },
    ],
    [
      'send',
      'No chat_message arrived',
      { point: 'connections', action: 'drop', match: { contains: 'chat_message' } },
    ],
  ])('says that "%s" failed and why (%s)', async (step, reason, rule) => {
    await rules.add(rule);
    const { isOk, report, lines } = await runSmoke({ eventTimeoutMs: 1_500 });
    expect(isOk).toBe(false);
    expect(lines.find((line) => line.startsWith('FAILED'))).toMatch(
      new RegExp(`^FAILED +${step} +.*${reason}`),
    );
    expect(report).toMatch(new RegExp(`The stage does not work: "${step}" failed\\.$`));
  });

  it('does not try the steps after the one that failed', async () => {
    const { lines } = await runSmoke({ url: `http://127.0.0.1:${await freePort()}` });
    expect(names(lines).slice(0, 3)).toEqual(['FAILED    health', 'not tried page', 'not tried documents']);
    expect(lines[0]).toContain('ECONNREFUSED');
  });
});

/** Runs the step that loads the root, against a server that leads it to an address. */
async function rootThatLeadsTo(location: string): Promise<string> {
  const api = createServer((_, response) => response.writeHead(302, { location }).end());
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void api.close());
  const { port } = api.address() as AddressInfo;
  const addresses = chatAddresses(`http://127.0.0.1:${port}`);
  const step = steps.find(({ name }) => name === 'page')!;
  return step.run({ addresses, eventTimeoutMs: 1_000, users: [], sockets: [] });
}

describe('the smoke test of a stage without a page', () => {
  it('accepts that the root leads to the documentation, and to nothing else', async () => {
    expect(await rootThatLeadsTo('/swagger/')).toBe('the stage has none; / leads to /swagger/');
    await expect(rootThatLeadsTo('https://other.example/')).rejects.toThrow(
      'GET / leads to https://other.example/',
    );
  });
});

describe('the addresses of a stage', () => {
  const outputs = { HttpApiUrl: 'https://api.example', WebSocketUrl: 'wss://ws.example/prod' };

  it('are those of the edge, where the stack has one', async () => {
    const { api } = fakeAws({
      stacks: {
        'ServerlessChat-prod': {
          status: 'CREATE_COMPLETE',
          outputs: { ...outputs, EdgeUrl: 'https://edge.example' },
        },
      },
    });
    expect(await addressesOfStack(api, 'ServerlessChat-prod')).toEqual({
      http: 'https://edge.example',
      webSocket: 'wss://edge.example/ws',
    });
  });

  it('are those of both APIs, where it has none', async () => {
    const { api } = fakeAws({ stacks: { 'ServerlessChat-prod': { status: 'CREATE_COMPLETE', outputs } } });
    const values = { url: undefined, 'websocket-url': undefined, stage: 'prod' };
    expect(await addressesFrom(values, async () => api)).toEqual({
      http: 'https://api.example',
      webSocket: 'wss://ws.example/prod',
    });
  });

  it.each([
    [{ stage: 'prod' }, 'The stack ServerlessChat-prod does not exist in eu-central-1.'],
    [{ stage: 'live' }, 'There is no stage "live"'],
    [{}, 'Name the stage with --stage, or its address with --url.'],
    [{ url: 'chat.example' }, '"chat.example" is not an address of the form https://…'],
    [
      { url: 'https://chat.example', 'websocket-url': 'https://x' },
      '"https://x" is not an address of the form wss://…',
    ],
  ])('are refused from %j', async (given, message) => {
    const values = { url: undefined, 'websocket-url': undefined, stage: undefined, ...given };
    await expect(addressesFrom(values, async () => fakeAws().api)).rejects.toThrow(message);
  });
});
