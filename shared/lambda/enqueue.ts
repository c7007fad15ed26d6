/** Invokes functions asynchronously: Lambda queues the event, retries it, and in the end stores it as failed. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { boundedClient } from '../aws/bounded-client.ts';

/** An invocation is only queued, within tens of milliseconds. */
const bounds = { tryMs: 2_000, maxTries: 3 };

let client: LambdaClient | undefined;

/** Returns a function that hands an event over to the function of that name. Rejects when Lambda does not accept it. */
export function enqueueTo(functionName: string): (event: object) => Promise<void> {
  return async (event) => {
    client ??= boundedClient(bounds, (config) => new LambdaClient(config));
    await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: JSON.stringify(event),
      }),
    );
  };
}
