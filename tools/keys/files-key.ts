/**
 * Rotates the key that signs addresses of files, in two steps with a deployment between them: the distribution must accept
 * addresses of the next key before a function signs with it.
 */
import { UpdateSecretVersionStageCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { putNextKey, versionLabelled } from './find-secret.ts';

export interface FilesKeyRotation {
  secretId: string;
  /** FILES_KEY_VERSION of the deployment stage; undefined before the first rotation. */
  deployedVersion: string | undefined;
  /** Make the next key the current one even if the settings do not name it. */
  force?: boolean;
}

/**
 * `prepared`: there is a next key, which the distribution accepts once it is deployed with it. `finished`: functions sign
 * with it.
 */
export type FilesKeyStep = { step: 'prepared' | 'finished'; versionId: string };

/**
 * Makes a next key, or makes the next key the current one where there is one.
 * @throws Error when the stage has not been deployed with the next key yet, unless forced
 */
export async function rotateFilesKey(
  client: SecretsManagerClient,
  { secretId: SecretId, deployedVersion, force = false }: FilesKeyRotation,
): Promise<FilesKeyStep> {
  const next = await versionLabelled(client, SecretId, 'AWSPENDING');
  if (next === undefined) return { step: 'prepared', versionId: await putNextKey(client, SecretId) };
  const { versionId } = next;
  if (versionId !== deployedVersion && !force)
    throw new Error(
      `The settings do not name the next key, FILES_KEY_VERSION=${versionId}: deploy with it first, or use --force.`,
    );
  const current = await versionLabelled(client, SecretId, 'AWSCURRENT');
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: versionId,
      RemoveFromVersionId: current?.versionId,
    }),
  );
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: versionId,
    }),
  );
  return { step: 'finished', versionId };
}
