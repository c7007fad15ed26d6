/** The WebSocket function of the fixture: answers with the connection id. */
import type { APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';

export const handler = async ({ requestContext }: APIGatewayProxyWebsocketEventV2): Promise<unknown> => ({
  statusCode: 200,
  body: requestContext.connectionId,
});
