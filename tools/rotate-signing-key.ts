/**
 * Rotates the key that signs tokens, without signing users out: `npx tsx tools/rotate-signing-key.ts SECRET_ID`.
 * The previous key is accepted until the next rotation, which therefore must wait until its last token has expired.
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

/** Warm functions may sign with the previous key for this long after a rotation; see shared/lambda/secrets.ts. */
const maxKeyAgeMs = 5 * 60 * 1_000;
const dayMs = 24 * 60 * 60 * 1_000;

export interface Rotation {
  secretId: string;
  /** REFRESH_TOKEN_LIFETIME_DAYS of the deployment stage. */
  refreshTokenDays: number;
  /** Rotate even if users with tokens of the previous key have to sign in again. */
  force?: boolean;
  now?: () => number;
}

/** @throws Error when a token of the previous key may still be valid, unless forced */
export async function rotateSigningKey(
  client: SecretsManagerClient,
  { secretId, refreshTokenDays, force = false, now = Date.now }: Rotation,
): Promise<void> {
  const safeFrom = (await createdAtOf(client, secretId)) + maxKeyAgeMs + refreshTokenDays * dayMs;
  if (!force && now() < safeFrom && (await hasPrevious(client, secretId))) {
    throw new Error(
      `Tokens of the previous key may be valid until ${new Date(safeFrom).toISOString()}. Rotate after that, or use --force.`,
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
    throw new Error('Usage: rotate-signing-key.ts SECRET_ID [--refresh-token-days 1] [--force]');
  }
  await rotateSigningKey(new SecretsManagerClient({}), {
    secretId,
    refreshTokenDays,
    force: values.force === true,
  });
  process.stdout.write('Rotated. Functions use the new key within five minutes.\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
