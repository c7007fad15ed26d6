/** Slices go to the deliver function by asynchronous invocation: Lambda keeps, repeats and, in the end, parks them. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { EnqueueSlices } from '../../shared/realtime/slice-subscribers.ts';

export function enqueueSlicesTo(
  functionName: string,
  client: LambdaClient = new LambdaClient({}),
): EnqueueSlices {
  return async (slice) => {
    await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: JSON.stringify(slice),
      }),
    );
  };
}
