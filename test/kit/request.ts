/** Sends HTTP requests to any address; knows nothing of the project. */

export interface Answer<T = any> {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON, text otherwise, undefined when empty. */
  body: T;
}

export interface RequestOptions {
  /** Sent as a bearer token. */
  token?: string | undefined;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent unchanged, instead of `body`. */
  raw?: string | Uint8Array;
  headers?: Record<string, string>;
  /** A request that takes longer rejects; there is no limit by default. */
  timeoutMs?: number;
}

/** Sends one request and reads the whole answer, whatever its status; redirects are not followed. */
export async function request<T = any>(
  url: string,
  method: string,
  { token, body, raw, headers, timeoutMs }: RequestOptions = {},
): Promise<Answer<T>> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: timeoutMs === undefined ? null : AbortSignal.timeout(timeoutMs),
    body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    headers: {
      ...(raw === undefined && body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : isJson ? JSON.parse(text) : text) as T,
  };
}

/** Returns the body of an answer that has the expected status; throws otherwise. */
export async function bodyOf(status: number, answering: Promise<Answer>): Promise<any> {
  const answer = await answering;
  if (answer.status === status) return answer.body;
  throw new Error(`Expected status ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Returns the statuses of the answers in ascending order. */
export const statusesOf = (answers: Answer[]): number[] =>
  answers.map(({ status }) => status).sort((one, other) => one - other);
