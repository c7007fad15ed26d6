/** The HTTP API: its stage, CORS and throttling. Its routes are in functions.ts. */
import { Duration } from 'aws-cdk-lib/core';
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type CorsPreflightOptions,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { accessLogs } from './access-logs.ts';
import type { DeployedFunction } from './rollout.ts';
import type { StageSettings } from './stages.ts';

/**
 * The headers that the API reads, and those that HTTP clients and tracing tools add by themselves: a browser asks for each
 * of them in the preflight, and does not send the request when one is missing here.
 */
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'X-Requested-With',
  'X-Request-Id',
  'X-Correlation-Id',
  'X-Amzn-Trace-Id',
  // W3C Trace Context and Baggage, which OpenTelemetry sends.
  'Traceparent',
  'Tracestate',
  'Baggage',
  'Sentry-Trace',
  // Zipkin
  'B3',
  'X-B3-TraceId',
  'X-B3-SpanId',
  'X-B3-ParentSpanId',
  'X-B3-Sampled',
  'X-B3-Flags',
  // Datadog
  'X-Datadog-Trace-Id',
  'X-Datadog-Parent-Id',
  'X-Datadog-Origin',
  'X-Datadog-Sampling-Priority',
  'Newrelic',
];

function cors(settings: StageSettings): CorsPreflightOptions | undefined {
  if (settings.allowedOrigins.length === 0) return undefined;
  return {
    allowOrigins: settings.allowedOrigins,
    allowMethods: [CorsHttpMethod.ANY],
    allowHeaders: allowedHeaders,
    exposeHeaders: ['Link', 'Retry-After'],
    maxAge: Duration.hours(2),
  };
}

/** Adds the API with its `$default` stage, without routes. */
export function addHttpApi(scope: Construct, stage: string, settings: StageSettings): HttpApi {
  const api = new HttpApi(scope, 'HttpApi', {
    apiName: `serverless-chat-${stage}`,
    createDefaultStage: false,
    corsPreflight: cors(settings),
  });
  new HttpStage(scope, 'HttpStage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: {
      rateLimit: settings.httpRequestsPerSecond,
      burstLimit: settings.httpRequestBurst,
    },
    accessLogSettings: accessLogs(scope, 'http', settings),
  });
  return api;
}

function parseRouteKey(routeKey: string): HttpRouteKey {
  if (routeKey === '$default') return HttpRouteKey.DEFAULT;
  const [verb, path] = routeKey.split(' ');
  const method = Object.entries(HttpMethod).find(([name]) => name === verb)?.[1];
  if (!method || !path)
    throw new Error(`"${routeKey}" is not a route key, expected a method and a path, or $default`);
  return HttpRouteKey.with(path, method);
}

/** Routes the requests that match one of the keys to the function, through one integration. */
export function addHttpRoutes(
  httpApi: HttpApi,
  { lambda, target }: DeployedFunction,
  routeKeys: readonly string[],
): void {
  const integration = new HttpLambdaIntegration('Integration', target);
  for (const routeKey of routeKeys) {
    new HttpRoute(lambda, `HttpRoute ${routeKey.replaceAll('/', '.')}`, {
      httpApi,
      routeKey: parseRouteKey(routeKey),
      integration,
    });
  }
}
