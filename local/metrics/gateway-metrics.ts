/** The metrics and access log lines that API Gateway has of its requests. */
import type { GatewayMeter, RequestReport } from '../gateway/gateway-meter.ts';
import type { AccessLogDefinition, LocalStack } from '../stack.ts';
import type { ObserveLogLine } from './log-filter.ts';
import type { MetricStore, PutValue } from './metric-store.ts';

/** Creates the gateway's meter; `observe` receives the lines of the access logs. */
export function createGatewayMetrics(
  { httpApi, webSocketApi }: Pick<LocalStack, 'httpApi' | 'webSocketApi'>,
  store: MetricStore,
  observe: ObserveLogLine,
): GatewayMeter {
  const seriesOf =
    (apiId: string) =>
    (name: string): PutValue =>
      store.series({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId: apiId } });
  const http = seriesOf(httpApi.apiId);
  const requests = {
    count: http('Count'),
    clientErrors: http('4xx'),
    serverErrors: http('5xx'),
    latency: http('Latency'),
    integrationLatency: http('IntegrationLatency'),
  };
  const socket = seriesOf(webSocketApi.apiId);
  const sockets = {
    connects: socket('ConnectCount'),
    messages: socket('MessageCount'),
    clientErrors: socket('ClientError'),
    executionErrors: socket('ExecutionError'),
    integrationErrors: socket('IntegrationError'),
    integrationLatency: socket('IntegrationLatency'),
  };

  return {
    httpRequest(report) {
      requests.count(1);
      requests.clientErrors(report.status >= 400 && report.status < 500 ? 1 : 0);
      requests.serverErrors(report.status >= 500 ? 1 : 0);
      requests.latency(report.latencyMs);
      if (report.integration !== undefined) requests.integrationLatency(report.integration.latencyMs);
      writeAccessLog(httpApi.accessLog, report, observe);
    },
    socketRequest(eventType, report) {
      const { integration } = report;
      if (eventType === 'MESSAGE') sockets.messages(1);
      if (integration === undefined) sockets.clientErrors(1);
      else {
        if (eventType === 'CONNECT') sockets.connects(1);
        sockets.integrationLatency(integration.latencyMs);
        // A function that returns an error counts here, also one that refuses a handshake.
        sockets.integrationErrors((integration.status ?? 0) >= 400 ? 1 : 0);
        sockets.executionErrors(integration.status === undefined ? 1 : 0);
      }
      writeAccessLog(webSocketApi.accessLog, { ...report, eventType }, observe);
    },
    messagePosted: () => sockets.messages(1),
  };
}

/** Writes one line in the format of the stage; variables that the runtime does not know are a hyphen, as on AWS. */
function writeAccessLog(
  accessLog: AccessLogDefinition | undefined,
  { status, routeKey, integration, eventType }: RequestReport & { eventType?: string },
  observe: ObserveLogLine,
): void {
  if (accessLog === undefined) return;
  const integrationStatus = integration?.status;
  const variables: Record<string, string | number | undefined> = {
    status,
    routeKey,
    eventType,
    integrationStatus,
    'integration.status': integrationStatus,
  };
  observe(
    accessLog.logGroup,
    accessLog.format.replaceAll(/\$context\.([\w.]+)/g, (_whole, name: string) =>
      String(variables[name] ?? '-'),
    ),
  );
}
