/** Starts a gateway on a free port with scripted functions, and records their calls. */
import { EventEmitter, once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { InvocationResult } from '../../../local/functions/invocation.ts';
import { createGateway, type GatewayOptions } from '../../../local/gateway/gateway.ts';
import type { HttpApiDefinition, Route } from '../../../local/stack.ts';

/** The members of HTTP and WebSocket events that the tests read. */
export interface SeenEvent {
  requestContext: Record<string, unknown> & { connectionId: string; requestId: string; routeKey: string };
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
  queryStringParameters?: Record<string, string>;
  pathParameters?: Record<string, string>;
  cookies?: string[];
  rawPath: string;
  rawQueryString: string;
  body?: string;
  isBase64Encoded: boolean;
}
export interface Call {
  functionId: string;
  event: SeenEvent;
}
/** Stands in for a Lambda function: its return value is the result, a thrown error the failure. */
export type ScriptedFunction = (event: SeenEvent) => unknown;

/** Returned by a scripted function whose result must not be valid JSON. */
export class NotJson {
  readonly text = 'not json';
}

export interface StartOptions {
  functions?: Record<string, ScriptedFunction>;
  httpRoutes?: string[];
  httpStage?: string;
  cors?: HttpApiDefinition['cors'];
  webSocketRoutes?: Route[];
  edge?: GatewayOptions['edge'];
  limits?: GatewayOptions['limits'];
  internal?: GatewayOptions['internal'];
  log?: GatewayOptions['log'];
}

export const allWebSocketRoutes: Route[] = ['$connect', '$disconnect', '$default'].map((routeKey) => ({
  routeKey,
  functionId: routeKey,
}));

async function run(script: ScriptedFunction | undefined, event: SeenEvent): Promise<InvocationResult> {
  try {
    const value = await (script ? script(event) : { statusCode: 200 });
    return { ok: true, payload: value instanceof NotJson ? value.text : JSON.stringify(value ?? null) };
  } catch (error) {
    const errorMessage = String(error);
    return {
      ok: false,
      errorType: 'Error',
      errorMessage,
      timedOut: false,
      payload: JSON.stringify({ errorMessage }),
    };
  }
}

/** Starts a gateway that is closed when the test ends. A route's function has the route key as its id. */
export async function startGateway(options: StartOptions = {}) {
  const calls: Call[] = [];
  const callEvents = new EventEmitter().setMaxListeners(0);
  const gateway = createGateway({
    httpApi: {
      apiId: 'httpapi',
      stage: options.httpStage ?? '$default',
      routes: (options.httpRoutes ?? ['$default']).map((routeKey) => ({ routeKey, functionId: routeKey })),
      ...(options.cors && { cors: options.cors }),
    },
    webSocketApi: {
      apiId: 'wsapi',
      stage: 'local',
      routeSelectionExpression: '$request.body.type',
      routes: options.webSocketRoutes ?? allWebSocketRoutes,
    },
    edge: options.edge ?? [],
    invoke(functionId, event) {
      const call: Call = { functionId, event: JSON.parse(JSON.stringify(event)) };
      calls.push(call);
      callEvents.emit('call');
      return run(options.functions?.[functionId], call.event);
    },
    region: 'us-east-1',
    accountId: '123456789012',
    limits: { closeGraceSeconds: 1, ...options.limits },
    ...(options.internal && { internal: options.internal }),
    ...(options.log && { log: options.log }),
  });
  const port = await gateway.listen(0);
  onTestFinished(() => gateway.close());

  /** Waits for the call number `count` of a function, by default the first, and returns its event. */
  async function called(functionId: string, count = 1): Promise<SeenEvent> {
    for (;;) {
      const found = calls.filter((call) => call.functionId === functionId)[count - 1];
      if (found) return found.event;
      await once(callEvents, 'call');
    }
  }
  return { gateway, port, calls, called, ws: `ws://127.0.0.1:${port}` };
}
