/**
 * Posts one signed request to an API of AWS, over a socket of its own: an idle one may have been dropped while the function was
 * frozen, and a request over it is never answered. For functions that send few such requests, the SDK's client of the API
 * would be tens of kilobytes of their bundle.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Signer } from './sign-request.ts';

export interface SignedPost {
  signer: Signer;
  /** Beside `host`; all of them are signed. */
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** A request was not answered in time. Its socket has been destroyed. */
export class NoAnswerError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Returns the answer once all of it has arrived.
 * @param url with its path encoded as it is sent
 * @throws NoAnswerError when it has not within `timeoutMs`; the error of the socket when that breaks
 */
export function postSigned(
  { protocol, hostname, port, host, pathname }: URL,
  { signer, headers, body, timeoutMs }: SignedPost,
): Promise<Answer> {
  const covered = { host, ...headers };
  const method = 'POST';
  return new Promise((resolve, reject) => {
    const sending = (protocol === 'https:' ? https : http).request({
      hostname,
      ...(port !== '' && { port }),
      agent: false,
      method,
      path: pathname,
      headers: {
        ...covered,
        'content-length': Buffer.byteLength(body),
        ...signer.headersFor({ method, path: pathname, headers: covered, body }, Date.now()),
      },
    });
    const deadline = setTimeout(() => {
      reject(new NoAnswerError(`No answer within ${timeoutMs} ms`));
      sending.destroy();
    }, timeoutMs);
    const end = (settle: () => void): void => {
      clearTimeout(deadline);
      settle();
    };
    let hasAnswer = false;
    sending.once('response', (answer) => {
      hasAnswer = true;
      let text = '';
      answer
        .setEncoding('utf8')
        .on('data', (part: string) => (text += part))
        .once('error', (error) => end(() => reject(error)))
        .once('end', () =>
          end(() => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })),
        );
    });
    // Once the answer has begun, its own events tell how the request ends.
    sending.on('error', (error) => {
      if (!hasAnswer) end(() => reject(error));
    });
    sending.end(body);
  });
}
