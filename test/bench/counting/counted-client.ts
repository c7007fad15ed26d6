/**
 * Replaces `@aws-sdk/client-dynamodb` in a counted bundle: its client reports the capacity that each request
 * consumes.
 */

import { DynamoDBClient as PlainClient } from '@aws-sdk/client-dynamodb';
import { reportCall } from './counted-environment.ts';
import { unitsOf } from './units.ts';

export * from '@aws-sdk/client-dynamodb';

export class DynamoDBClient extends PlainClient {
  constructor(...configuration: ConstructorParameters<typeof PlainClient>) {
    super(...configuration);
    this.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (request) => {
          const name = commandName.replace(/Command$/, '');
          const input: object = request.input;
          Object.assign(input, { ReturnConsumedCapacity: 'INDEXES' });
          const start = performance.now();
          const ended = (output: unknown): void =>
            reportCall({
              kind: 'database',
              name,
              start,
              end: performance.now(),
              ...unitsOf(name, input, output),
            });
          try {
            const result = await next(request);
            ended(result.output);
            return result;
          } catch (error) {
            ended(undefined);
            throw error;
          }
        },
      { step: 'initialize', priority: 'low', name: 'countUnits' },
    );
  }
}
