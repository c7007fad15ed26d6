/** Sends signed requests to the `@connections` API over a pool of kept-alive sockets, each with a deadline. */
import * as http from 'node:http';
import * as https from 'node:https';
import { requestSigner, type Credentials } from '../aws/sign-request.ts';
import type { Clock } from '../domain/ports/system.ts';

export interface SignedRequest {
  method: 'POST' | 'DELETE';
  connectionId: string;
  /** Empty for a `DELETE`. */
  body: string;
  timeoutMs: number;
  /** Whether to open a socket for this request instead of taking an idle one, which may be dead. */
  onFreshSocket: boolean;
}

export interface SignedRequests {
  /**
   * Returns the status of the response, once all of it has arrived.
   * @throws NoResponseError when there is none within `timeoutMs`; the error of the socket when it breaks
   */
  send(request: SignedRequest): Promise<number>;
}

/** A request was not answered in time. Its socket has been destroyed. */
export class NoResponseError extends Error {
  override readonly name = 'NoResponseError';
}

/** Holds more sockets than a fan-out posts to at the same time, so that no post waits for one. */
const maxSockets = 100;

/** `endpoint` is the stage's address, as in `https://abc.execute-api.eu-west-1.amazonaws.com/prod`. */
export function signedRequests(
  endpoint: string,
  { region, credentials, clock }: { region: string; credentials: Credentials; clock: Clock },
): SignedRequests {
  const { protocol, hostname, port, host, pathname } = new URL(endpoint);
  const { request, Agent } = protocol === 'https:' ? https : http;
  const signer = requestSigner('execute-api', region, credentials);
  const basePath = `${pathname.replace(/\/$/, '')}/@connections/`;
  const signed = { host };
  const pool = new Agent({ keepAlive: true, maxSockets });
  const freshSockets = new Agent({ keepAlive: false, maxSockets });
  const target = { hostname, ...(port !== '' && { port }) };

  return {
    send({ method, connectionId, body, timeoutMs, onFreshSocket }) {
      return new Promise((resolve, reject) => {
        const path = basePath + encodeURIComponent(connectionId);
        const sending = request({
          ...target,
          agent: onFreshSocket ? freshSockets : pool,
          method,
          path,
          headers: {
            host,
            'content-type': 'application/octet-stream',
            'content-length': Buffer.byteLength(body),
            ...signer.headersFor({ method, path, headers: signed, body }, clock.now()),
          },
        });
        const deadline = setTimeout(
          () => sending.destroy(new NoResponseError(`No response within ${timeoutMs} ms`)),
          timeoutMs,
        );
        sending.once('response', (answer) => {
          // The body must be read to its end, or the socket does not return to the pool and is busy when the function is
          // frozen. It is not used, so it may break off.
          const finish = (): void => {
            clearTimeout(deadline);
            resolve(answer.statusCode ?? 0);
          };
          answer.once('end', finish).once('error', finish).resume();
        });
        sending.once('error', (error) => {
          clearTimeout(deadline);
          reject(error);
        });
        sending.end(body);
      });
    },
  };
}
