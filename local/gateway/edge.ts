/** The edge distribution: selects the behavior for a path, and rewrites the request for its origin or answers it. */
import type { ApiBehavior, EdgeBehavior } from '../edge-behavior.ts';
import type { Buckets } from '../services/buckets.ts';
import { createBucketOrigin } from './bucket-origin.ts';
import { messageAnswer, type GatewayAnswer } from './gateway-answer.ts';
import { forwardedFor, type GatewayRequest, type GatewayLog } from './gateway-request.ts';
import { createObjectOrigin } from './object-origin.ts';
import { compilePathPattern } from './path-pattern.ts';
import { newRequestId } from './request-ids.ts';
import { compileViewerRequest, type ViewerRequest } from './viewer-request.ts';

export interface MatchedBehavior {
  origin: EdgeBehavior['origin'];
  forward(request: GatewayRequest): Promise<{ request: GatewayRequest } | { answer: GatewayAnswer }>;
}

/** Returns the first behavior whose pattern matches the path; undefined when none does. */
export type Edge = (path: string) => MatchedBehavior | undefined;

/** The source address of every request that comes through the edge: one of CloudFront's addresses. */
export const edgeAddress = '130.176.0.1';

interface Origin {
  path: string;
  host: string;
  headers: Record<string, string>;
}

/** The request for the origin: it has the origin's `Host`, and the viewer's address in `X-Forwarded-For`. */
function originRequest(request: GatewayRequest, { path, host, headers }: Origin): GatewayRequest {
  const rawHeaders = ['Host', host];
  const replaced = new Set([
    'host',
    'x-forwarded-for',
    ...Object.keys(headers).map((name) => name.toLowerCase()),
  ]);
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (!replaced.has(name.toLowerCase())) rawHeaders.push(name, request.rawHeaders[index + 1] ?? '');
  }
  rawHeaders.push(...Object.entries(headers).flat());
  rawHeaders.push('X-Forwarded-For', forwardedFor(request));
  rawHeaders.push('Via', '1.1 local.cloudfront.net (CloudFront)', 'X-Amz-Cf-Id', newRequestId());
  return { ...request, path: path + request.path, rawHeaders, sourceIp: edgeAddress, viaEdge: true };
}

/** Where the origins of the behaviors are. */
export interface EdgeOrigins {
  /** The host names of the two APIs. */
  hosts: Record<ApiBehavior['origin'], string>;
  /** The buckets whose objects a behavior answers with. */
  buckets?: Pick<Buckets, 'get'>;
}

/** Returns what follows the viewer-request function: a request for an API, or the answer of a bucket. */
function originOf(
  behavior: EdgeBehavior,
  { hosts, buckets }: EdgeOrigins,
): (request: GatewayRequest) => { request: GatewayRequest } | { answer: GatewayAnswer } {
  if (behavior.origin === 'bucket') {
    const answer = createBucketOrigin(behavior);
    return (request) => ({ answer: answer(request) });
  }
  if (behavior.origin === 'objects') {
    if (buckets === undefined) throw new Error(`There is no bucket ${behavior.bucketName}`);
    const answer = createObjectOrigin(behavior, buckets);
    return (request) => ({ answer: answer(request) });
  }
  const { origin, originPath, originHeaders = {} } = behavior;
  const target = { path: originPath, host: hosts[origin], headers: originHeaders };
  return (request) => ({ request: originRequest(request, target) });
}

/** Compiles the patterns and functions of the behaviors; throws when a function does not compile. */
export function createEdge(behaviors: EdgeBehavior[], origins: EdgeOrigins, log?: GatewayLog): Edge {
  const compiled = behaviors.map((behavior) => {
    const { pathPattern, viewerRequest } = behavior;
    const run: ViewerRequest | undefined =
      viewerRequest === undefined ? undefined : compileViewerRequest(viewerRequest);
    const toOrigin = originOf(behavior, origins);
    return {
      matches: compilePathPattern(pathPattern),
      origin: behavior.origin,
      async forward(request: GatewayRequest) {
        try {
          const result = run ? await run(request) : { request };
          return 'answer' in result ? result : toOrigin(result.request);
        } catch (error) {
          // CloudFront answers 503 also when it cannot use the function's result.
          log?.('The viewer-request function failed', { pathPattern, error: String(error) });
          return { answer: messageAnswer(503, 'The CloudFront function failed') };
        }
      },
    };
  });
  return (path) => compiled.find((behavior) => behavior.matches(path));
}
