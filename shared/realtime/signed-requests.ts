/** Sends signed requests to the `@connections` API over a pool of kept-alive sockets, each with a deadline. */
import * as http from 'node:http';
import * as https from 'node:https';
import { requestSigner, type Credentials } from '../aws/sign-request.ts';
import type { Clock } from '../domain/ports/system.ts';

export interface SignedRequests {
  /** Returns the status of the response; rejects when there is none within `timeoutMs`. The body of a `DELETE` is empty. */
  send(method: 'POST' | 'DELETE', connectionId: string, body: string, timeoutMs: number): Promise<number>;
}

/** Holds more sockets than a fan-out posts to at the same time, so that no post waits for one. */
const pool = { keepAlive: true, maxSockets: 100 };

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
  const target = { agent: new Agent(pool), hostname, ...(port !== '' && { port }) };

  return {
    send(method, connectionId, body, timeoutMs) {
      return new Promise((resolve, reject) => {
        const path = basePath + encodeURIComponent(connectionId);
        const sending = request({
          ...target,
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
          () => sending.destroy(new Error(`No response within ${timeoutMs} ms`)),
          timeoutMs,
        );
        sending.once('response', (answer) => {
          // The body must be read to its end, or the socket does not return to the pool. It is not used, so it may break off.
          answer.resume();
          answer.once('error', () => undefined);
          clearTimeout(deadline);
          resolve(answer.statusCode ?? 0);
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
