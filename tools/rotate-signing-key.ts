/**
 * Rotates the key that signs tokens, without signing anybody out: `npx tsx tools/rotate-signing-key.ts SECRET_ID`.
 * The key before it is accepted until the next rotation, so that one has to wait for the last token of it to end.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** Functions that are warm sign with the key that they know for so long after a rotation. */
const noticedAfterMs = 5 * 60 * 1_000;
const dayMs = 24 * 60 * 60 * 1_000;

export interface Rotation {
  secretId: string;
  /** REFRESH_TOKEN_LIFETIME_DAYS of the stage. */
  refreshTokenDays: number;
  /** Rotate all the same: whoever has a token of the key before the present one must sign in again. */
  force?: boolean;
  now?: () => number;
}

/** Throws when a token of the previous key may still be good, unless forced. */
export async function rotateSigningKey(
  client: SecretsManagerClient,
  { secretId, refreshTokenDays, force = false, now = Date.now }: Rotation,
): Promise<void> {
  const safeFrom = (await createdAtOf(client, secretId)) + noticedAfterMs + refreshTokenDays * dayMs;
  if (!force && now() < safeFrom && (await hasPrevious(client, secretId))) {
    throw new Error(
      `Tokens of the previous key may be good until ${new Date(safeFrom).toISOString()}: rotate then, or with --force`,
    );
  }
  const SecretString = JSON.stringify({ key: randomBytes(48).toString('base64url') });
  await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString }));
}

async function createdAtOf(client: SecretsManagerClient, SecretId: string): Promise<number> {
  const { CreatedDate } = await client.send(new GetSecretValueCommand({ SecretId }));
  return CreatedDate?.getTime() ?? 0;
}

async function hasPrevious(client: SecretsManagerClient, SecretId: string): Promise<boolean> {
  try {
    await client.send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { force: { type: 'boolean' }, 'refresh-token-days': { type: 'string', default: '1' } },
  });
  const [secretId] = positionals;
  const refreshTokenDays = Number(values['refresh-token-days']);
  if (secretId === undefined || !(refreshTokenDays > 0)) {
    throw new Error('usage: rotate-signing-key.ts SECRET_ID [--refresh-token-days 1] [--force]');
  }
  await rotateSigningKey(new SecretsManagerClient({}), {
    secretId,
    refreshTokenDays,
    force: values.force === true,
  });
  process.stdout.write('rotated: functions notice within five minutes\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
