/** Sends an HTTP request unchanged, including what `fetch` would refuse or alter. */
import { request } from 'node:http';
import { chatUrl } from '../../kit/deployment.ts';

export interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

export interface RawAnswer {
  status: number;
  type: string;
  text: string;
}

export function send({ method, path, headers, body }: Sent): Promise<RawAnswer> {
  const { hostname, port } = new URL(chatUrl());
  return new Promise((resolve, reject) => {
    // Node would send the body of a GET without its length.
    const length = body === undefined ? {} : { 'content-length': body.length };
    const options = {
      host: hostname,
      port,
      method,
      path,
      headers: { ...headers, ...length },
      timeout: 10_000,
    };
    const sent = request(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          text: Buffer.concat(parts).toString(),
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in ten seconds')));
    sent.on('error', reject);
    sent.end(body);
  });
}
