/** The function that the stream and asynchronous events go to: it writes down in a list what it was given. */

import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';

const database = new DynamoDBClient({});
const TableName = process.env['TABLE_NAME'];

export async function handler(event: DynamoDBStreamEvent | { note: string }): Promise<unknown> {
  if (!('Records' in event)) return remember('events', event.note);
  for (const { dynamodb, userIdentity } of event.Records as (DynamoDBStreamEvent['Records'][0] & {
    userIdentity?: { type: string; principalId: string };
  })[]) {
    const who = userIdentity === undefined ? '' : ` by ${userIdentity.type} ${userIdentity.principalId}`;
    await remember(dynamodb?.Keys?.['pk']?.S ?? '', `${dynamodb?.Keys?.['sk']?.S}${who}`);
  }
  return { batchItemFailures: [] };
}

async function remember(about: string, text: string): Promise<void> {
  await database.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk: { S: `seen ${about}` }, sk: { S: 'LIST' } },
      UpdateExpression: 'SET seen = list_append(if_not_exists(seen, :none), :one)',
      ExpressionAttributeValues: { ':none': { L: [] }, ':one': { L: [{ S: text }] } },
    }),
  );
}
