/** Finds the secrets of a deployed stage, and puts new keys into them. */
import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretListEntry,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/**
 * Returns the ARN of a secret of a stack, by the tags that CloudFormation adds.
 * @throws Error when there is none in the account and region
 */
export async function findSecret(
  client: SecretsManagerClient,
  stackName: string,
  logicalIdPrefix: string,
): Promise<string> {
  const Filters = [{ Key: 'tag-value' as const, Values: [stackName] }];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListSecretsCommand({ Filters, NextToken }));
    const found = page.SecretList?.find(
      (entry) =>
        tagOf(entry, 'aws:cloudformation:stack-name') === stackName &&
        tagOf(entry, 'aws:cloudformation:logical-id')?.startsWith(logicalIdPrefix) === true,
    );
    if (found?.ARN !== undefined) return found.ARN;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  throw new Error(
    `The stack ${stackName} has no secret ${logicalIdPrefix} here: check the credentials, the region and the stage.`,
  );
}

function tagOf({ Tags }: SecretListEntry, key: string): string | undefined {
  return Tags?.find(({ Key }) => Key === key)?.Value;
}

export interface SecretVersion {
  versionId: string;
  createdAtMs: number;
}

/** Returns the version of a secret that has a label; undefined when none has it. */
export async function versionLabelled(
  client: SecretsManagerClient,
  SecretId: string,
  VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS' | 'AWSPENDING',
): Promise<SecretVersion | undefined> {
  try {
    const { VersionId = '', CreatedDate } = await client.send(
      new GetSecretValueCommand({ SecretId, VersionStage }),
    );
    return { versionId: VersionId, createdAtMs: CreatedDate?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Makes a new random key the current one, and the current one the previous one. Returns the id of the new version. */
export const putNewKey = (client: SecretsManagerClient, secretId: string): Promise<string> =>
  putKey(client, { SecretId: secretId });

/** Stores a new random key that is not current yet, with the label AWSPENDING. Returns the id of its version. */
export const putNextKey = (client: SecretsManagerClient, secretId: string): Promise<string> =>
  putKey(client, { SecretId: secretId, VersionStages: ['AWSPENDING'] });

async function putKey(
  client: SecretsManagerClient,
  secret: { SecretId: string; VersionStages?: string[] },
): Promise<string> {
  const SecretString = JSON.stringify({ key: randomBytes(48).toString('base64url') });
  const { VersionId } = await client.send(new PutSecretValueCommand({ ...secret, SecretString }));
  if (VersionId === undefined) throw new Error('Secrets Manager returned no version id');
  return VersionId;
}
