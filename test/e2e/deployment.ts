/**
 * What the suites run against: the address in CHAT_URL (a deployed stage, or a runtime that is up), or a local
 * runtime of their own, with nothing in it.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createLog } from '../../local/log.ts';
import { startLocal } from '../../local/start.ts';
import { testSettings } from '../kit/test-settings.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Without a slash at its end. */
    chatUrl: string;
    /** What access tokens are signed with, where that can be known: not of a deployed stage. */
    signingKey: string | undefined;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['CHAT_URL'];
  if (given !== undefined) {
    project.provide('chatUrl', given.replace(/\/$/, ''));
    project.provide('signingKey', undefined);
    return async () => {};
  }
  const dataDirectory = await mkdtemp(join(tmpdir(), 'chat-suites-'));
  const runtime = await startLocal({
    port: 0,
    dataDirectory,
    fresh: true,
    log: createLog('silent'),
    environment: { ...process.env, ...testSettings },
  });
  project.provide('chatUrl', runtime.url);
  project.provide('signingKey', await readSigningKey(dataDirectory));
  return async () => {
    await runtime.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
}

async function readSigningKey(dataDirectory: string): Promise<string> {
  const secrets: Record<string, { value: string }[]> = JSON.parse(
    await readFile(join(dataDirectory, 'secrets.json'), 'utf8'),
  );
  const [id = ''] = Object.keys(secrets).filter((name) => name.startsWith('SigningKey'));
  const document: { key: string } = JSON.parse(secrets[id]![0]!.value);
  return document.key;
}
