/** The failures and the functions of a deployed stage or of a local runtime. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { outputOfStage } from '../operate/stage-output.ts';
import { openBucket, textsOf } from './bucket.ts';
import type { FailureStore } from './redrive.ts';
import type { InvokeFunction } from './replay-records.ts';

export interface RedriveTarget {
  store: FailureStore;
  invoke: InvokeFunction;
}

/** Longer than the longest timeout of a function that can be redriven. */
const invocationTimeoutMs = 15 * 60 * 1_000;
const requestTimeoutMs = 15_000;

/**
 * Opens a stage in the account and region of the environment's credentials.
 * @throws OperatorError for an unknown stage, or when its stack does not exist or has no bucket of failures
 */
export async function openStage(stage: string): Promise<RedriveTarget> {
  const bucket = await outputOfStage(stage, 'FailureBucketName');
  const client = new LambdaClient({});
  const [region, credentials] = await Promise.all([client.config.region(), client.config.credentials()]);
  const endpoint = `https://s3.${region}.amazonaws.com`;
  return { store: openBucket({ endpoint, bucket, region, credentials }), invoke: invoker(client) };
}

/**
 * Opens a local runtime, given its address.
 * @throws Error when it does not answer or has no bucket
 */
export async function openLocal(address: string): Promise<RedriveTarget> {
  const endpoint = `${address}/_aws/s3`;
  const response = await fetch(`${endpoint}/`, { signal: AbortSignal.timeout(requestTimeoutMs) }).catch(
    (cause: unknown) => {
      throw new Error(`No local runtime answers at ${address}`, { cause });
    },
  );
  // The local names are the logical ids of the template, such as FailedInvocations, in lower case.
  const bucket = textsOf(await response.text(), 'Name').find((name) =>
    name.startsWith('FailedInvocations'.toLowerCase()),
  );
  if (bucket === undefined) throw new Error(`The local runtime at ${address} has no bucket of failures`);
  const access = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  return {
    store: openBucket({ endpoint, bucket, ...access }),
    invoke: invoker(new LambdaClient({ ...access, endpoint: `${address}/_aws/lambda` })),
  };
}

/** Tries an invocation once: an SDK that repeats a slow one would run it twice at the same time. */
function invoker(client: LambdaClient): InvokeFunction {
  return async (functionName, event) => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
      { requestTimeout: invocationTimeoutMs },
    );
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError !== undefined) throw new Error(`${functionName} failed: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}
