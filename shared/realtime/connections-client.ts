/** The only code that reaches sockets: posts a frame to one connection, or closes it. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { signedPosts, type SignedPosts } from './signed-posts.ts';

/** `gone`: there is no such socket (or not yet); `failed`: it may be there, and the frame may not have reached it. */
export type PostOutcome = 'sent' | 'gone' | 'failed';

export interface Poster {
  post(connectionId: string, frame: string): Promise<PostOutcome>;
  close(connectionId: string): Promise<void>;
}

/** Some posts hang: none may hold up a fan-out for longer than this, its repeats included. */
const deadlineMs = 3_000;
const mostTries = 3;
/** Before the second try at most this long, before the third twice as long; spread, or all would come back at once. */
const firstPauseMs = 200;

/**
 * Posts, of which there are many for each message, take a way of their own in a fraction of the SDK's time; 429, 5xx and
 * broken connections are tried again within the deadline. Region, credentials and the rare closing are the SDK's.
 * `endpoint` is the stage's address, as in `https://abc.execute-api.eu-west-1.amazonaws.com/prod`.
 */
export function openPoster(
  endpoint: string,
  { warn }: { warn: (message: string, fields: Record<string, unknown>) => void },
): Poster {
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: deadlineMs },
  });
  let opening: Promise<SignedPosts> | undefined;
  async function open(): Promise<SignedPosts> {
    const [region, credentials] = await Promise.all([client.config.region(), client.config.credentials()]);
    return signedPosts(endpoint, region, credentials);
  }

  async function tryOnce(
    connectionId: string,
    frame: string,
    timeoutMs: number,
  ): Promise<{ status?: number; error?: unknown }> {
    try {
      const posts = await (opening ??= open());
      return { status: await posts.post(connectionId, frame, timeoutMs) };
    } catch (error) {
      return { error };
    }
  }

  return {
    async post(connectionId, frame) {
      const until = Date.now() + deadlineMs;
      for (let tries = 1; ; tries += 1) {
        const answer = await tryOnce(connectionId, frame, until - Date.now());
        if (answer.status === 200) return 'sent';
        if (answer.status === 410) return 'gone';
        const pauseMs = Math.random() * firstPauseMs * tries;
        if (!mayPass(answer.status) || tries === mostTries || Date.now() + pauseMs >= until) {
          warn('A frame was not delivered', { connectionId, ...answer });
          return 'failed';
        }
        await pause(pauseMs);
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

/** No answer at all, throttled, or a fault of the gateway's own. */
function mayPass(status: number | undefined): boolean {
  return status === undefined || status === 429 || status >= 500;
}
