/** The function for stream records and asynchronous events: stores what it receives in a list. */

import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';

const database = new DynamoDBClient({});
const TableName = process.env['TABLE_NAME'];

export async function handler(event: DynamoDBStreamEvent | { note: string }): Promise<unknown> {
  if (!('Records' in event)) return store('events', event.note);
  for (const { dynamodb, userIdentity } of event.Records as (DynamoDBStreamEvent['Records'][0] & {
    userIdentity?: { type: string; principalId: string };
  })[]) {
    const author = userIdentity === undefined ? '' : ` by ${userIdentity.type} ${userIdentity.principalId}`;
    await store(dynamodb?.Keys?.['pk']?.S ?? '', `${dynamodb?.Keys?.['sk']?.S}${author}`);
  }
  return { batchItemFailures: [] };
}

async function store(subject: string, text: string): Promise<void> {
  await database.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: `seen ${subject}` }, sk: { S: 'LIST' } },
      UpdateExpression: 'SET seen = list_append(if_not_exists(seen, :none), :one)',
      ExpressionAttributeValues: { ':none': { L: [] }, ':one': { L: [{ S: text }] } },
    }),
  );
}
