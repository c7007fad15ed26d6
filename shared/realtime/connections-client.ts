/** The only code that reaches sockets: posts a frame to one connection, or closes it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Credentials } from './sign-request.ts';
import { signedPosts, type SignedPosts } from './signed-posts.ts';

/** `gone`: there is no such socket (or not yet); `failed`: it may be there, and the frame may not have reached it. */
export type PostOutcome = 'sent' | 'gone' | 'failed';

export interface Poster {
  post(connectionId: string, frame: string): Promise<PostOutcome>;
  close(connectionId: string): Promise<void>;
}

export interface PosterSettings {
  region: string;
  /** Asked once, for the first post. */
  credentials: () => Promise<Credentials>;
  warn: (message: string, fields: Record<string, unknown>) => void;
}

/** Some posts hang: none may hold up a fan-out for longer than this, its repeats included. */
const deadlineMs = 3_000;
const mostTries = 3;
/** Before the second try at most this long, before the third twice as long; spread, or all would come back at once. */
const firstPauseMs = 200;

/**
 * Posts, of which there are many for each message, take a way of their own in a fraction of the SDK's time; 429, 5xx and
 * broken connections are tried again within the deadline. The rare closing is the SDK's, which is loaded for the first.
 * `endpoint` is the stage's address, as in `https://abc.execute-api.eu-west-1.amazonaws.com/prod`.
 */
export function openPoster(endpoint: string, { region, credentials, warn }: PosterSettings): Poster {
  let opening: Promise<SignedPosts> | undefined;
  const open = async (): Promise<SignedPosts> => signedPosts(endpoint, region, await credentials());

  let closer: ReturnType<typeof openCloser> | undefined;
  async function openCloser() {
    const sdk = await import('@aws-sdk/client-apigatewaymanagementapi');
    const client = new sdk.ApiGatewayManagementApiClient({
      endpoint,
      region,
      credentials,
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 1_000, requestTimeout: deadlineMs },
    });
    return (ConnectionId: string) =>
      client.send(new sdk.DeleteConnectionCommand({ ConnectionId }), {
        abortSignal: AbortSignal.timeout(deadlineMs),
      });
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
        const closeConnection = await (closer ??= openCloser());
        await closeConnection(connectionId);
      } catch (error) {
        // Gone is what was wanted; anything else ends with the connection's own lease.
        const isGone = error instanceof Error && error.name === 'GoneException';
        if (!isGone) warn('A connection was not closed', { connectionId, error });
      }
    },
  };
}

/** No answer at all, throttled, or a fault of the gateway's own. */
function mayPass(status: number | undefined): boolean {
  return status === undefined || status === 429 || status >= 500;
}
