/** The only code that reaches sockets: posts a frame to one connection, or closes it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Credentials } from '../aws/sign-request.ts';
import { signedRequests, type SignedRequests } from './signed-requests.ts';

/** `gone`: there is no such socket (or not yet); `failed`: it may be there, and the frame may not have reached it. */
export type PostOutcome = 'sent' | 'gone' | 'failed';

export interface ConnectionGateway {
  post(connectionId: string, frame: string): Promise<PostOutcome>;
  close(connectionId: string): Promise<void>;
}

export interface ConnectionGatewaySettings {
  region: string;
  /** Asked once, for the first post. */
  credentials: () => Promise<Credentials>;
  warn: (message: string, fields: Record<string, unknown>) => void;
}

type Method = 'POST' | 'DELETE';

/** A status, or why there is none. */
interface Answer {
  status?: number;
  error?: unknown;
}

/** Some posts hang: none may hold up a fan-out for longer than this, its repeats included. */
const deadlineMs = 3_000;
const maxTries = 3;
/** Before the second try at most this long, before the third twice as long; spread, or all would come back at once. */
const firstPauseMs = 200;

/**
 * Requests to connections, of which there are many for each message, are signed and sent in a fraction of the SDK's
 * time; 429, 5xx and broken connections are tried again within the deadline.
 * `endpoint` is the stage's address, as in `https://abc.execute-api.eu-west-1.amazonaws.com/prod`.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function openConnectionGateway(
  endpoint: string,
  { region, credentials, warn }: ConnectionGatewaySettings,
): ConnectionGateway {
  let opening: Promise<SignedRequests> | undefined;
  const open = async (): Promise<SignedRequests> => signedRequests(endpoint, region, await credentials());

  async function tryOnce(
    method: Method,
    connectionId: string,
    body: string,
    timeoutMs: number,
  ): Promise<Answer> {
    try {
      const requests = await (opening ??= open());
      return { status: await requests.send(method, connectionId, body, timeoutMs) };
    } catch (error) {
      return { error };
    }
  }

  /** Again as often as it makes sense; the last answer. */
  async function request(method: Method, connectionId: string, body: string): Promise<Answer> {
    const until = Date.now() + deadlineMs;
    for (let tries = 1; ; tries += 1) {
      const answer = await tryOnce(method, connectionId, body, until - Date.now());
      const pauseMs = Math.random() * firstPauseMs * tries;
      if (!mayPass(answer.status) || tries === maxTries || Date.now() + pauseMs >= until) return answer;
      await pause(pauseMs);
    }
  }

  return {
    async post(connectionId, frame) {
      const answer = await request('POST', connectionId, frame);
      if (answer.status === 200) return 'sent';
      if (answer.status === 410) return 'gone';
      warn('A frame was not delivered', { connectionId, ...answer });
      return 'failed';
    },
    async close(connectionId) {
      const answer = await request('DELETE', connectionId, '');
      // Gone is what was wanted; anything else ends with the connection's own lease.
      if (answer.status !== 204 && answer.status !== 410) {
        warn('A connection was not closed', { connectionId, ...answer });
      }
    },
  };
}

/** No answer at all, throttled, or a fault of the gateway's own. */
function mayPass(status: number | undefined): boolean {
  return status === undefined || status === 429 || status >= 500;
}
