/** The edge distribution: which behaviour takes a path, and the request as its origin sees it. It serves nothing itself. */
import type { EdgeBehaviour } from '../stack.ts';
import { messageAnswer, type GatewayAnswer } from './gateway-answer.ts';
import { forwardedFor, type GatewayRequest, type Log } from './gateway-request.ts';
import { compilePathPattern } from './path-pattern.ts';
import { newRequestId } from './request-ids.ts';
import { compileViewerRequest, type ViewerRequest } from './viewer-request.ts';

export interface MatchedBehaviour {
  origin: EdgeBehaviour['origin'];
  forward(request: GatewayRequest): Promise<{ request: GatewayRequest } | { answer: GatewayAnswer }>;
}

/** The first behaviour whose pattern the path matches; undefined when there is none, or no edge. */
export type Edge = (path: string) => MatchedBehaviour | undefined;

/** The one address that the APIs see of all who come through the edge: one of CloudFront's. */
export const edgeAddress = '130.176.0.1';

interface Origin {
  path: string;
  host: string;
  headers: Record<string, string>;
}

/** What the origin gets: its own host (the viewer's is not forwarded), and the viewer named in X-Forwarded-For. */
function originRequest(request: GatewayRequest, { path, host, headers }: Origin): GatewayRequest {
  const rawHeaders = ['Host', host];
  const replaced = new Set([
    'host',
    'x-forwarded-for',
    ...Object.keys(headers).map((name) => name.toLowerCase()),
  ]);
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? '';
    if (!replaced.has(name.toLowerCase())) rawHeaders.push(name, request.rawHeaders[at + 1] ?? '');
  }
  rawHeaders.push(...Object.entries(headers).flat());
  rawHeaders.push('X-Forwarded-For', forwardedFor(request));
  rawHeaders.push('Via', '1.1 local.cloudfront.net (CloudFront)', 'X-Amz-Cf-Id', newRequestId());
  return { ...request, path: path + request.path, rawHeaders, sourceIp: edgeAddress, viaEdge: true };
}

/** Compiles patterns and functions once; throws on a function that does not compile. */
export function createEdge(
  behaviours: EdgeBehaviour[],
  hosts: Record<EdgeBehaviour['origin'], string>,
  log?: Log,
): Edge {
  const compiled = behaviours.map(
    ({ pathPattern, origin, originPath, originHeaders = {}, viewerRequest }) => {
      const run: ViewerRequest | undefined =
        viewerRequest === undefined ? undefined : compileViewerRequest(viewerRequest);
      return {
        matches: compilePathPattern(pathPattern),
        origin,
        async forward(request: GatewayRequest) {
          try {
            const viewed = run ? await run(request) : { request };
            if ('answer' in viewed) return viewed;
            const to = { path: originPath, host: hosts[origin], headers: originHeaders };
            return { request: originRequest(viewed.request, to) };
          } catch (error) {
            // CloudFront says 503 for a function that threw as for one whose result it cannot use.
            log?.('viewer request function failed', { pathPattern, error: String(error) });
            return { answer: messageAnswer(503, 'The CloudFront function failed') };
          }
        },
      };
    },
  );
  return (path) => compiled.find((behaviour) => behaviour.matches(path));
}
