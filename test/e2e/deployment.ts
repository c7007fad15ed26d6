/**
 * Provides the deployment for the end-to-end tests: the one at CHAT_URL (a deployed stage or a running local runtime),
 * or a new local runtime without data.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startTestRuntime } from '../kit/runtime.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the deployment, without a slash at its end. */
    chatUrl: string;
    /** The key that signs access tokens; unknown for a deployment at CHAT_URL. */
    signingKey: string | undefined;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const givenUrl = process.env['CHAT_URL'];
  if (givenUrl !== undefined) {
    project.provide('chatUrl', givenUrl.replace(/\/$/, ''));
    project.provide('signingKey', undefined);
    return async () => {};
  }
  const started = await startTestRuntime();
  project.provide('chatUrl', started.runtime.url);
  project.provide('signingKey', await readSigningKey(started.dataDirectory));
  return () => started.stop();
}

async function readSigningKey(dataDirectory: string): Promise<string> {
  const secrets: Record<string, { value: string }[]> = JSON.parse(
    await readFile(join(dataDirectory, 'secrets.json'), 'utf8'),
  );
  const [id = ''] = Object.keys(secrets).filter((name) => name.startsWith('SigningKey'));
  const document: { key: string } = JSON.parse(secrets[id]![0]!.value);
  return document.key;
}
