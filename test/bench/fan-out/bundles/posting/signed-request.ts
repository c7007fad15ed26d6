/**
 * The lower bound for a post: a request signed with AWS Signature Version 4 and sent over kept-alive connections,
 * without a deadline, retries or an outcome.
 */

import { createHash, createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 100 });
const region = 'us-east-1';
const service = 'execute-api';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

let signing = { day: '', key: Buffer.alloc(0) as Buffer };

function signingKey(day: string, secret: string): Buffer {
  if (signing.day !== day) {
    const parts = [day, region, service, 'aws4_request'];
    signing = { day, key: parts.reduce<string | Buffer>(hmac, `AWS4${secret}`) as Buffer };
  }
  return signing.key;
}

/** Posts a frame. Resolves with the status of the response. */
export function postSigned(endpoint: URL, connectionId: string, body: string): Promise<number> {
  const accessKeyId = process.env['AWS_ACCESS_KEY_ID'] as string;
  const secret = process.env['AWS_SECRET_ACCESS_KEY'] as string;
  const path = `${endpoint.pathname}/@connections/${encodeURIComponent(connectionId)}`;
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const bodyHash = sha256(body);
  const canonicalPath = path.split('/').map(encodeURIComponent).join('/');
  const canonical = `POST\n${canonicalPath}\n\nhost:${endpoint.host}\nx-amz-date:${date}\n\nhost;x-amz-date\n${bodyHash}`;
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
  const signature = hmac(signingKey(day, secret), toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        agent,
        method: 'POST',
        hostname: endpoint.hostname,
        port: endpoint.port,
        path,
        headers: {
          host: endpoint.host,
          'content-length': Buffer.byteLength(body),
          'x-amz-date': date,
          authorization,
        },
      },
      (answer) => answer.resume().once('end', () => resolve(answer.statusCode ?? 0)),
    );
    sending.once('error', reject);
    sending.end(body);
  });
}
