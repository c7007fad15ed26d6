/** The resource names of the stack by which the functions' requests to AWS are checked. */

import type { LocalStack } from '../stack.ts';
import type { AwsContext } from './aws-calls.mjs';

/** Returns the names of the stack's resources. */
export function resourceNamesOf({
  table,
  secrets,
  webSocketApi,
}: LocalStack): Pick<AwsContext, 'webSocketApiId' | 'secretArns' | 'partitionKeys'> {
  const { createTable, tableName } = table;
  const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = createTable;
  const indexes = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes];
  return {
    webSocketApiId: webSocketApi.apiId,
    secretArns: secrets.map(({ arn }) => arn),
    partitionKeys: {
      [tableName]: {
        '': partitionKeyIn(createTable.KeySchema),
        ...Object.fromEntries(
          indexes.map(({ IndexName, KeySchema }) => [IndexName, partitionKeyIn(KeySchema)]),
        ),
      },
    },
  };
}

function partitionKeyIn(schema: unknown): string {
  const elements = schema as { AttributeName: string; KeyType: string }[];
  return elements.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
}
