/**
 * AWS Signature Version 4: what the SDK computes for a request, in a tenth of its time, since little differs from one
 * request to the next.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
import { createHmac, hash as digest } from 'node:crypto';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** A request without a query: none that is signed here has one. */
export interface UnsignedRequest {
  method: string;
  /** Encoded, as it is sent. */
  path: string;
  /** Those that the signature covers, by their names in lower case: `host`, with the port when there is one, and more. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

export interface Signer {
  /** The headers that such a request needs besides those that it has; `at` in ms. */
  headersFor(request: UnsignedRequest, at: number): Record<string, string>;
}

const hash = (text: string | Uint8Array): string => digest('sha256', text, 'hex');
const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** `service` as signatures name it, such as `execute-api`. */
export function requestSigner(service: string, region: string, credentials: Credentials): Signer {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  let second = -1;
  let dated: Record<string, string> = {};
  let date = '';
  let scope = '';
  let key: Buffer = Buffer.alloc(0);
  // One frame goes to many sockets.
  let lastBody: string | Uint8Array = '';
  let lastBodyHash = hash('');

  function advanceTo(at: number): void {
    if (Math.floor(at / 1_000) === second) return;
    second = Math.floor(at / 1_000);
    date = new Date(second * 1_000).toISOString().replace(/[-:]|\.\d+/g, '');
    dated = {
      'x-amz-date': date,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const day = date.slice(0, 8);
    if (scope.startsWith(day)) return;
    scope = `${day}/${region}/${service}/aws4_request`;
    key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
      mac,
      `AWS4${secretAccessKey}`,
    ) as Buffer;
  }

  return {
    headersFor({ method, path, headers, body }, at) {
      advanceTo(at);
      if (body !== lastBody) {
        lastBody = body;
        lastBodyHash = hash(body);
      }
      const covered: Record<string, string> = { ...headers, ...dated };
      const names = Object.keys(covered).toSorted();
      const signedHeaders = names.join(';');
      const canonicalPath = path.split('/').map(encodeURIComponent).join('/');
      const canonicalHeaders = names.map((name) => `${name}:${covered[name]}\n`).join('');
      const request = `${method}\n${canonicalPath}\n\n${canonicalHeaders}\n${signedHeaders}\n${lastBodyHash}`;
      const signature = mac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(request)}`).toString('hex');
      return {
        ...dated,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
      };
    },
  };
}
