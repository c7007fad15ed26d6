/** Selects the route of the HTTP API for a method and a path. */
import type { Route } from '../stack.ts';

export interface RouteMatch {
  route: Route;
  pathParameters: Record<string, string>;
}

/** Returns the route for a method and the segments of a decoded path. */
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
    throw new Error(`The HTTP API has a route key of an unknown form: ${route.routeKey}`);
  return { route, method, segments: path.slice(1).split('/').map(compileSegment) };
}

const specificity = { literal: 0, parameter: 1, greedy: 2 };

/** Sorts as API Gateway selects: the most specific path first, and for the same path a method before ANY. */
function bySpecificity(left: CompiledRoute, right: CompiledRoute): number {
  for (let index = 0; index < Math.min(left.segments.length, right.segments.length); index += 1) {
    const [one, other] = [left.segments[index], right.segments[index]];
    if (one && other && one.kind !== other.kind) return specificity[one.kind] - specificity[other.kind];
  }
  return (
    right.segments.length - left.segments.length ||
    Number(left.method === 'ANY') - Number(right.method === 'ANY')
  );
}

/**
 * Matches strictly where AWS's documentation contradicts itself: `/a/b/` has an empty last segment, so it
 * does not match `/a/b`, and neither `{id}` nor `{proxy+}` matches a single empty segment.
 */
function matchSegments(pattern: Segment[], segments: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, { kind, name }] of pattern.entries()) {
    const segment = segments[index];
    if (kind === 'greedy') {
      parameters[name] = segments.slice(index).join('/');
      return parameters[name] === '' ? undefined : parameters;
    }
    if (segment === undefined || (kind === 'literal' ? segment !== name : segment === '')) return undefined;
    if (kind === 'parameter') parameters[name] = segment;
  }
  return pattern.length === segments.length ? parameters : undefined;
}

/** Compiles the routes; throws when a route key is neither `$default` nor a method and a path. */
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
