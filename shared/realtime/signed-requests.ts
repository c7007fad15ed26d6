/** Signed requests about connections over a pool of kept-alive sockets, with a deadline each. It knows no outcome but a status. */
import * as http from 'node:http';
import * as https from 'node:https';
import { requestSigner, type Credentials } from '../aws/sign-request.ts';

export interface SignedRequests {
  /** The status of the answer; rejects when there is none within `timeoutMs`. Only a `POST` has a body that is not empty. */
  send(method: 'POST' | 'DELETE', connectionId: string, body: string, timeoutMs: number): Promise<number>;
}

/** More than a fan-out posts at once, so that none waits for a socket. */
const pool = { keepAlive: true, maxSockets: 100 };

/** `endpoint` is the stage's address, as in `https://abc.execute-api.eu-west-1.amazonaws.com/prod`. */
export function signedRequests(endpoint: string, region: string, credentials: Credentials): SignedRequests {
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
            ...signer.headersFor({ method, path, headers: signed, body }, Date.now()),
          },
        });
        const deadline = setTimeout(
          () => sending.destroy(new Error(`No answer within ${timeoutMs} ms`)),
          timeoutMs,
        );
        sending.once('response', (answer) => {
          // Read to its end, or the socket does not go back to the pool.
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
