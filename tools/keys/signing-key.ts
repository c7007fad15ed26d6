/**
 * Rotates the key that signs tokens, without signing users out. The previous key is accepted until the next rotation, which
 * therefore must wait until its last token has expired.
 */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { putNewKey, versionLabelled } from './find-secret.ts';

/** Warm functions may sign with the previous key for this long after a rotation; see shared/lambda/secrets.ts. */
const maxKeyAgeMs = 5 * 60 * 1_000;
const dayMs = 24 * 60 * 60 * 1_000;

export interface SigningKeyRotation {
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
  { secretId, refreshTokenDays, force = false, now = Date.now }: SigningKeyRotation,
): Promise<void> {
  const current = await versionLabelled(client, secretId, 'AWSCURRENT');
  const previous = await versionLabelled(client, secretId, 'AWSPREVIOUS');
  const safeFromMs = (current?.createdAtMs ?? 0) + maxKeyAgeMs + refreshTokenDays * dayMs;
  if (!force && now() < safeFromMs && previous !== undefined) {
    throw new Error(
      `Tokens of the previous key may be valid until ${new Date(safeFromMs).toISOString()}. Rotate after that, or use --force.`,
    );
  }
  await putNewKey(client, secretId);
}
