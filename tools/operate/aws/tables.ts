/** A DynamoDB table's protection against deletion, and the sort keys of one of its partitions. */
import { callTarget, type AwsApi } from './aws-api.ts';

const dynamoDb = (operation: string) =>
  ({ service: 'dynamodb', target: `DynamoDB_20120810.${operation}`, version: '1.0' }) as const;

/** Whether DynamoDB refuses to delete the table. */
export async function isTableProtected(api: AwsApi, tableName: string): Promise<boolean> {
  const { Table } = await callTarget<{ Table: { DeletionProtectionEnabled?: boolean } }>(
    api,
    dynamoDb('DescribeTable'),
    { TableName: tableName },
  );
  return Table.DeletionProtectionEnabled === true;
}

/** Sets whether DynamoDB refuses to delete the table. */
export async function protectTable(api: AwsApi, tableName: string, isProtected: boolean): Promise<void> {
  await callTarget(api, dynamoDb('UpdateTable'), {
    TableName: tableName,
    DeletionProtectionEnabled: isProtected,
  });
}

/** Returns the sort keys of the items in one small partition. */
export async function sortKeysOf(api: AwsApi, tableName: string, partitionKey: string): Promise<string[]> {
  const { Items } = await callTarget<{ Items: { sk: { S: string } }[] }>(api, dynamoDb('Query'), {
    TableName: tableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: partitionKey } },
    ConsistentRead: true,
  });
  return Items.map(({ sk }) => sk.S);
}
