/** What the gateway reports of its requests, for its metrics and access logs. */

/** How the function of a route answered. */
export interface IntegrationReport {
  /** The status that the function returned; undefined when it failed or did not answer in time. */
  status: number | undefined;
  latencyMs: number;
}

export interface RequestReport {
  /** The status of the answer; for a message, the status that stands for its outcome. */
  status: number;
  routeKey?: string;
  /** Absent when no function was called. */
  integration?: IntegrationReport;
}

export interface GatewayMeter {
  httpRequest(report: RequestReport & { latencyMs: number }): void;
  /** A handshake, a message from a client, or the end of a connection. */
  socketRequest(eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT', report: RequestReport): void;
  /** A message was sent to a client. */
  messagePosted(): void;
}
