/** Runs a CloudFront viewer-request function in an isolated context. */
import { createContext, Script } from 'node:vm';
import type { GatewayAnswer } from './gateway-answer.ts';
import { requireEdgeModule } from './edge-modules.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { isObject } from '../json-object.ts';
import { newRequestId } from './request-ids.ts';

interface EdgeValue {
  value: string;
  multiValue?: { value: string }[];
}
type EdgeValues = Record<string, EdgeValue>;

interface EdgeRequest {
  method: string;
  uri: string;
  querystring: EdgeValues;
  headers: EdgeValues;
  cookies: EdgeValues;
}
interface EdgeResponse {
  statusCode: number;
  statusDescription?: string;
  headers?: EdgeValues;
  body?: string | { data: string; encoding?: 'text' | 'base64' };
}

export type ViewerRequest = (
  request: GatewayRequest,
) => Promise<{ request: GatewayRequest } | { answer: GatewayAnswer }>;

function addValue(values: EdgeValues, name: string, value: string): void {
  const present = Object.hasOwn(values, name) ? values[name] : undefined;
  if (!present) {
    Object.defineProperty(values, name, {
      value: { value },
      enumerable: true,
      writable: true,
      configurable: true,
    });
  } else (present.multiValue ??= [{ value: present.value }]).push({ value });
}

/** Yields all values of all names in order; `multiValue` takes precedence over `value`, as in CloudFront. */
function* pairsOf(values: EdgeValues = {}): Generator<[string, string]> {
  for (const [name, { value, multiValue }] of Object.entries(values)) {
    for (const one of multiValue ?? [{ value }]) yield [name, one.value];
  }
}

function splitPairs(text: string, separator: RegExp): EdgeValues {
  const values: EdgeValues = {};
  for (const pair of text.split(separator).filter(Boolean)) {
    const equals = pair.indexOf('=');
    // CloudFront neither decodes names and values here nor encodes them on the way back.
    if (equals === -1) addValue(values, pair, '');
    else addValue(values, pair.slice(0, equals), pair.slice(equals + 1));
  }
  return values;
}

function toEdgeRequest(request: GatewayRequest): EdgeRequest {
  const headers: EdgeValues = {};
  const cookies: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    if (name === 'cookie') cookies.push(value);
    else addValue(headers, name, value);
  }
  return {
    method: request.method,
    uri: request.path,
    querystring: splitPairs(request.query, /&/),
    headers,
    cookies: splitPairs(cookies.join('; '), /;\s*/),
  };
}

function fromEdgeRequest(original: GatewayRequest, edited: EdgeRequest): GatewayRequest {
  const casing = new Map<string, string>();
  for (let index = 0; index < original.rawHeaders.length; index += 2) {
    const name = original.rawHeaders[index] ?? '';
    casing.set(name.toLowerCase(), name);
  }
  const rawHeaders: string[] = [];
  for (const [name, value] of pairsOf(edited.headers)) rawHeaders.push(casing.get(name) ?? name, value);
  const cookies = [...pairsOf(edited.cookies)].map(([name, value]) => `${name}=${value}`);
  if (cookies.length > 0) rawHeaders.push(casing.get('cookie') ?? 'cookie', cookies.join('; '));
  const query =
    typeof edited.querystring === 'string'
      ? edited.querystring
      : [...pairsOf(edited.querystring)]
          .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
          .join('&');
  return { ...original, path: edited.uri, query, rawHeaders };
}

function toAnswer({ statusCode, headers, body }: EdgeResponse): GatewayAnswer {
  const data = typeof body === 'string' ? { data: body } : body;
  const encoding = data?.encoding === 'base64' ? 'base64' : 'utf8';
  return {
    status: statusCode,
    headers: [...pairsOf(headers)].flat(),
    body: Buffer.from(data?.data ?? '', encoding),
  };
}

// CloudFront checks only this much of a result before it uses it.
const isEdgeResponse = (result: unknown): result is EdgeResponse =>
  isObject(result) && typeof result['statusCode'] === 'number';
const isEdgeRequest = (result: unknown): result is EdgeRequest =>
  isObject(result) && typeof result['uri'] === 'string' && result['uri'].startsWith('/');

/** Compiles the source of a function; throws when it does not compile or has no `handler`. */
export function compileViewerRequest(source: string): ViewerRequest {
  // CloudFront functions have no network, no timers and no eval. Their output is dropped.
  const context = createContext(
    { console: { log() {} }, require: requireEdgeModule },
    { codeGeneration: { strings: false, wasm: false } },
  );
  const handler = new Script(`${source}\n;handler`, { filename: 'viewer-request.js' }).runInContext(
    context,
  ) as unknown;
  if (typeof handler !== 'function') throw new TypeError('The viewer-request function has no handler');
  return async (request) => {
    const event = {
      version: '1.0',
      context: {
        distributionDomainName: 'local.cloudfront.net',
        distributionId: 'LOCAL',
        eventType: 'viewer-request',
        requestId: newRequestId(),
      },
      viewer: { ip: request.sourceIp },
      request: toEdgeRequest(request),
    };
    const result: unknown = await handler(event);
    if (isEdgeResponse(result)) return { answer: toAnswer(result) };
    if (isEdgeRequest(result)) return { request: fromEdgeRequest(request, result) };
    throw new TypeError('The viewer-request function returned neither a request nor a response');
  };
}
