/** `npm run rotate-key`: rotates the key that signs tokens, or the one with which the edge proves where requests come from. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { deploymentEnvironment, operatorFile, setOperatorSetting } from '../infra/operator-settings.ts';
import { stackNameOf, stageNamed, stageSettings } from '../infra/stages.ts';
import { rotateEdgeKey } from './keys/edge-key.ts';
import { findSecret } from './keys/find-secret.ts';
import { rotateSigningKey } from './keys/signing-key.ts';

const usage = `Usage: npm run rotate-key -- --stage STAGE --key edge|signing [--force]

  --stage STAGE   the deployment stage; "local" is a local runtime on PORT (3000 by default)
  --key edge      what the edge distribution sends to the APIs: deploy the stage afterwards
  --key signing   what signs access and refresh tokens: no user is signed out
  --force         rotate although the previous key is still in use; what was signed or sent with it is refused
  --help          print this text

The functions accept the new key and the previous one. docs/runbook.md describes both rotations.
`;

export interface Rotation {
  stage: string;
  key: 'edge' | 'signing';
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
  const secretId = await findSecret(client, stackNameOf(stage), key === 'edge' ? 'EdgeKey' : 'SigningKey');
  if (key === 'signing') {
    await rotateSigningKey(client, {
      secretId,
      refreshTokenDays: settings.refreshTokenLifetimeDays,
      force,
    });
    return 'Rotated. Functions sign with the new key within five minutes.';
  }
  const deployedVersion = settings.edgeKeyVersion;
  const versionId = await rotateEdgeKey(client, { secretId, deployedVersion, force });
  if (stage === 'local') return `Rotated. Start the local runtime with EDGE_KEY_VERSION=${versionId}.`;
  setOperatorSetting(stage, 'EDGE_KEY_VERSION', versionId, operatorDirectory);
  return `Rotated. ${operatorFile(stage, operatorDirectory)} names the new version: commit it and deploy the stage before the next rotation.`;
}

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
  if (stage === undefined || (key !== 'edge' && key !== 'signing'))
    throw new Error('Name the stage and the key: --stage STAGE --key edge|signing (--help explains both)');
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
