/** Reads the stack's secrets from Secrets Manager and caches them, with the previous version while it is accepted. */
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Clock } from '../domain/ports/system.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { clock } from './system.ts';

const SecretDocument = z.object({ key: z.string().min(16) });

/** A key that was fetched longer ago is fetched again, so that a rotation reaches functions that stay warm. */
const maxAgeMs = 5 * 60 * 1_000;

/** The pause between fetches for unknown keys: tokens with invented key ids must not cause a request each. */
const minPauseMs = 10_000;

export interface SecretReader {
  /** Returns the current key. */
  current(): Promise<string>;
  /** Returns the current key, followed by the previous one if there is one. */
  all(): Promise<string[]>;
  /** Does the same, but fetches the keys again unless that happened in the last 10 seconds. */
  newest(): Promise<string[]>;
}

/** Fetches the current version of a secret, for a key that is never rotated. */
export function fetchSecret(
  secretId: string,
  client: SecretsManagerClient = new SecretsManagerClient({}),
): Promise<string> {
  return fetchKey(client, secretId, 'AWSCURRENT');
}

/** Returns a reader of a secret that is rotated. It fetches nothing before its first use. */
export function secretReader(
  secretId: string,
  client: SecretsManagerClient = new SecretsManagerClient({}),
  time: Clock = clock,
): SecretReader {
  let fetched: { atMs: number; keys: Promise<string[]> } | undefined;
  const fetchedWithin = (milliseconds: number): Promise<string[]> => {
    if (fetched === undefined || time.now() - fetched.atMs > milliseconds) {
      const keys = fetchBoth(client, secretId);
      fetched = { atMs: time.now(), keys };
      // The caller receives the error; the next one tries again.
      keys.catch(() => (fetched = undefined));
    }
    return fetched.keys;
  };
  const all = (): Promise<string[]> => fetchedWithin(maxAgeMs);
  return {
    all,
    newest: () => fetchedWithin(minPauseMs),
    current: async () => (await all())[0] as string,
  };
}

async function fetchBoth(client: SecretsManagerClient, secretId: string): Promise<string[]> {
  const [current, previous] = await waitForAll([
    fetchKey(client, secretId, 'AWSCURRENT'),
    fetchKey(client, secretId, 'AWSPREVIOUS').catch((error: unknown) => {
      // Before the first rotation there is no previous version.
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }),
  ]);
  return previous === undefined ? [current] : [current, previous];
}

async function fetchKey(
  client: SecretsManagerClient,
  SecretId: string,
  VersionStage: string,
): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
  return SecretDocument.parse(JSON.parse(SecretString ?? 'null')).key;
}
