/** Which route of the HTTP API takes a request; it knows paths and methods, and no functions. */
import type { Route } from '../stack.ts';

export interface RouteMatch {
  route: Route;
  pathParameters: Record<string, string>;
}

/** Finds the route for a method and the segments of a decoded path. */
export type MatchRoute = (method: string, segments: string[]) => RouteMatch | undefined;

type Segment = { kind: 'literal' | 'parameter' | 'greedy'; name: string };
interface CompiledRoute {
  route: Route;
  method: string;
  segments: Segment[];
}

function compileSegment(text: string): Segment {
  if (text.startsWith('{') && text.endsWith('+}')) return { kind: 'greedy', name: text.slice(1, -2) };
  if (text.startsWith('{') && text.endsWith('}')) return { kind: 'parameter', name: text.slice(1, -1) };
  return { kind: 'literal', name: text };
}

function compileRoute(route: Route): CompiledRoute {
  const [method, path] = route.routeKey.split(' ');
  if (!method || !path?.startsWith('/'))
    throw new Error(`the HTTP API has an unknown route key: ${route.routeKey}`);
  return { route, method, segments: path.slice(1).split('/').map(compileSegment) };
}

const specificity = { literal: 0, parameter: 1, greedy: 2 };

/** API Gateway prefers the most specific path, and for one path the method over ANY. */
function bySpecificity(left: CompiledRoute, right: CompiledRoute): number {
  for (let at = 0; at < Math.min(left.segments.length, right.segments.length); at += 1) {
    const [one, other] = [left.segments[at], right.segments[at]];
    if (one && other && one.kind !== other.kind) return specificity[one.kind] - specificity[other.kind];
  }
  return (
    right.segments.length - left.segments.length ||
    Number(left.method === 'ANY') - Number(right.method === 'ANY')
  );
}

/**
 * Strict where AWS contradicts itself: `/a/b/` has an empty last segment, so it is not `/a/b`, and neither
 * `{id}` nor `{proxy+}` matches an empty one by itself.
 */
function matchSegments(pattern: Segment[], segments: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [at, { kind, name }] of pattern.entries()) {
    const segment = segments[at];
    if (kind === 'greedy') {
      parameters[name] = segments.slice(at).join('/');
      return parameters[name] === '' ? undefined : parameters;
    }
    if (segment === undefined || (kind === 'literal' ? segment !== name : segment === '')) return undefined;
    if (kind === 'parameter') parameters[name] = segment;
  }
  return pattern.length === segments.length ? parameters : undefined;
}

/** Compiles the routes once; throws on a route key that no HTTP API has. */
export function compileRoutes(routes: Route[]): MatchRoute {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const compiled = routes
    .filter((route) => route !== fallback)
    .map(compileRoute)
    .sort(bySpecificity);
  return (method, segments) => {
    for (const candidate of compiled) {
      if (candidate.method !== method && candidate.method !== 'ANY') continue;
      const pathParameters = matchSegments(candidate.segments, segments);
      if (pathParameters) return { route: candidate.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}
