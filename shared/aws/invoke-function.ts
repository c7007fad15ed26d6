/**
 * Invokes a Lambda function and waits for its result, with a signed request. The SDK's client would not fit into the bundle of
 * the functions that do this now and then.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { onceResolved } from './once-resolved.ts';
import { requestSigner, type Credentials } from './sign-request.ts';
import { postSigned } from './signed-post.ts';

export interface InvokeOptions {
  region: string;
  /** Called for the first request, and again if that fails. */
  credentials: () => Promise<Credentials>;
  /** The address of the region's endpoint when absent. */
  endpoint?: string | undefined;
  timeoutMs: number;
}

/** An invocation that Lambda refused, or whose function failed. */
export class InvocationFailedError extends Error {
  override readonly name = 'InvocationFailedError';
}

/**
 * Returns a function that invokes the function of that name, and resolves when it has ended well. It tries once: the caller
 * has a way on without the result.
 * @throws InvocationFailedError; NoAnswerError when the function has not ended within `timeoutMs`, although it runs on
 */
export function invokerOf(
  functionName: string,
  { region, credentials, endpoint, timeoutMs }: InvokeOptions,
): (payload: object) => Promise<void> {
  const base = endpoint ?? `https://lambda.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const url = new URL(base.replace(/\/$/, '') + path);
  const openSigner = onceResolved(async () => requestSigner('lambda', region, await credentials()));
  return async (payload) => {
    const { status, headers, text } = await postSigned(url, {
      signer: await openSigner(),
      headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'RequestResponse' },
      body: JSON.stringify(payload),
      timeoutMs,
    });
    const functionError = headers['x-amz-function-error'];
    if (status !== 200 || functionError !== undefined)
      throw new InvocationFailedError(`Lambda answered ${status}: ${text.slice(0, 500)}`);
  };
}
