/** Rotations of the edge key as an operator makes them, in a local run that refuses whatever did not come through the edge. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { wrongEdgeKeyMessage } from '../../../shared/lambda/edge-key.ts';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { rotateKey, type Rotation } from '../../../tools/rotate-key.ts';
import { product } from '../../kit/runtime.ts';
import { testSettings } from '../../kit/test-settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'edge-key-test-'));
const operatorDirectory = join(directory, 'settings');
const lines: string[] = [];
let runtime: LocalRuntime;

// Some of the tests start the runtime three times.
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => runtime.stop());
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Starts the runtime on the data of the test, as a deployment with these settings would. */
async function deploy(data: string, settings: Record<string, string> = {}): Promise<void> {
  const collect = (text: string) => void lines.push(text);
  runtime = await startLocal({
    dataDirectory: join(directory, data),
    log: createLog('normal', collect, collect),
    app: product.app,
    environment: {
      ...process.env,
      ...product.environment,
      ...testSettings,
      REQUIRE_EDGE: 'true',
      ...settings,
    },
  });
}

async function rotate(options: Partial<Rotation> = {}): Promise<string> {
  const client = new SecretsManagerClient({
    endpoint: `${runtime.url}/_aws/secretsmanager`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
  const rotation: Rotation = {
    stage: 'local',
    key: 'edge',
    force: false,
    environment: {},
    operatorDirectory,
  };
  try {
    return await rotateKey(client, { ...rotation, ...options });
  } finally {
    client.destroy();
  }
}

const versionIn = (text: string): string => /EDGE_KEY_VERSION=([\w-]+)/.exec(text)?.[1] ?? '';

const paths = ['/users/auth/profile/', '/chat/rooms/mine/'];

/** Paths of the docs function that are refused at the address of the API, and the one that is not. */
const documents = ['/', '/swagger/', '/openapi.json', '/health/promises/', '/nothing/'];

/** Returns the statuses of requests without a token: 401 when they were accepted as coming through the edge. */
async function statuses(
  headers: Record<string, string> = {},
  requested = paths,
): Promise<(number | undefined)[]> {
  return Promise.all(
    requested.map(async (path) => {
      const sent = request(runtime.url + path, { headers, agent: false }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    }),
  );
}

async function handshake(path: string): Promise<number | undefined> {
  const socket = new WebSocket(runtime.webSocketUrl + path);
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return response.statusCode;
}

/** Ends all environments, so that new ones read the secret again, and waits for these statuses. */
async function statusesOfNewEnvironments(expected: number[]): Promise<void> {
  for (const { logicalId } of runtime.stack.functions) while (runtime.host.kill(logicalId));
  await vi.waitFor(async () => expect(await statuses()).toEqual(expected), { timeout: 10_000 });
}

/** The host name of the HTTP API, by which a client bypasses the edge. */
const direct = () => ({ host: `${runtime.stack.httpApi.apiId}.execute-api.us-east-1.amazonaws.com` });

test('the addresses of the APIs refuse requests and handshakes that did not come through the edge', async () => {
  await deploy('direct');
  expect(await statuses()).toEqual([401, 401]);
  expect(await statuses(direct())).toEqual([403, 403]);
  expect(await statuses({ ...direct(), 'x-origin-key': 'invented-invented-invented' })).toEqual([403, 403]);
  expect(await handshake('/ws/chat/general/')).toBe(401);
  expect(await handshake('/local?room=general')).toBe(403);
});

test('the documentation is refused beside the edge, and the health of the API is not', async () => {
  await deploy('documents');
  const withoutSlashes = documents.map((path) => path.replace(/(.)\/$/, '$1'));
  expect(await statuses({}, documents)).toEqual([302, 200, 200, 200, 404]);
  expect(await statuses(direct(), withoutSlashes)).toEqual([403, 403, 403, 403, 403]);
  const wrongKey = { ...direct(), 'x-origin-key': 'invented-invented-invented' };
  expect(await statuses(wrongKey, ['/swagger', '/health'])).toEqual([403, 200]);
  await runtime.stop();
  await deploy('documents', { REQUIRE_EDGE: 'false' });
  expect(await statuses(direct(), withoutSlashes)).toEqual([302, 200, 200, 200, 404]);
});

test('they serve every client unless the setting refuses', async () => {
  await deploy('open', { REQUIRE_EDGE: 'false' });
  expect(await statuses(direct())).toEqual([401, 401]);
  expect(await handshake('/local?room=general')).toBe(401);
});

test('a rotation keeps requests accepted before and after the deployment with the new version', async () => {
  await deploy('rotated');
  const version = versionIn(await rotate());
  await statusesOfNewEnvironments([401, 401]);

  // The edge would send a key that is neither current nor previous after another rotation.
  await expect(rotate()).rejects.toThrow(
    `EDGE_KEY_VERSION=${version}: deploy with it first, or use --force.`,
  );
  await runtime.stop();
  await deploy('rotated', { EDGE_KEY_VERSION: version });
  expect(await statuses()).toEqual([401, 401]);
  await expect(rotate({ environment: { EDGE_KEY_VERSION: version } })).resolves.toContain(
    'EDGE_KEY_VERSION=',
  );
  await statusesOfNewEnvironments([401, 401]);
});

test('an edge that sends an outdated key is refused and logged until it is deployed with the version', async () => {
  await deploy('outdated');
  await rotate();
  const version = versionIn(await rotate({ force: true }));
  await statusesOfNewEnvironments([403, 403]);
  expect(lines.filter((line) => line.includes(wrongEdgeKeyMessage))).not.toEqual([]);

  // Deploying the same text again changes nothing, as in CloudFormation.
  await runtime.stop();
  await deploy('outdated');
  expect(await statuses()).toEqual([403, 403]);
  await runtime.stop();
  await deploy('outdated', { EDGE_KEY_VERSION: version });
  expect(await statuses()).toEqual([401, 401]);
});

test('a rotation of a deployed stage names the version in the settings of the stage and keeps the others', async () => {
  await deploy('named');
  const [definition] = runtime.stack.secrets.filter(({ logicalId }) => logicalId.startsWith('EdgeKey'));
  Object.assign(definition!, { stackName: 'ServerlessChat-dev' });
  mkdirSync(operatorDirectory);
  writeFileSync(join(operatorDirectory, 'dev.json'), '{ "BCRYPT_COST": 9 }');
  expect(await rotate({ stage: 'dev' })).toContain('dev.json names the new version');
  const written = JSON.parse(readFileSync(join(operatorDirectory, 'dev.json'), 'utf8')) as object;
  expect(written).toEqual({ BCRYPT_COST: 9, EDGE_KEY_VERSION: expect.stringMatching(/^[\w-]{32,64}$/) });
  // The file names the current version now, so the next rotation may follow.
  await expect(rotate({ stage: 'dev' })).resolves.toContain('Rotated.');
  await expect(rotate({ stage: 'prod' })).rejects.toThrow(
    'The stack ServerlessChat-prod has no secret EdgeKey',
  );
});

test('the command rotates a key of a running local runtime, and explains itself', async () => {
  await deploy('command');
  const options = {
    cwd: resolve(import.meta.dirname, '../../..'),
    timeout: 20_000,
    env: {
      PATH: process.env['PATH'],
      PORT: new URL(runtime.url).port,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  };
  // Asynchronous, since the runtime in this process has to answer.
  const run = (...args: string[]) =>
    new Promise<{ status: unknown; stdout: string; stderr: string }>((finished) => {
      const command = ['--import', 'tsx', 'tools/rotate-key.ts', ...args];
      execFile(process.execPath, command, options, (error, stdout, stderr) =>
        finished({ status: error?.code ?? 0, stdout, stderr }),
      );
    });
  expect((await run('--stage', 'local', '--key', 'edge')).stdout).toMatch(
    /^Rotated\. Start .*EDGE_KEY_VERSION=/,
  );
  expect((await run('--help')).stdout).toContain(
    'Usage: npm run rotate-key -- --stage STAGE --key edge|files|signing',
  );
  for (const [args, line] of [
    [[], /^Name the stage and the key: .*\n$/],
    [['--stage', 'production', '--key', 'edge'], /^Unknown stage "production": choose one of .*\n$/],
  ] as const) {
    expect(await run(...args)).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(line),
    });
  }
});
