/** Reads the value that a function returned as a Lambda proxy result, for both APIs. */
import { isObject } from '../json-object.ts';

/** A result that API Gateway accepts. */
export interface ProxyResult {
  status: number;
  headers: Map<string, string>;
  cookies: string[];
  body: Buffer;
}

// On AWS a function cannot set these headers: they describe the connection, which the gateway owns.
const connectionHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);
const validName = /^[!#$%&'*+\-.^_`|~\w]+$/;
// eslint-disable-next-line no-control-regex -- a tab is the only control character that a header value may contain
const validValue = /^[\t\x20-\x7e\x80-\xff]*$/;

function readHeaders(value: unknown): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  if (value === undefined || value === null) return headers;
  if (!isObject(value)) return undefined;
  for (const [name, content] of Object.entries(value)) {
    if (!['string', 'number', 'boolean'].includes(typeof content)) return undefined;
    if (!validName.test(name) || !validValue.test(String(content))) return undefined;
    if (!connectionHeaders.has(name.toLowerCase())) headers.set(name, String(content));
  }
  return headers;
}

function readCookies(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const cookies = value.filter((cookie) => typeof cookie === 'string' && validValue.test(cookie));
  return cookies.length === value.length ? cookies : undefined;
}

/** Returns the result, or undefined when it is malformed, which API Gateway answers with a 5xx. */
export function readProxyResult(value: unknown): ProxyResult | undefined {
  if (!isObject(value)) return undefined;
  const status = typeof value['statusCode'] === 'string' ? Number(value['statusCode']) : value['statusCode'];
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599)
    return undefined;
  const headers = readHeaders(value['headers']);
  const cookies = readCookies(value['cookies']);
  const body = value['body'] ?? '';
  if (!headers || !cookies || typeof body !== 'string') return undefined;
  return {
    status,
    headers,
    cookies,
    body: Buffer.from(body, value['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  };
}
