/**
 * The settings of each deployment stage: the one file to edit before deploying.
 * Knows nothing of the resources that they shape.
 */
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

export interface Throttle {
  requestsPerSecond: number;
  burst: number;
}

export interface StageSettings {
  /** Keep table, secrets and logs when the stack is deleted, and refuse to delete the table. */
  keepsData: boolean;
  logRetentionDays: RetentionDays;
  accessTokenMinutes: number;
  refreshTokenDays: number;
  rotateRefreshTokens: boolean;
  blacklistAfterRotation: boolean;
  /** A public room that somebody connects to, and that does not exist, is made. */
  createRoomsOnConnect: boolean;
  /** Accept `?token=` at the handshake: it ends up in browser histories and proxy logs. */
  allowQueryToken: boolean;
  bcryptCost: number;
  /** Origins for CORS and for the WebSocket handshake; `*` for any. */
  allowedOrigins: string[];
  heartbeatSeconds: number;
  /** A socket is asked to come back after this, plus up to 15 % at random; the gateway cuts it after 120. */
  reconnectAfterMinutes: number;
  /** Failed logins for one account from one address in 15 minutes; ten times as many from all of them together. */
  loginFailuresPerAccount: number;
  /** Failed logins from one address in 15 minutes. */
  loginFailuresPerAddress: number;
  /** Logins that succeed; ten times as many from one address, for all accounts together. */
  loginsPerAccountPerHour: number;
  registrationsPerAddressPerHour: number;
  /** Messages, edits, deletions and other changes of one user, over HTTP and every socket together. */
  messagesPerUserPer10Seconds: number;
  /**
   * What all that one user does may cost in a minute, in micro-dollars: see docs/cost.md. A budget that is all but spent
   * still lets one more message through, so the bound is this and the cost of a message in the largest room.
   */
  microDollarsPerUserPerMinute: number;
  /** Light commands (ping, read, typing) and refused frames of one connection, for each instance that serves it. */
  commandBudgetPerConnectionPer10Seconds: number;
  /** How often a user may arrive in one room, since the others are told each time. */
  arrivalsPerUserAndRoomPer10Seconds: number;
  /** Sockets that one user may have open; 0 for no limit. */
  connectionsPerUser: number;
  lookupsPerUserPerMinute: number;
  /** By any way: on request, by a first socket, direct ones. */
  roomsPerUserPerHour: number;
  /** People whom one user may add to private rooms: they are not asked, and are told of each. */
  additionsPerUserPerHour: number;
  ticketsPerUserPerMinute: number;
  /** A CloudFront distribution that puts both APIs behind one address. */
  edge: boolean;
  httpThrottle: Throttle;
  webSocketThrottle: Throttle;
  /** Stream batches of one shard handled at once; the order of one partition key is kept. */
  streamParallelization: number;
  /** Who hears of an alarm. */
  alarmEmail?: string;
}

const prod: StageSettings = {
  keepsData: true,
  logRetentionDays: 90,
  accessTokenMinutes: 5,
  refreshTokenDays: 1,
  rotateRefreshTokens: true,
  blacklistAfterRotation: true,
  createRoomsOnConnect: true,
  allowQueryToken: false,
  bcryptCost: 11,
  allowedOrigins: [],
  heartbeatSeconds: 240,
  reconnectAfterMinutes: 100,
  loginFailuresPerAccount: 10,
  loginFailuresPerAddress: 100,
  loginsPerAccountPerHour: 100,
  registrationsPerAddressPerHour: 20,
  messagesPerUserPer10Seconds: 50,
  microDollarsPerUserPerMinute: 45_000,
  commandBudgetPerConnectionPer10Seconds: 300,
  arrivalsPerUserAndRoomPer10Seconds: 5,
  connectionsPerUser: 20,
  lookupsPerUserPerMinute: 60,
  roomsPerUserPerHour: 60,
  additionsPerUserPerHour: 120,
  ticketsPerUserPerMinute: 60,
  edge: true,
  httpThrottle: { requestsPerSecond: 2_000, burst: 1_000 },
  webSocketThrottle: { requestsPerSecond: 5_000, burst: 2_500 },
  streamParallelization: 10,
};

const dev: StageSettings = {
  ...prod,
  keepsData: false,
  logRetentionDays: 7,
  allowQueryToken: true,
  allowedOrigins: ['*'],
  httpThrottle: { requestsPerSecond: 200, burst: 200 },
  webSocketThrottle: { requestsPerSecond: 500, burst: 500 },
  streamParallelization: 2,
};

const local: StageSettings = {
  ...dev,
  bcryptCost: 8,
  loginFailuresPerAddress: 10_000,
  loginsPerAccountPerHour: 100_000,
  registrationsPerAddressPerHour: 100_000,
  messagesPerUserPer10Seconds: 1_000_000,
  microDollarsPerUserPerMinute: 1_000_000_000,
  commandBudgetPerConnectionPer10Seconds: 20_000,
  arrivalsPerUserAndRoomPer10Seconds: 1_000_000,
  connectionsPerUser: 0,
  lookupsPerUserPerMinute: 100_000,
  roomsPerUserPerHour: 1_000_000,
  additionsPerUserPerHour: 1_000_000,
  ticketsPerUserPerMinute: 100_000,
  httpThrottle: { requestsPerSecond: 10_000, burst: 5_000 },
  webSocketThrottle: { requestsPerSecond: 10_000, burst: 5_000 },
  streamParallelization: 1,
};

export const stages = { local, dev, prod };

export type StageName = keyof typeof stages;

function isStageName(stage: string): stage is StageName {
  return Object.hasOwn(stages, stage);
}

/** The settings of a stage; throws an error that names the stages there are. */
export function stageSettings(stage: string): StageSettings {
  if (!isStageName(stage)) {
    throw new Error(`Unknown stage "${stage}": choose one of ${Object.keys(stages).join(', ')}`);
  }
  return stages[stage];
}
