/**
 * Rotates the key that the edge distribution sends. The functions accept the new key and the previous one, so requests are
 * served before, during and after the deployment that makes the distribution send the new one.
 */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { putNewKey, versionLabelled } from './find-secret.ts';

export interface EdgeKeyRotation {
  secretId: string;
  /** EDGE_KEY_VERSION of the deployment stage; undefined before the first rotation. */
  deployedVersion: string | undefined;
  /** Rotate even if the distribution still sends the previous key, which then is refused. */
  force?: boolean;
}

/**
 * Returns the id of the new version, which the distribution sends once it is deployed with it.
 * @throws Error when the stage has not been deployed with the current key yet, unless forced
 */
export async function rotateEdgeKey(
  client: SecretsManagerClient,
  { secretId, deployedVersion, force = false }: EdgeKeyRotation,
): Promise<string> {
  const current = await versionLabelled(client, secretId, 'AWSCURRENT');
  const previous = await versionLabelled(client, secretId, 'AWSPREVIOUS');
  const isDeployed = previous === undefined || current?.versionId === deployedVersion;
  if (!isDeployed && !force) {
    throw new Error(
      `The settings do not name the current key, EDGE_KEY_VERSION=${current?.versionId}: deploy with it first, or use --force.`,
    );
  }
  return putNewKey(client, secretId);
}
