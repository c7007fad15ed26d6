/** The failures and the functions of a deployed stage or of a local runtime. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { requestSigner } from '../../shared/aws/sign-request.ts';
import type { Credentials } from '../../shared/aws/sign-request.ts';
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
 * @throws Error when the stack has no bucket of failures
 */
export async function openStage(stage: string): Promise<RedriveTarget> {
  const client = new LambdaClient({});
  const [region, credentials] = await Promise.all([client.config.region(), client.config.credentials()]);
  const stackName = `ServerlessChat-${stage}`;
  const { FailureBucketName: bucket } = await outputsOf(stackName, region, credentials);
  if (bucket === undefined) throw new Error(`The stack ${stackName} has no output FailureBucketName`);
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
  const [bucket] = textsOf(await response.text(), 'Name');
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

/** Returns the outputs of a stack by their keys. */
async function outputsOf(
  stackName: string,
  region: string,
  credentials: Credentials,
): Promise<Record<string, string>> {
  const host = `cloudformation.${region}.amazonaws.com`;
  const body = new URLSearchParams({
    Action: 'DescribeStacks',
    StackName: stackName,
    Version: '2010-05-15',
  }).toString();
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const signed = requestSigner('cloudformation', region, credentials).headersFor(
    { method: 'POST', path: '/', headers, body },
    Date.now(),
  );
  const response = await fetch(`https://${host}/`, {
    method: 'POST',
    headers: { ...headers, ...signed },
    body,
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  const xml = await response.text();
  if (!response.ok)
    throw new Error(`The stack ${stackName} was not found in ${region}: ${textsOf(xml, 'Message')[0]}`);
  const keys = textsOf(xml, 'OutputKey');
  const values = textsOf(xml, 'OutputValue');
  return Object.fromEntries(keys.map((key, index) => [key, values[index] ?? '']));
}
