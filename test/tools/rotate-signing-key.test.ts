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

/** Returns the status of a request to each HTTP function that verifies tokens. */
async function statuses({ access }: { access: string }): Promise<number[]> {
  const headers = { authorization: `Bearer ${access}` };
  const paths = ['/users/auth/profile/', '/chat/rooms/mine/'];
  return Promise.all(paths.map(async (path) => (await fetch(runtime.url + path, { headers })).status));
}

/** Rotates the key as if that much time had passed, and replaces the environments that have cached the old keys. */
async function rotate(laterMs: number): Promise<void> {
  await rotateSigningKey(secrets, { secretId, refreshTokenDays: 1, now: () => Date.now() + laterMs });
  await replaceEnvironments();
}

/** Ends all environments, so that new ones read the secret again. */
async function replaceEnvironments(): Promise<void> {
  for (const { logicalId } of runtime.stack.functions) while (runtime.host.kill(logicalId));
  // A request that reaches an environment while it ends is answered with 500.
  await vi.waitFor(async () => expect(await statuses({ access: 'nonsense' })).toEqual([401, 401]), {
    timeout: 10_000,
  });
}

test('a rotation keeps tokens of the previous key valid and signs new ones with the new key', async () => {
  const first = await login();
  expect(await statuses(first)).toEqual([200, 200]);

  await rotate(0);
  expect(await statuses(first)).toEqual([200, 200]);
  const second: Pair = await refresh(first);
  expect(kidOf(second)).not.toBe(kidOf(first));
  expect(await statuses(second)).toEqual([200, 200]);

  // A second rotation at once would invalidate tokens of the first key before they expire.
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

test('a rotation can be forced, for a key that was leaked', async () => {
  const before = await login();
  await rotateSigningKey(secrets, { secretId, refreshTokenDays: 1, force: true });
  await rotateSigningKey(secrets, { secretId, refreshTokenDays: 1, force: true });
  await replaceEnvironments();
  expect(await statuses(before)).toEqual([401, 401]);
  expect(await statuses(await login())).toEqual([200, 200]);
});
