/** Reads and deletes the failures in their bucket by signed requests to S3, or to the local runtime's service. */
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '../../shared/aws/sign-request.ts';
import type { FailureStore } from './redrive.ts';
import { Sha256 } from './sha256.ts';

export interface BucketOptions {
  /** The address of S3, such as `https://s3.eu-west-1.amazonaws.com`; the bucket follows in the path. */
  endpoint: string;
  bucket: string;
  region: string;
  credentials: Credentials;
}

/** Lambda stores failures under keys that start with this. */
const prefix = 'aws/lambda/';
const requestTimeoutMs = 15_000;

/** Opens the bucket. Its methods reject with the name that S3 gives to an error. */
export function openBucket({ endpoint, bucket, region, credentials }: BucketOptions): FailureStore {
  const base = new URL(endpoint);
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: false,
  });

  async function send(method: string, key: string, query: Record<string, string> = {}): Promise<Response> {
    const path = `${base.pathname.replace(/\/$/, '')}/${bucket}${key === '' ? '' : '/'}${key
      .split('/')
      .map(encodeURIComponent)
      .join('/')}`;
    const { headers } = await signer.sign({
      method,
      protocol: base.protocol,
      hostname: base.hostname,
      path,
      query,
      headers: { host: base.host },
    });
    const search = new URLSearchParams(query).toString();
    return fetch(`${base.origin}${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers,
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
  }

  async function sendText(...request: Parameters<typeof send>): Promise<string> {
    const response = await send(...request);
    const text = await response.text();
    if (!response.ok)
      throw new Error(`S3 answered ${response.status} ${textOf(text, 'Code') ?? ''} for ${bucket}`);
    return text;
  }

  return {
    async list() {
      const keys: string[] = [];
      let token: string | undefined;
      do {
        const page = await sendText('GET', '', {
          'list-type': '2',
          prefix,
          ...(token !== undefined && { 'continuation-token': token }),
        });
        keys.push(...textsOf(page, 'Key'));
        token = textOf(page, 'NextContinuationToken');
      } while (token !== undefined);
      return keys;
    },
    async read(key) {
      const response = await send('GET', key);
      const text = await response.text();
      if (response.status === 404) return undefined;
      if (!response.ok) throw new Error(`S3 answered ${response.status} for ${key}`);
      return text;
    },
    async remove(key) {
      await sendText('DELETE', key);
    },
  };
}

/** Returns the texts of all XML elements with that name. */
export function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  );
}

const textOf = (xml: string, name: string): string | undefined => textsOf(xml, name)[0];
