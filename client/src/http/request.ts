/** Sends one HTTP request of the contract, and turns its failure into a `ChatProblem`. */
import { hostOf } from '../problem.ts';
import * as problems from '../problems.ts';
import { problemOfAnswer } from '../server-problem.ts';
import type { Route } from '../contract/routes.ts';

export interface RequestOptions {
  token?: string | undefined;
  /** Overrides values of the query, to request the next page. */
  query?: Record<string, string> | undefined;
  /** Aborts the request; without one it is aborted after 35 seconds. */
  signal?: AbortSignal | undefined;
}

export interface RequestAnswer {
  body: unknown;
  /** The query of the next page, from the Link header. */
  next: Record<string, string> | undefined;
}

export type SendRequest = (
  route: Route,
  args: Record<string, unknown>,
  options?: RequestOptions,
) => Promise<RequestAnswer>;

/** Longer than API Gateway waits for a function (30 seconds), after which no answer can arrive. */
const timeoutMs = 35_000;

/**
 * Returns a function that sends requests, and rejects with a `ChatProblem`.
 *
 * @param url the API's address without a slash at its end
 */
export function createRequest(url: string, fetch: typeof globalThis.fetch): SendRequest {
  return async (route, args, { token, query = {}, signal } = {}) => {
    const { path, rest } = fillPath(route.path, args);
    // A DELETE sends its fields in the body too: one of them may be a password, which must not be part of a URL.
    const hasBody = route.method !== 'GET' && (route.method !== 'DELETE' || Object.keys(rest).length > 0);
    const search = new URLSearchParams({ ...(hasBody ? {} : toQuery(rest)), ...query }).toString();
    const response = await fetchOrFail(fetch, `${url}${path}${search === '' ? '' : `?${search}`}`, {
      method: route.method,
      headers: {
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(hasBody ? { body: JSON.stringify(rest) } : {}),
      signal: signal ?? abortAfter(timeoutMs),
    });
    const body = await readBody(response, url);
    if (!response.ok) throw problemOfAnswer(response.status, body, response.headers.get('retry-after'));
    return { body, next: nextQuery(response.headers.get('link')) };
  };
}

/** Like `AbortSignal.timeout`, which some runtimes lack. */
function abortAfter(milliseconds: number): AbortSignal {
  const abort = new AbortController();
  const timer: unknown = setTimeout(() => abort.abort(), milliseconds);
  // Node would wait for the timer before it ends.
  (timer as { unref?: () => void }).unref?.();
  return abort.signal;
}

function fillPath(
  template: string,
  args: Record<string, unknown>,
): { path: string; rest: Record<string, unknown> } {
  const rest = { ...args };
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    delete rest[name];
    return encodeURIComponent(String(args[name]));
  });
  return { path, rest };
}

function toQuery(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

async function fetchOrFail(
  fetch: typeof globalThis.fetch,
  url: string,
  init: RequestInit,
): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw problems.unreachable(hostOf(url), cause);
  }
}

async function readBody(response: Response, url: string): Promise<unknown> {
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  try {
    const text = await response.text();
    if (text === '') return undefined;
    return isJson ? JSON.parse(text) : text;
  } catch (cause) {
    throw problems.brokenOff(hostOf(url), cause);
  }
}

/** Reads the query alone: the path in the header depends on the address under which the function is deployed. */
function nextQuery(link: string | null): Record<string, string> | undefined {
  const address = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (address === undefined) return undefined;
  return Object.fromEntries(new URLSearchParams(address.slice(address.indexOf('?') + 1)));
}
