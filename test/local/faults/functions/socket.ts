/** The WebSocket function of the fixture: stores that a socket opened or closed, and answers frames. */

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';

const database = new DynamoDBClient({});
const TableName = process.env['TABLE_NAME'];

export async function handler({ requestContext, body }: APIGatewayProxyWebsocketEventV2): Promise<unknown> {
  const { routeKey, connectionId } = requestContext;
  if (routeKey === '$default') {
    return { statusCode: 200, body: body === 'id' ? connectionId : `received ${body}` };
  }
  const Item = { pk: { S: connectionId }, sk: { S: routeKey } };
  await database.send(new PutItemCommand({ TableName, Item }));
  return { statusCode: 200 };
}
