/** Verifies the signatures of requests to S3: in headers, in an address, and of the policy of a form. */

import { createHash } from 'node:crypto';
import { signingLibrary } from './signing-library.ts';
import type { FindSigner, Signer } from './signers.ts';
import { S3Error } from './s3-error.ts';

/** A request as it was sent. */
export interface SentRequest {
  method: string;
  /** With the path of the endpoint, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  /** By lowercase names. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface Verification {
  findSigner: FindSigner;
  region: string;
  nowMs: number;
}

const maxClockSkewMs = 15 * 60_000;
const maxExpirySeconds = 7 * 86_400;
const algorithm = 'AWS4-HMAC-SHA256';
const contentHash = 'x-amz-content-sha256';

/**
 * Returns who signed a request; undefined when it has no signature.
 * @throws S3Error
 */
export async function verifyRequest(
  request: SentRequest,
  verification: Verification,
): Promise<Signer | undefined> {
  if (request.query.has('X-Amz-Signature')) return verifyQuery(request, verification);
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  return verifyHeaders(request, authorization, verification);
}

async function verifyHeaders(
  { method, path, query, headers, body }: SentRequest,
  authorization: string,
  verification: Verification,
): Promise<Signer> {
  const [, credential, signedHeaders, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (credential === undefined || signedHeaders === undefined || signature === undefined)
    throw new S3Error('AuthorizationHeaderMalformed', 'The authorization header is malformed.');
  const date = parseDate(headers['x-amz-date']);
  if (Math.abs(date.getTime() - verification.nowMs) > maxClockSkewMs)
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  const signer = findSigner(credential, date, headers['x-amz-security-token'], verification);
  const hash = headers[contentHash] ?? '';
  if (/^[\da-f]{64}$/.test(hash) && createHash('sha256').update(body).digest('hex') !== hash)
    throw new S3Error(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  const signed = new Set(signedHeaders.split(';'));
  const expected = await signingLibrary(signer.credentials, verification.region).sign(
    {
      ...place(path),
      method,
      query: queryOf(query),
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => signed.has(name))),
      body: hash === '' ? body : undefined,
    },
    { signingDate: date, signableHeaders: signed },
  );
  assertSame(/Signature=(\w+)/.exec(expected.headers['authorization'] ?? '')?.[1], signature);
  return signer;
}

async function verifyQuery(
  { method, path, query, headers }: SentRequest,
  verification: Verification,
): Promise<Signer> {
  const parameter = (name: string): string => query.get(`X-Amz-${name}`) ?? '';
  if (parameter('Algorithm') !== algorithm) refuseQuery('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const expiresIn = Number(parameter('Expires') || NaN);
  if (!(expiresIn >= 0)) refuseQuery('X-Amz-Expires should be a non-negative number');
  if (expiresIn > maxExpirySeconds)
    refuseQuery(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800',
    );
  const date = parseDate(parameter('Date'));
  if (date.getTime() > verification.nowMs + maxClockSkewMs)
    throw new S3Error('AccessDenied', 'Request is not valid yet');
  if (date.getTime() + expiresIn * 1_000 < verification.nowMs)
    throw new S3Error('AccessDenied', 'Request has expired', {
      'X-Amz-Expires': expiresIn,
      Expires: new Date(date.getTime() + expiresIn * 1_000).toISOString(),
      ServerTime: new Date(verification.nowMs).toISOString(),
    });
  const signer = findSigner(
    parameter('Credential'),
    date,
    query.get('X-Amz-Security-Token') ?? undefined,
    verification,
  );
  const signed = new Set(parameter('SignedHeaders').split(';'));
  const signedHeaders = Object.fromEntries(Object.entries(headers).filter(([name]) => signed.has(name)));
  const others = queryOf(query);
  for (const name of [
    'Algorithm',
    'Credential',
    'Date',
    'Expires',
    'SignedHeaders',
    'Security-Token',
    'Signature',
  ])
    delete others[`X-Amz-${name}`];
  const expected = await signingLibrary(signer.credentials, verification.region).presign(
    {
      ...place(path),
      method,
      query: others,
      headers: { ...signedHeaders, [contentHash]: headers[contentHash] ?? 'UNSIGNED-PAYLOAD' },
    },
    {
      signingDate: date,
      expiresIn,
      signableHeaders: signed,
      unsignableHeaders: new Set(signed.has(contentHash) ? [] : [contentHash]),
      unhoistableHeaders: new Set([...signed, contentHash]),
    },
  );
  assertSame(String(expected.query?.['X-Amz-Signature']), parameter('Signature'));
  return signer;
}

function refuseQuery(message: string): never {
  throw new S3Error('AuthorizationQueryParametersError', message);
}

/**
 * Returns who signed the policy of a form. The fields are by lowercase names.
 * @throws S3Error
 */
export async function verifyForm(
  fields: ReadonlyMap<string, string>,
  verification: Verification,
): Promise<Signer> {
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value !== undefined) return value;
    throw new S3Error('InvalidArgument', `Bucket POST must contain a field named '${name}'.`, {
      ArgumentName: name,
      ArgumentValue: '',
    });
  };
  if (field('x-amz-algorithm') !== algorithm)
    throw new S3Error('InvalidArgument', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const date = parseDate(field('x-amz-date'));
  const signer = findSigner(
    field('x-amz-credential'),
    date,
    fields.get('x-amz-security-token'),
    verification,
  );
  const expected = await signingLibrary(signer.credentials, verification.region).sign(field('policy'), {
    signingDate: date,
  });
  assertSame(expected, field('x-amz-signature'));
  return signer;
}

function findSigner(
  credential: string,
  date: Date,
  sessionToken: string | undefined,
  { findSigner: find, region }: Verification,
): Signer {
  const [accessKeyId = '', ...scope] = credential.split('/');
  const expected = [date.toISOString().slice(0, 10).replaceAll('-', ''), region, 's3', 'aws4_request'];
  if (scope.join('/') !== expected.join('/'))
    throw new S3Error(
      'AuthorizationHeaderMalformed',
      `The credential scope ${scope.join('/')} is wrong; expecting ${expected.join('/')}`,
      { Region: region },
    );
  return find(accessKeyId, sessionToken);
}

/** The address belongs to the signature only by the header `host`. */
const place = (path: string) => ({ protocol: 'http:', hostname: 'localhost', path });

function queryOf(query: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

/** Reads `20260102T030405Z`. */
function parseDate(text = ''): Date {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (second === undefined)
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function assertSame(expected: string | undefined, provided: string): void {
  if (expected === provided) return;
  throw new S3Error(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { SignatureProvided: provided },
  );
}
