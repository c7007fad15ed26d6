/** Creates the folder for the builds of a test run before it, and removes it afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildsVariable } from './builds.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-builds-'));
  process.env[buildsVariable] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
