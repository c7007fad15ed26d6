/**
 * Bounds the requests of the SDK's clients, which wait without end unless they are given time limits. While a function is
 * frozen its idle sockets may be dropped without notice: a request over one of them is never answered.
 */
import * as http from 'node:http';
import * as https from 'node:https';

export interface ClientBounds {
  /** How long one try may take, connecting included. */
  tryMs: number;
  maxTries: number;
}

/** The part of a client's configuration that ends a request which hangs, and tries it again. */
interface BoundedConfig {
  maxAttempts: number;
  requestHandler: {
    connectionTimeout: number;
    requestTimeout: number;
    throwOnRequestTimeout: true;
    httpAgent: http.Agent;
    httpsAgent: https.Agent;
  };
}

type Handler<Input, Output> = (input: Input) => Promise<Output>;

/** What is used of an SDK client. */
interface Client {
  middlewareStack: {
    add(
      middleware: <Input, Output>(next: Handler<Input, Output>) => Handler<Input, Output>,
      options: { step: 'deserialize'; name: string },
    ): void;
  };
}

/** More than a function has requests at the same time, so that none of them waits for a socket. */
const agentOptions = { keepAlive: true, maxSockets: 100 };

/**
 * Sockets of a client that was not used for longer are opened again, which takes some 20 ms. How long AWS keeps an idle
 * connection is not documented.
 */
const maxIdleMs = 60_000;

/**
 * Creates a client with the configuration that bounds its requests. When a request is not answered, all idle sockets are
 * closed, since they were idle for as long: otherwise each try would meet another dead one.
 */
export function boundedClient<C extends Client>(
  { tryMs, maxTries }: ClientBounds,
  create: (config: BoundedConfig) => C,
): C {
  const agents = { httpAgent: new http.Agent(agentOptions), httpsAgent: new https.Agent(agentOptions) };
  const client = create({
    maxAttempts: maxTries,
    requestHandler: {
      connectionTimeout: tryMs,
      requestTimeout: tryMs,
      throwOnRequestTimeout: true,
      ...agents,
    },
  });
  let usedAtMs = Date.now();
  // In this step the middleware runs for each try.
  client.middlewareStack.add(
    (next) => async (input) => {
      // The wall clock passes while a function is frozen; timers do not.
      if (Date.now() - usedAtMs > maxIdleMs) closeIdleSockets(agents);
      usedAtMs = Date.now();
      try {
        return await next(input);
      } catch (error) {
        if (error instanceof Error && error.name === 'TimeoutError') closeIdleSockets(agents);
        throw error;
      }
    },
    { step: 'deserialize', name: 'closeDeadSockets' },
  );
  return client;
}

function closeIdleSockets({
  httpAgent,
  httpsAgent,
}: {
  httpAgent: http.Agent;
  httpsAgent: https.Agent;
}): void {
  for (const { freeSockets } of [httpAgent, httpsAgent])
    for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
}
