/** The only code that reaches sockets: posts a frame to one connection, or closes it. */
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';

/** `gone`: there is no such socket (or not yet); `failed`: it may be there, and the frame may not have reached it. */
export type PostOutcome = 'sent' | 'gone' | 'failed';

export interface Poster {
  post(connectionId: string, frame: string): Promise<PostOutcome>;
  close(connectionId: string): Promise<void>;
}

/** Some posts hang: none may hold up a fan-out for longer than this. */
const deadlineMs = 3_000;

export function connectionsClient(): ApiGatewayManagementApiClient {
  return new ApiGatewayManagementApiClient({
    cacheMiddleware: true,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: deadlineMs, httpsAgent: { maxSockets: 100 } },
  });
}

/** 429 and 5xx are retried by the SDK, with jitter, within the deadline. */
export function poster(
  client: ApiGatewayManagementApiClient,
  { warn }: { warn: (message: string, fields: Record<string, unknown>) => void },
): Poster {
  return {
    async post(connectionId, frame) {
      try {
        await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }), {
          abortSignal: AbortSignal.timeout(deadlineMs),
        });
        return 'sent';
      } catch (error) {
        if (error instanceof GoneException) return 'gone';
        warn('A frame was not delivered', { connectionId, error });
        return 'failed';
      }
    },
    async close(connectionId) {
      try {
        await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }), {
          abortSignal: AbortSignal.timeout(deadlineMs),
        });
      } catch (error) {
        // Gone is what was wanted; anything else ends with the connection's own lease.
        if (!(error instanceof GoneException)) warn('A connection was not closed', { connectionId, error });
      }
    },
  };
}
