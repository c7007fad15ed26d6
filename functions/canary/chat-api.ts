/** HTTP requests to a deployed chat API as any client sends them. */

/** The public addresses of a deployment stage. */
export interface ChatAddresses {
  /** Without a slash at its end, such as `https://d111.cloudfront.net`. */
  http: string;
  /** To which the query of a handshake is added, such as `wss://d111.cloudfront.net/ws`. */
  webSocket: string;
}

/**
 * Returns the addresses of a stage. Behind the edge distribution and in the local runtime, sockets have the path `/ws` of the
 * same address; without a distribution the WebSocket API has an address of its own.
 */
export function chatAddresses(url: string, webSocketUrl?: string): ChatAddresses {
  const http = url.replace(/\/+$/, '');
  return { http, webSocket: webSocketUrl ?? `${http.replace(/^http/, 'ws')}/ws` };
}

/** The API answered with another status than the request expects. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;

  constructor(request: string, status: number, text: string) {
    super(`${request} answered ${status}: ${text.slice(0, 300)}`);
    this.status = status;
  }
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** The statuses that mean success. */
  expected: readonly number[];
  /** Sent as a bearer token. */
  token?: string;
  /** Sent as JSON. */
  body?: object;
}

const requestTimeoutMs = 15_000;

export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/**
 * Sends a request and returns its answer, whatever its status; a redirect is not followed.
 * @throws Error with the reason when there is no answer
 */
export async function sendRequest(
  { http }: Pick<ChatAddresses, 'http'>,
  path: string,
  request: Pick<RequestInit, 'method' | 'headers' | 'body'>,
): Promise<ApiAnswer> {
  try {
    const response = await fetch(http + path, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (cause) {
    // `fetch` hides the reason, such as a refused connection, in the error's cause.
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new Error(`${request.method} ${path} has no answer: ${String(reason)}`, { cause });
  }
}

/**
 * Sends a request and returns the parsed body of its answer; undefined when the answer has none.
 * @throws UnexpectedAnswer for any other status than the expected ones
 */
export async function callApi<T = unknown>(
  addresses: Pick<ChatAddresses, 'http'>,
  { method, path, expected, token, body }: ApiRequest,
): Promise<T> {
  const { status, text } = await sendRequest(addresses, path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!expected.includes(status)) throw new UnexpectedAnswer(`${method} ${path}`, status, text);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
