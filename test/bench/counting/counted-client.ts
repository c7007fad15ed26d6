/**
 * Takes the place of `@aws-sdk/client-dynamodb` in a counted bundle: its client asks for the capacity that each
 * request takes, and tells of it.
 */

import { DynamoDBClient as PlainClient } from '@aws-sdk/client-dynamodb';
import { tell } from './counted-environment.ts';
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
            tell({ kind: 'database', name, start, end: performance.now(), ...unitsOf(name, input, output) });
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
