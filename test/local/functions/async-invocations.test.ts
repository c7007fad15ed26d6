import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAsyncInvocations } from '../../../local/functions/async-invocations.ts';
import { isThrottled } from '../../../local/functions/invocation-failure.ts';
import type { InvocationResult } from '../../../local/functions/invocation.ts';
import { createLog } from '../../../local/log.ts';
import type { SendFailedInvocation } from '../../../local/services/failed-invocations.ts';
import { bundleFolder, type BundleFolder } from './bundle-folder.ts';

let folder: BundleFolder;
beforeEach(() => (folder = bundleFolder()));
afterEach(() => folder.remove());

/** Fails as many times as the event says. */
const failing = `let calls = 0;
  exports.handler = async (event) => { calls += 1; if (calls <= event.failures) throw new Error('call ' + calls); }`;

function setUp(maximumRetryAttempts: number, maximumEventAgeSeconds = 60) {
  const asyncInvocation = {
    maximumRetryAttempts,
    maximumEventAgeSeconds,
    onFailure: { kind: 'bucket', logicalId: 'Bucket' },
  } as const;
  const functions = [folder.define('F', failing, { asyncInvocation })];
  const sent: Parameters<SendFailedInvocation>[] = [];
  const host = folder.host(functions);
  let invocations = 0;
  const asyncInvocations = createAsyncInvocations({
    functions,
    host: {
      invokeText(functionId, event) {
        invocations += 1;
        return host.invokeText(functionId, event);
      },
    },
    sendFailure: (...failed) => void sent.push(failed),
    region: 'us-east-1',
    accountId: '000000000000',
    log: createLog('silent'),
    retryDelaysMs: [5],
  });
  return { asyncInvocations, sent, count: () => invocations };
}

describe('an asynchronous invocation', () => {
  it('is retried until it succeeds', async () => {
    const { asyncInvocations, sent, count } = setUp(2);
    asyncInvocations.accept('F', '{"failures":2}');
    await asyncInvocations.idle();
    expect(count()).toBe(3);
    expect(sent).toEqual([]);
  });

  it('is tried again while the function is throttled, however many retries it has', async () => {
    const slow = 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 100))';
    const definition = folder.define('S', slow, { reservedConcurrency: 1 });
    definition.asyncInvocation.maximumRetryAttempts = 0;
    const host = folder.host([definition]);
    const results: InvocationResult[] = [];
    const invocations = createAsyncInvocations({
      functions: [definition],
      host: {
        async invokeText(functionId, event) {
          const result = await host.invokeText(functionId, event);
          results.push(result);
          return result;
        },
      },
      sendFailure: () => undefined,
      region: 'us-east-1',
      accountId: '000000000000',
      log: createLog('silent'),
      retryDelaysMs: [5],
    });
    for (let count = 0; count < 3; count += 1) invocations.accept('S', '{}');
    await invocations.idle();
    expect(results.filter(({ ok }) => ok)).toHaveLength(3);
    const refused = results.filter(isThrottled);
    expect(refused.length).toBeGreaterThan(2);
    expect(refused).toHaveLength(results.length - 3);
  });

  it('is sent to the failure destination with its event and error when all retries fail', async () => {
    const { asyncInvocations, sent, count } = setUp(1);
    asyncInvocations.accept('F', '{"failures":9}');
    await asyncInvocations.idle();
    expect(count()).toBe(2);
    expect(sent).toMatchObject([
      [
        { kind: 'bucket', logicalId: 'Bucket' },
        {
          origin: 'async/name-of-F',
          record: {
            version: '1.0',
            requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
            requestPayload: { failures: 9 },
            responseContext: { statusCode: 200, functionError: 'Unhandled' },
            responsePayload: { errorType: 'Error', errorMessage: 'call 2' },
          },
        },
      ],
    ]);
  });

  it('is not retried when its event is older than the maximum age', async () => {
    const { asyncInvocations, sent, count } = setUp(5, 0);
    asyncInvocations.accept('F', '{"failures":9}');
    await asyncInvocations.idle();
    expect(count()).toBe(1);
    expect(sent).toMatchObject([[{}, { record: { requestContext: { condition: 'EventAgeExceeded' } } }]]);
  });
});
