/** The quotas of API Gateway and CloudFront that the gateway keeps, as data; it knows nothing of who keeps them. */

export interface GatewayLimits {
  /** No message in either direction for this long: closed with 1001. */
  idleSeconds: number;
  /** CloudFront cuts a WebSocket whose origin sent nothing for this long, whatever the client sent. */
  edgeIdleSeconds: number;
  maximumConnectionSeconds: number;
  webSocketIntegrationSeconds: number;
  httpIntegrationSeconds: number;
  frameBytes: number;
  messageBytes: number;
  /** Unsent bytes of one client above which a post is answered with 429. */
  clientBufferBytes: number;
  httpPayloadBytes: number;
  headerBytes: number;
  connectionsPerSecond: number;
  requestsPerSecond: number;
  requestBurst: number;
  /** AWS does not say whether a client's ping frame counts as activity, so by default it does not. */
  pingResetsIdle: boolean;
  /** How long `close()` waits for clients, requests and `$disconnect` before it cuts them off. */
  closeGraceSeconds: number;
  /** Divides the three times that a socket may live, the idle ones and the longest: 600 makes ten minutes a second. */
  scale: number;
}

const awsLimits: GatewayLimits = {
  idleSeconds: 600,
  edgeIdleSeconds: 600,
  maximumConnectionSeconds: 7200,
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

/** The limits of AWS, with some replaced. */
export function gatewayLimits(changed: Partial<GatewayLimits> = {}): GatewayLimits {
  return { ...awsLimits, ...changed };
}

/** A limit of a socket's life given in seconds, as milliseconds of a timer. */
export function scaledMilliseconds(limits: GatewayLimits, seconds: number): number {
  return (seconds * 1000) / limits.scale;
}
