/** Creates the template's table in the database, or checks that the existing one has the same schema. */

import { StartFailure } from '../start-failure.ts';
import type { SecondaryIndex, TableDefinition, TableSchema } from '../stack.ts';
import { DynamoDbError, type DynamoDbClient } from './dynamodb-request.ts';

interface TableDescription extends TableSchema {
  TableStatus: string;
  LatestStreamArn?: string;
}

/**
 * Creates the table with its TTL if it does not exist.
 * @throws StartFailure when the existing table has a different schema
 */
export async function prepareTable(
  table: TableDefinition,
  database: DynamoDbClient,
): Promise<{ streamArn?: string }> {
  const existing = await describe(table.tableName, database);
  if (existing === undefined) {
    await database.call('DynamoDB_20120810.CreateTable', table.createTable);
  } else if (schemaOf(existing) !== schemaOf(table.createTable)) {
    throw new StartFailure(
      `The table ${table.tableName} in the database has a different schema than the template's. ` +
        'Start with --fresh to replace it by an empty one; this deletes all local data.',
    );
  }
  const description = await untilActive(table.tableName, database);
  if (table.ttlAttribute !== undefined) await enableTimeToLive(table.tableName, table.ttlAttribute, database);
  return { ...(description.LatestStreamArn !== undefined && { streamArn: description.LatestStreamArn }) };
}

async function describe(tableName: string, database: DynamoDbClient): Promise<TableDescription | undefined> {
  try {
    const answer = await database.call<{ Table: TableDescription }>('DynamoDB_20120810.DescribeTable', {
      TableName: tableName,
    });
    return answer.Table;
  } catch (error) {
    if (error instanceof DynamoDbError && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function untilActive(tableName: string, database: DynamoDbClient): Promise<TableDescription> {
  for (;;) {
    const description = await describe(tableName, database);
    if (description?.TableStatus === 'ACTIVE') return description;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function enableTimeToLive(
  tableName: string,
  attribute: string,
  database: DynamoDbClient,
): Promise<void> {
  const { TimeToLiveDescription: current } = await database.call<{
    TimeToLiveDescription?: { AttributeName?: string };
  }>('DynamoDB_20120810.DescribeTimeToLive', { TableName: tableName });
  if (current?.AttributeName === attribute) return;
  await database.call('DynamoDB_20120810.UpdateTimeToLive', {
    TableName: tableName,
    TimeToLiveSpecification: { AttributeName: attribute, Enabled: true },
  });
}

/** Returns the parts of a description that define the schema as one string, with sorted lists. */
function schemaOf(description: TableSchema): string {
  return JSON.stringify([
    description.KeySchema,
    description.AttributeDefinitions.toSorted((a, b) => a.AttributeName.localeCompare(b.AttributeName)),
    schemasOf(description.GlobalSecondaryIndexes),
    schemasOf(description.LocalSecondaryIndexes),
    description.StreamSpecification?.StreamViewType ?? 'none',
  ]);
}

function schemasOf(indexes: SecondaryIndex[] = []): unknown[] {
  return indexes
    .map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      projection: [Projection.ProjectionType, ...(Projection.NonKeyAttributes ?? []).toSorted()],
    }))
    .toSorted((a, b) => a.IndexName.localeCompare(b.IndexName));
}
