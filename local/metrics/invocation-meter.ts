/** The metrics that Lambda and SQS have of invocations, stream batches and queues. */
import type { Invoke, InvocationResult } from '../functions/invocation.ts';
import { isThrottled } from '../functions/invocation-failure.ts';
import type { StreamRecord } from '../streams/stream-record.ts';
import type { LambdaFunction, QueueDefinition } from '../stack.ts';
import type { MetricStore } from './metric-store.ts';

export interface InvocationMeter {
  /** Counts an invocation and returns its result. */
  count(functionId: string, run: () => Promise<InvocationResult>): Promise<InvocationResult>;
  /** Wraps deliveries of stream records, of which the age is recorded. */
  batches(invoke: Invoke): Invoke;
  /** Records how late an attempt of an asynchronous invocation starts. */
  asyncEventAge(functionId: string, ageMs: number): void;
  messageSent(queueId: string): void;
}

/** Creates the meter of a run's functions and queues. */
export function createInvocationMeter(
  functions: LambdaFunction[],
  queues: QueueDefinition[],
  store: MetricStore,
): InvocationMeter {
  const account = (name: string) => store.series({ namespace: 'AWS/Lambda', name, dimensions: {} });
  const claimedConcurrency = account('ClaimedAccountConcurrency');
  const meters = new Map(
    functions.map(({ logicalId, functionName }) => {
      const metric = (name: string) =>
        store.series({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName } });
      return [
        logicalId,
        {
          invocations: metric('Invocations'),
          errors: metric('Errors'),
          throttles: metric('Throttles'),
          duration: metric('Duration'),
          iteratorAge: metric('IteratorAge'),
          asyncEventAge: metric('AsyncEventAge'),
        },
      ];
    }),
  );
  const messagesSent = new Map(
    queues.map(({ logicalId, queueName }) => [
      logicalId,
      store.series({
        namespace: 'AWS/SQS',
        name: 'NumberOfMessagesSent',
        dimensions: { QueueName: queueName },
      }),
    ]),
  );
  let running = 0;

  async function count(functionId: string, run: () => Promise<InvocationResult>): Promise<InvocationResult> {
    const startedAtMs = performance.now();
    running += 1;
    claimedConcurrency(running);
    const result = await run().finally(() => (running -= 1));
    const meter = meters.get(functionId);
    // Lambda has refused the invocation, so it is not an error of the function.
    if (isThrottled(result)) {
      meter?.throttles(1);
      return result;
    }
    meter?.invocations(1);
    meter?.errors(result.ok ? 0 : 1);
    meter?.duration(performance.now() - startedAtMs);
    return result;
  }

  return {
    count,
    batches: (invoke) => (functionId, event) => {
      const { Records: records } = event as { Records: StreamRecord[] };
      const last = records.at(-1);
      if (last !== undefined)
        meters
          .get(functionId)
          ?.iteratorAge(Math.max(0, Date.now() - last.dynamodb.ApproximateCreationDateTime * 1_000));
      return count(functionId, () => invoke(functionId, event));
    },
    asyncEventAge: (functionId, ageMs) => meters.get(functionId)?.asyncEventAge(ageMs),
    messageSent: (queueId) => messagesSent.get(queueId)?.(1),
  };
}
