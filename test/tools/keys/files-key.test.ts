/** A rotation of the key that signs addresses of files as an operator makes it, in a local run with its edge. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import { signFileAddress } from '../../../shared/lambda/file-addresses.ts';
import { rotateKey } from '../../../tools/rotate-key.ts';
import { filesOf } from '../../kit/files.ts';
import { product } from '../../kit/runtime.ts';
import { testSettings } from '../../kit/test-settings.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'files-key-test-'));
let runtime: LocalRuntime;

vi.setConfig({ testTimeout: 60_000 });
afterEach(() => runtime.stop());
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

/** Starts the runtime on the data of the test, as a deployment with these settings would. */
async function deploy(settings: Record<string, string> = {}): Promise<void> {
  runtime = await startLocal({
    dataDirectory,
    log: createLog('silent'),
    app: product.app,
    startsFunctionsOnDemand: true,
    environment: { ...process.env, ...product.environment, ...testSettings, ...settings },
  });
}

async function rotate(environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const client = new SecretsManagerClient({
    endpoint: `${runtime.url}/_aws/secretsmanager`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
  try {
    return await rotateKey(client, { stage: 'local', key: 'files', force: false, environment });
  } finally {
    client.destroy();
  }
}

const place = { roomId: crypto.randomUUID(), folder: 'AAECAwQFBgcICQoLDA0ODw', name: 'original' } as const;

/** Returns the key of functions, after storing the file that addresses lead to. */
async function currentKey(): Promise<string> {
  const files = filesOf(runtime);
  runtime.buckets.put(files.bucket, `files/${place.roomId}/${place.folder}/original`, 'file', {});
  files.close();
  return files.key();
}

const statusOf = async (key: string): Promise<number> =>
  (await fetch(runtime.url + signFileAddress(key, place, Date.now()))).status;

test('no address is refused before, during and after a rotation', async () => {
  await deploy();
  const before = await currentKey();
  expect(await statusOf(before)).toBe(200);
  const prepared = await rotate();
  const version = /FILES_KEY_VERSION=([\w-]+)/.exec(prepared)?.[1] ?? '';
  expect(prepared).toMatch(/^Prepared\. .* run this command once more\.$/);
  expect(await currentKey()).toBe(before);
  await expect(rotate()).rejects.toThrow(`FILES_KEY_VERSION=${version}: deploy with it first`);
  await runtime.stop();

  await deploy({ FILES_KEY_VERSION: version });
  expect(await statusOf(before)).toBe(200);
  expect(await rotate({ FILES_KEY_VERSION: version })).toMatch(/^Rotated\./);
  const after = await currentKey();
  expect(after).not.toBe(before);
  expect(await statusOf(after)).toBe(200);
  expect(await statusOf(before)).toBe(200);
  expect(await rotate({ FILES_KEY_VERSION: version })).toMatch(/^Prepared\./);
});
