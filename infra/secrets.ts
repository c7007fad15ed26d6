/** The secrets. CloudFormation generates them, so that no person has to see or type one. */
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { dataPolicy } from './retention.ts';
import type { StageSettings } from './stages.ts';

export interface Secrets {
  signingKey: Secret;
  passwordPepper: Secret;
  edgeKey: Secret;
  contentHashKey: Secret;
  canaryKey: Secret;
  filesKey: Secret;
}

/** Adds the secrets. Each holds the JSON text `{"key": <64 letters and digits>}`. */
export function addSecrets(scope: Construct, settings: StageSettings): Secrets {
  const addSecret = (id: string, description: string) =>
    new Secret(scope, id, {
      description,
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'key',
        passwordLength: 64,
        excludePunctuation: true,
      },
      // The pepper must live as long as the table: without it no stored password can be verified.
      removalPolicy: dataPolicy(settings),
    });
  return {
    signingKey: addSecret('SigningKey', 'Signs access and refresh tokens'),
    passwordPepper: addSecret('PasswordPepper', 'Added to every password before it is hashed'),
    edgeKey: addSecret('EdgeKey', 'Proves that a request came through the edge distribution'),
    // Never rotated: a send that is repeated days later must have the same hash as the stored one.
    contentHashKey: addSecret('ContentHashKey', 'Keys the hashes that identify repeated sends'),
    canaryKey: addSecret('CanaryKey', 'Yields the names and passwords of the canary’s users'),
    filesKey: addSecret('FilesKey', 'Signs the addresses of files'),
  };
}
