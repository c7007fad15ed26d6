/**
 * Reads secrets from Secrets Manager with signed requests. A function sends one every few minutes, for which the SDK's client
 * would be 25 KB of each bundle.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClientBounds } from './bounded-client.ts';
import { onceResolved } from './once-resolved.ts';
import { requestSigner, type Credentials } from './sign-request.ts';
import { NoAnswerError, postSigned } from './signed-post.ts';

export type VersionStage = 'AWSCURRENT' | 'AWSPREVIOUS';

export interface SecretValues {
  /**
   * Returns the text of one version of a secret.
   * @throws SecretsManagerError when Secrets Manager refuses the request, after the last try when it fails; NoAnswerError
   */
  get(secretId: string, versionStage: VersionStage): Promise<string>;
}

/** A request that was refused or failed. The name is that of the error in the service's reference. */
export class SecretsManagerError extends Error {
  override readonly name: string;

  /** @param name such as `ResourceNotFoundException` */
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

export interface SecretValuesOptions {
  region: string;
  /** Called for the first request, and again if that fails. */
  credentials: () => Promise<Credentials>;
  /** The address of the region's endpoint when absent. */
  endpoint?: string | undefined;
  bounds: ClientBounds;
  /** Returns a random integer below the given one, for the pauses between tries. */
  randomInteger: (below: number) => number;
}

/** The longest pause before the second try; the one before the third is twice as long. */
const maxFirstPauseMs = 100;

const codeOfThrottling = /^(Throttling|TooManyRequests|RequestLimitExceeded)/;

/** Opens the secrets of one region. Sends nothing before its first use. */
export function secretValues({
  region,
  credentials,
  endpoint = `https://secretsmanager.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
  bounds: { tryMs, maxTries },
  randomInteger,
}: SecretValuesOptions): SecretValues {
  const url = new URL(endpoint);
  const openSigner = onceResolved(async () => requestSigner('secretsmanager', region, await credentials()));

  async function tryOnce(body: string): Promise<string> {
    const { status, headers, text } = await postSigned(url, {
      signer: await openSigner(),
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
      },
      body,
      timeoutMs: tryMs,
    });
    if (status !== 200) throw errorOf(status, headers, text);
    const { SecretString }: { SecretString?: unknown } = JSON.parse(text);
    if (typeof SecretString === 'string') return SecretString;
    throw new SecretsManagerError('NoSecretString', 'The secret holds no text');
  }

  return {
    async get(secretId, versionStage) {
      const body = JSON.stringify({ SecretId: secretId, VersionStage: versionStage });
      for (let tries = 1; ; tries += 1) {
        try {
          return await tryOnce(body);
        } catch (error) {
          if (tries >= maxTries || !isRetryable(error)) throw error;
          await pause(randomInteger(maxFirstPauseMs * tries));
        }
      }
    },
  };
}

/** Whether another try may help: the socket broke, there was no answer, the request was throttled, or the service failed. */
function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof NoAnswerError) return true;
  if (!(error instanceof SecretsManagerError)) return 'syscall' in error || 'code' in error;
  return error.name === 'InternalServiceError' || codeOfThrottling.test(error.name);
}

/** The service names an error in a header or in the body, with a namespace before it or an address after it. */
function errorOf(status: number, headers: IncomingHttpHeaders, text: string): SecretsManagerError {
  const fields = fieldsOf(text);
  const named = textOf(headers['x-amzn-errortype']) ?? textOf(fields['__type']) ?? '';
  // Proxies in front of the service answer without a name.
  const unnamed = status === 429 ? 'ThrottlingException' : 'InternalServiceError';
  const message = textOf(fields['message']) ?? textOf(fields['Message']);
  return new SecretsManagerError(
    named.replace(/:.*$|^.*#/g, '') || unnamed,
    message ?? `Secrets Manager answered ${status}`,
  );
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function fieldsOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    // A body that is not JSON says nothing about the error.
    return {};
  }
}
