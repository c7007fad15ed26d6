/**
 * The access logs of both APIs. They hold no query string, header or path, since those may contain tokens, tickets and
 * names.
 */
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, type IAccessLogSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { addLogGroup } from './log-group.ts';
import { countThrottles } from './monitoring/log-metrics.ts';
import type { StageSettings } from './stages.ts';

const commonFields = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  routeKey: '$context.routeKey',
  status: '$context.status',
  // Of the function's answer; $context.integrationStatus is that of Lambda, which is 200 also when the function fails.
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integrationLatency',
  error: '$context.error.message',
};

/** Fields of one line of the HTTP API's access log. */
export const httpLogFields = {
  ...commonFields,
  method: '$context.httpMethod',
  protocol: '$context.protocol',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
};

/** Fields of one line of the WebSocket API's access log. */
export const webSocketLogFields = {
  ...commonFields,
  eventType: '$context.eventType',
  connectionId: '$context.connectionId',
};

const logs = {
  http: { id: 'HttpAccessLogs', fields: httpLogFields, throttles: 'ThrottledHttpRequests' },
  webSocket: { id: 'WebSocketAccessLogs', fields: webSocketLogFields, throttles: 'ThrottledSocketRequests' },
} as const;

/**
 * Creates the log group of an API, counts its throttled requests, and returns the settings that write one JSON line to it
 * for each request.
 */
export function accessLogs(
  scope: Construct,
  api: keyof typeof logs,
  settings: StageSettings,
): IAccessLogSettings {
  const { id, fields, throttles } = logs[api];
  const logGroup = addLogGroup(scope, id, settings);
  countThrottles(logGroup, throttles);
  return {
    destination: new LogGroupLogDestination(logGroup),
    format: AccessLogFormat.custom(JSON.stringify(fields)),
  };
}
