/** The quotas of API Gateway and CloudFront that the gateway enforces. */

export interface GatewayLimits {
  /** A socket without a message in either direction for this long is closed with 1001. */
  idleSeconds: number;
  /** CloudFront drops a WebSocket whose origin sent nothing for this long, whatever the client sent. */
  edgeIdleSeconds: number;
  maxConnectionSeconds: number;
  webSocketIntegrationSeconds: number;
  httpIntegrationSeconds: number;
  frameBytes: number;
  messageBytes: number;
  /** A post is answered with 429 while more than this many bytes for the client are unsent. */
  clientBufferBytes: number;
  httpPayloadBytes: number;
  headerBytes: number;
  connectionsPerSecond: number;
  requestsPerSecond: number;
  requestBurst: number;
  /** Whether a ping frame from the client counts as activity, which AWS does not document. */
  pingResetsIdle: boolean;
  /** How long `close()` waits for clients, requests and `$disconnect` before it cuts them. */
  closeGraceSeconds: number;
  /** Divides the time limits of sockets: with 600, ten minutes become one second. */
  scale: number;
}

const awsLimits: GatewayLimits = {
  idleSeconds: 600,
  edgeIdleSeconds: 600,
  maxConnectionSeconds: 7200,
  webSocketIntegrationSeconds: 29,
  httpIntegrationSeconds: 30,
  frameBytes: 32 * 1024,
  messageBytes: 128 * 1024,
  clientBufferBytes: 1024 * 1024,
  httpPayloadBytes: 10 * 1024 * 1024,
  headerBytes: 10_240,
  connectionsPerSecond: 500,
  requestsPerSecond: 10_000,
  requestBurst: 5_000,
  pingResetsIdle: false,
  closeGraceSeconds: 3,
  scale: 1,
};

/** Returns the limits of AWS, some of them replaced. */
export function gatewayLimits(overrides: Partial<GatewayLimits> = {}): GatewayLimits {
  return { ...awsLimits, ...overrides };
}

/** Converts one of the scaled limits from seconds to milliseconds. */
export function scaledMs(limits: GatewayLimits, seconds: number): number {
  return (seconds * 1000) / limits.scale;
}
