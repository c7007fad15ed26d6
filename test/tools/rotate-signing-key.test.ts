/** A rotation of the signing key as an operator makes it, in a local run of the whole project. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLog } from '../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../local/start.ts';
import { testSettings } from '../kit/test-settings.ts';
import { rotateSigningKey } from '../../tools/rotate-signing-key.ts';

interface Pair {
  access: string;
  refresh: string;
}

const credentials = { username: 'ann', password: 'lantern-orbit-42' };
const dayMs = 24 * 60 * 60 * 1_000;

let directory: string;
let runtime: LocalRuntime;
let secrets: SecretsManagerClient;
let secretId: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rotation-test-'));
  runtime = await startLocal({
    dataDirectory: directory,
    fresh: true,
    log: createLog('silent'),
    environment: { ...process.env, ...testSettings },
  });
  secrets = new SecretsManagerClient({
    endpoint: `${runtime.url}/_aws/secretsmanager`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
  const named = runtime.stack.secrets.find(({ logicalId }) => logicalId.startsWith('SigningKey'));
  secretId = named?.arn ?? '';
  await post('/users/auth/register/', credentials);
});

afterAll(async () => {
  secrets.destroy();
  await runtime.stop();
  await rm(directory, { recursive: true, force: true });
});

async function post(path: string, body: object): Promise<any> {
  const response = await fetch(runtime.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

const login = (): Promise<Pair> => post('/users/auth/login/', credentials);
const refresh = (pair: Pair) => post('/users/token/refresh/', { refresh: pair.refresh });
const kidOf = ({ access }: Pair) => decodeProtectedHeader(access).kid;

/** In both functions that answer HTTP and know tokens. */
async function statuses({ access }: { access: string }): Promise<number[]> {
  const headers = { authorization: `Bearer ${access}` };
  const paths = ['/users/auth/profile/', '/chat/rooms/mine/'];
  return Promise.all(paths.map(async (path) => (await fetch(runtime.url + path, { headers })).status));
}

/** So much later: the wait is not, but every environment that knows the old keys is gone. */
async function rotate(after: number): Promise<void> {
  await rotateSigningKey(secrets, { secretId, refreshTokenDays: 1, now: () => Date.now() + after });
  await beginAnew();
}

/** With environments that have never read a secret. */
async function beginAnew(): Promise<void> {
  for (const { logicalId } of runtime.stack.functions) while (runtime.host.kill(logicalId));
  // Whoever is handed to an environment that is just being ended gets a 500.
  await vi.waitFor(async () => expect(await statuses({ access: 'nonsense' })).toEqual([401, 401]));
}

test('signs nobody out: tokens of the key before stay good, new ones name the new key', async () => {
  const first = await login();
  expect(await statuses(first)).toEqual([200, 200]);

  await rotate(0);
  expect(await statuses(first)).toEqual([200, 200]);
  const second: Pair = await refresh(first);
  expect(kidOf(second)).not.toBe(kidOf(first));
  expect(await statuses(second)).toEqual([200, 200]);

  // A second one right away would end the tokens of the first key before their time.
  await expect(rotate(dayMs)).rejects.toThrow('Tokens of the previous key may be valid until');
  expect(await statuses(first)).toEqual([200, 200]);

  await rotate(2 * dayMs);
  expect(await statuses(first)).toEqual([401, 401]);
  expect(await refresh(first)).toMatchObject({ status: 401, code: 'invalid_refresh_token' });
  expect(await statuses(second)).toEqual([200, 200]);
  const third: Pair = await refresh(second);
  expect(new Set([first, second, third].map(kidOf)).size).toBe(3);
  expect(await statuses(third)).toEqual([200, 200]);
});

test('can be forced, for a key that somebody else may have', async () => {
  const before = await login();
  await rotateSigningKey(secrets, { secretId, refreshTokenDays: 1, force: true });
  await rotateSigningKey(secrets, { secretId, refreshTokenDays: 1, force: true });
  await beginAnew();
  expect(await statuses(before)).toEqual([401, 401]);
  expect(await statuses(await login())).toEqual([200, 200]);
});
