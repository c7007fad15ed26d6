/** Secrets of the stack: fetched once per cold start, the previous version too while it is still accepted. */
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';

const SecretDocument = z.object({ key: z.string().min(16) });

/** After this, a key is fetched again, so that a rotation reaches functions that stay warm. */
const freshMs = 5 * 60 * 1_000;

/** Whoever sends tokens with keys of their own invention must not cause a request for each. */
const minPauseMs = 10_000;

export interface SecretReader {
  current(): Promise<string>;
  /** Current first, then the one before it, if there is one. */
  all(): Promise<string[]>;
  /** The same, fetched anew unless that was done a moment ago: for a key that is not among those known. */
  newest(): Promise<string[]>;
}

/** One fetch of the secret as it is now, for a key that is never rotated. */
export function fetchSecret(
  secretId: string,
  client: SecretsManagerClient = new SecretsManagerClient({}),
): Promise<string> {
  return fetchKey(client, secretId, 'AWSCURRENT');
}

export function secretReader(
  secretId: string,
  client: SecretsManagerClient = new SecretsManagerClient({}),
  now: () => number = Date.now,
): SecretReader {
  let fetched: { at: number; keys: Promise<string[]> } | undefined;
  const fetchedWithin = (milliseconds: number): Promise<string[]> => {
    if (fetched === undefined || now() - fetched.at > milliseconds) {
      const keys = fetchBoth(client, secretId);
      fetched = { at: now(), keys };
      // A failure is not kept: the next caller asks again.
      keys.catch(() => (fetched = undefined));
    }
    return fetched.keys;
  };
  const all = (): Promise<string[]> => fetchedWithin(freshMs);
  return {
    all,
    newest: () => fetchedWithin(minPauseMs),
    current: async () => (await all())[0] as string,
  };
}

async function fetchBoth(client: SecretsManagerClient, secretId: string): Promise<string[]> {
  const [current, previous] = await Promise.all([
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
