/** The resource names of the stack by which the functions' requests to AWS are checked. */

import type { LocalStack } from '../stack.ts';
import type { AwsContext } from './aws-calls.mjs';

/** Returns the names of the stack's resources. */
export function resourceNamesOf({
  table,
  secrets,
  webSocketApi,
}: LocalStack): Pick<AwsContext, 'webSocketApiId' | 'secretArns' | 'partitionKeys' | 'indexKeyBytes'> {
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
    indexKeyBytes: {
      [tableName]: Object.fromEntries(
        indexes.flatMap(({ KeySchema }) =>
          elementsOf(KeySchema).map(({ AttributeName, KeyType }) => [
            AttributeName,
            KeyType === 'HASH' ? maxPartitionKeyBytes : maxSortKeyBytes,
          ]),
        ),
      ),
    },
  };
}

const maxPartitionKeyBytes = 2_048;
const maxSortKeyBytes = 1_024;

const elementsOf = (schema: unknown) => schema as { AttributeName: string; KeyType: string }[];

function partitionKeyIn(schema: unknown): string {
  return elementsOf(schema).find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
}
