/**
 * `npm run rotate-key`: rotates the key that signs tokens, the one with which the edge proves where requests come from, or the
 * one that signs addresses of files.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { deploymentEnvironment, operatorFile, setOperatorSetting } from '../infra/operator-settings.ts';
import { stackNameOf, stageNamed, stageSettings } from '../infra/stages.ts';
import { rotateEdgeKey } from './keys/edge-key.ts';
import { rotateFilesKey } from './keys/files-key.ts';
import { findSecret } from './keys/find-secret.ts';
import { rotateSigningKey } from './keys/signing-key.ts';

const usage = `Usage: npm run rotate-key -- --stage STAGE --key edge|files|signing [--force]

  --stage STAGE   the deployment stage; "local" is a local runtime on PORT (3000 by default)
  --key edge      what the edge distribution sends to the APIs: deploy the stage afterwards
  --key files     what signs addresses of files: deploy the stage afterwards, and run it once more
  --key signing   what signs access and refresh tokens: no user is signed out
  --force         rotate although the previous key is still in use; what was signed or sent with it is refused
  --help          print this text

The new key and the previous one are accepted. docs/runbook.md describes the rotations.
`;

const secretOf = { edge: 'EdgeKey', files: 'FilesKey', signing: 'SigningKey' } as const;

type KeyName = keyof typeof secretOf;

export interface Rotation {
  stage: string;
  key: KeyName;
  force: boolean;
  /** The folder of the operator's settings. */
  operatorDirectory?: string;
  environment: NodeJS.ProcessEnv;
}

/**
 * Rotates a key of a stage and returns what its operator has to do next.
 * @throws Error in one line when the stage or the secret does not exist, or the previous key is still in use
 */
export async function rotateKey(client: SecretsManagerClient, rotation: Rotation): Promise<string> {
  const { key, force, operatorDirectory } = rotation;
  const stage = stageNamed(rotation.stage);
  const environment = deploymentEnvironment(stage, rotation.environment, operatorDirectory);
  const settings = stageSettings(stage, environment);
  const secretId = await findSecret(client, stackNameOf(stage), secretOf[key]);
  if (key === 'signing') {
    await rotateSigningKey(client, {
      secretId,
      refreshTokenDays: settings.refreshTokenLifetimeDays,
      force,
    });
    return 'Rotated. Functions sign with the new key within five minutes.';
  }
  const nameVersion = (variable: string, versionId: string): string => {
    if (stage === 'local') return `Start the local runtime with ${variable}=${versionId}`;
    setOperatorSetting(stage, variable, versionId, operatorDirectory);
    return `${operatorFile(stage, operatorDirectory)} names the new version: commit it and deploy the stage`;
  };
  if (key === 'files') {
    const deployedVersion = settings.filesKeyVersion;
    const { step, versionId } = await rotateFilesKey(client, { secretId, deployedVersion, force });
    if (step === 'prepared')
      return `Prepared. ${nameVersion('FILES_KEY_VERSION', versionId)}, and then run this command once more.`;
    return 'Rotated. Functions sign with the new key within five minutes. Deploy no earlier than in two hours, when the last address of the previous key has ended.';
  }
  const deployedVersion = settings.edgeKeyVersion;
  const versionId = await rotateEdgeKey(client, { secretId, deployedVersion, force });
  return `Rotated. ${nameVersion('EDGE_KEY_VERSION', versionId)}${stage === 'local' ? '' : ' before the next rotation'}.`;
}

const isKeyName = (name: string): name is KeyName => Object.hasOwn(secretOf, name);

/** Returns a client for the account of the credentials, or for a local runtime. */
function clientFor(stage: string, environment: NodeJS.ProcessEnv): SecretsManagerClient {
  if (stage !== 'local') return new SecretsManagerClient({});
  return new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${environment['PORT'] || '3000'}/_aws/secretsmanager`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string' },
      key: { type: 'string' },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { stage, key, force, help } = values;
  if (help) return void process.stdout.write(usage);
  if (stage === undefined || key === undefined || !isKeyName(key))
    throw new Error(
      'Name the stage and the key: --stage STAGE --key edge|files|signing (--help explains them)',
    );
  const client = clientFor(stage, process.env);
  process.stdout.write(`${await rotateKey(client, { stage, key, force, environment: process.env })}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: unknown) => {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    process.stderr.write(`${line}\n`);
    process.exitCode = 1;
  });
}
