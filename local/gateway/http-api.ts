/** The HTTP API: takes one request from throttling to its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpApiDefinition } from '../stack.ts';
import { corsHeaders, isPreflight } from './cors.ts';
import { messageAnswer, writeAnswer, type GatewayAnswer } from './gateway-answer.ts';
import type { GatewayRequest, GatewayLog } from './gateway-request.ts';
import { httpEvent, type HttpEventContext, type RoutedRequest } from './http-event.ts';
import { httpResult } from './http-result.ts';
import { compileRoutes } from './http-routes.ts';
import type { Integration } from './integration.ts';
import type { GatewayMeter, IntegrationReport } from './gateway-meter.ts';
import type { GatewayLimits } from './limits.ts';
import { readBody } from './request-body.ts';
import { newRequestId } from './request-ids.ts';
import type { TakeToken } from './token-bucket.ts';

export interface HttpApiOptions {
  definition: HttpApiDefinition;
  limits: GatewayLimits;
  integration: Integration;
  takeRequest: TakeToken;
  accountId: string;
  region: string;
  log?: GatewayLog;
  meter?: GatewayMeter;
}

export type HttpApi = (request: GatewayRequest, incoming: IncomingMessage, response: ServerResponse) => void;

interface Exchange {
  request: GatewayRequest;
  response: ServerResponse;
  startedAtMs: number;
  /** The route that matched, and what its function answered. */
  routeKey?: string;
  integration?: IntegrationReport;
}

/** The decoded path: API Gateway decodes even the path that it passes to functions as `rawPath`. */
function decodeSegments(path: string): string[] | undefined {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Creates the HTTP API; throws when a route key is not supported. */
export function createHttpApi(options: HttpApiOptions): HttpApi {
  const { definition, limits, integration, log } = options;
  const { cors, stage, apiId } = definition;
  const context: HttpEventContext = { accountId: options.accountId, apiId, region: options.region, stage };
  const matchRoute = compileRoutes(definition.routes);
  const timeoutMs = limits.httpIntegrationSeconds * 1000;

  function send(exchange: Exchange, answer: GatewayAnswer, requestId: string): void {
    const { request, response, startedAtMs, routeKey, integration: report } = exchange;
    options.meter?.httpRequest({
      status: answer.status,
      latencyMs: performance.now() - startedAtMs,
      ...(routeKey !== undefined && { routeKey }),
      ...(report && { integration: report }),
    });
    answer.headers.push('apigw-requestid', requestId);
    if (cors) answer.headers.push(...corsHeaders(cors, request));
    writeAnswer(response, answer);
  }

  async function callRoute(exchange: Exchange, routed: RoutedRequest): Promise<void> {
    const { request } = exchange;
    const startedAtMs = performance.now();
    const { requestId, event } = httpEvent(context, request, routed);
    const outcome = await integration.call(routed.match.route.functionId, event, timeoutMs);
    const { answer, problem } = httpResult(outcome, cors !== undefined);
    exchange.routeKey = routed.match.route.routeKey;
    exchange.integration = {
      status: problem === undefined ? answer.status : undefined,
      latencyMs: performance.now() - startedAtMs,
    };
    // The query is not logged, because it may contain a token.
    log?.('HTTP request', {
      method: request.method,
      path: routed.path,
      status: answer.status,
      milliseconds: Math.round(performance.now() - startedAtMs),
      requestId,
      ...(problem !== undefined && { problem }),
    });
    send(exchange, answer, requestId);
  }

  return (request, incoming, response) => {
    const exchange: Exchange = { request, response, startedAtMs: performance.now() };
    const refuse = (status: number, message: string): void =>
      send(exchange, messageAnswer(status, message), newRequestId());
    if (!options.takeRequest()) return refuse(429, 'Too Many Requests');
    const decoded = decodeSegments(request.path);
    if (!decoded) return refuse(400, 'Bad Request');
    // A named stage is the first segment of the path. The function receives it, but no route key contains it.
    if (stage !== '$default' && decoded[0] !== stage) return refuse(404, 'Not Found');
    const segments = stage === '$default' ? decoded : decoded.slice(1);
    const match = matchRoute(request.method, segments);
    if (!match) {
      if (!cors || !isPreflight(request)) return refuse(404, 'Not Found');
      return send(exchange, { status: 204, headers: [], body: Buffer.alloc(0) }, newRequestId());
    }
    readBody(incoming, limits.httpPayloadBytes, (body) => {
      if (!body) return refuse(413, 'Request Entity Too Large');
      callRoute(exchange, { path: `/${decoded.join('/')}`, match, body }).catch((error: unknown) => {
        log?.('An HTTP answer could not be sent', { error: String(error) });
        if (!response.headersSent) refuse(500, 'Internal Server Error');
        else response.destroy();
      });
    });
  };
}
