/** Rotations of the signing key as an operator makes them, in a local run of the whole project. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSecret } from '../../../tools/keys/find-secret.ts';
import { rotateSigningKey } from '../../../tools/keys/signing-key.ts';
import { call } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { useRuntime } from '../../kit/use-runtime.ts';
import * as users from '../../kit/users.ts';

const dayMs = 24 * 60 * 60 * 1_000;

const { runtime } = useRuntime();
let ann: users.TestUser;
let secrets: SecretsManagerClient;
let secretId: string;

beforeAll(async () => {
  secrets = new SecretsManagerClient({
    endpoint: `${runtime().url}/_aws/secretsmanager`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
  secretId = await findSecret(secrets, 'ServerlessChat-local', 'SigningKey');
  ann = await users.newUser('ann');
});

afterAll(() => secrets.destroy());

const login = (): Promise<users.TokenPair> => users.login(ann.username, ann.password);
const refresh = (pair: users.TokenPair) =>
  call('POST', '/users/token/refresh/', { body: { refresh: pair.refresh } });
const kidOf = ({ access }: { access: string }) => decodeProtectedHeader(access).kid;

/** Returns the status of a request to each HTTP function that verifies tokens. */
async function statuses({ access: token }: { access: string }): Promise<number[]> {
  const paths = ['/users/auth/profile/', '/chat/rooms/mine/'];
  return Promise.all(paths.map(async (path) => (await call('GET', path, { token })).status));
}

/** Rotates the key as if that much time had passed, and replaces the environments that have cached the old keys. */
async function rotate(laterMs: number): Promise<void> {
  await rotateSigningKey(secrets, { secretId, refreshTokenDays: 1, now: () => Date.now() + laterMs });
  await replaceEnvironments();
}

/** Ends all environments, so that new ones read the secret again. */
async function replaceEnvironments(): Promise<void> {
  const { stack, host } = runtime();
  for (const { logicalId } of stack.functions) while (host.kill(logicalId));
  // A request that reaches an environment while it ends is answered with 500.
  await eventually(async () => expect(await statuses({ access: 'nonsense' })).toEqual([401, 401]), {
    timeoutMs: 10_000,
  });
}

test('a rotation keeps tokens of the previous key valid and signs new ones with the new key', async () => {
  const first = await login();
  expect(await statuses(first)).toEqual([200, 200]);

  await rotate(0);
  expect(await statuses(first)).toEqual([200, 200]);
  const second: users.TokenPair = (await refresh(first)).body;
  expect(kidOf(second)).not.toBe(kidOf(first));
  expect(await statuses(second)).toEqual([200, 200]);

  // A second rotation at once would invalidate tokens of the first key before they expire.
  await expect(rotate(dayMs)).rejects.toThrow('Tokens of the previous key may be valid until');
  expect(await statuses(first)).toEqual([200, 200]);

  await rotate(2 * dayMs);
  expect(await statuses(first)).toEqual([401, 401]);
  expect(await refresh(first)).toMatchObject({ status: 401, body: { code: 'invalid_refresh_token' } });
  expect(await statuses(second)).toEqual([200, 200]);
  const third: users.TokenPair = (await refresh(second)).body;
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
