/** Slices go to the deliver function by asynchronous invocation: Lambda keeps, repeats and, in the end, parks them. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { HandOn } from '../../shared/realtime/hand-out-slices.ts';

export function handOnTo(functionName: string, client: LambdaClient = new LambdaClient({})): HandOn {
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
