/** One HTTP request of the contract: where it goes, what it carries, and what its failure means. */
import type { OperationName } from '../../shared/contract/http/operations.ts';
import { ChatProblem, problemOfAnswer } from '../problem.ts';
import { routes, type Route } from './routes.ts';

export interface RequestOptions {
  token?: string | undefined;
  /** Replaces values of the query: the next page. */
  query?: Record<string, string> | undefined;
}

export interface RequestAnswer {
  body: unknown;
  /** The query of the next page, from the Link header. */
  next: Record<string, string> | undefined;
}

export type SendRequest = (
  name: OperationName,
  args: Record<string, unknown>,
  options?: RequestOptions,
) => Promise<RequestAnswer>;

/** An answer that takes longer than any function may run will not come. */
const deadlineMs = 35_000;

/** `url` without a slash at its end. The result rejects with `ChatProblem`. */
export function createRequest(url: string, fetch: typeof globalThis.fetch): SendRequest {
  return async (name, args, { token, query = {} } = {}) => {
    const route: Route = routes[name];
    const { path, rest } = fillPath(route.path, args);
    // Only a GET has a query: what a DELETE is told may be a password, which has no place in an address.
    const hasBody = route.method !== 'GET' && (route.method !== 'DELETE' || Object.keys(rest).length > 0);
    const search = new URLSearchParams({ ...(hasBody ? {} : texts(rest)), ...query }).toString();
    const response = await reach(fetch, `${url}${path}${search === '' ? '' : `?${search}`}`, {
      method: route.method,
      headers: {
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(hasBody ? { body: JSON.stringify(rest) } : {}),
      signal: AbortSignal.timeout(deadlineMs),
    });
    const body = await readBody(response);
    if (!response.ok) throw problemOfAnswer(response.status, body, response.headers.get('retry-after'));
    return { body, next: nextQuery(response.headers.get('link')) };
  };
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

function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

async function reach(fetch: typeof globalThis.fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    const detail = `There is no answer from ${new URL(url).origin}`;
    throw new ChatProblem({ code: 'unreachable', detail, retryable: true, cause });
  }
}

async function readBody(response: Response): Promise<unknown> {
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  try {
    const text = await response.text();
    if (text === '') return undefined;
    return isJson ? JSON.parse(text) : text;
  } catch (cause) {
    const detail = 'The answer broke off';
    throw new ChatProblem({ code: 'unreachable', detail, status: response.status, retryable: true, cause });
  }
}

/** Only the query counts: the address in the header is relative to wherever the function believes it is. */
function nextQuery(link: string | null): Record<string, string> | undefined {
  const address = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  if (address === undefined) return undefined;
  return Object.fromEntries(new URLSearchParams(address.slice(address.indexOf('?') + 1)));
}
