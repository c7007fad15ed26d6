/**
 * Every setting, one row each: its environment variable, what it accepts, its default in each deployment stage, and the
 * functions that read it. The functions' environments, their validation at cold start, the overrides at synthesis and
 * docs/settings.md come from these rows, so a setting is added or changed here and nowhere else.
 */
import { boolean, decimal, emailAddress, oneOf, origins, wholeNumber } from './parsers.ts';
import { everyStage, setting, type FunctionName, type Setting } from './setting.ts';

const limit = wholeNumber({ from: 1, to: 1_000_000 });

export const settings = {
  accessTokenLifetimeMinutes: setting({
    topic: 'Accounts',
    variable: 'ACCESS_TOKEN_LIFETIME_MINUTES',
    parser: decimal({ from: 0.01, to: 43_200 }),
    defaults: everyStage(5),
    readBy: ['accounts'],
    unit: 'minutes',
    description: 'How long an access token is valid.',
  }),
  refreshTokenLifetimeDays: setting({
    topic: 'Accounts',
    variable: 'REFRESH_TOKEN_LIFETIME_DAYS',
    parser: wholeNumber({ from: 1, to: 365 }),
    defaults: everyStage(1),
    readBy: ['accounts'],
    unit: 'days',
    description: 'How long a refresh token is valid.',
  }),
  rotateRefreshTokens: setting({
    topic: 'Accounts',
    variable: 'ROTATE_REFRESH_TOKENS',
    parser: boolean,
    defaults: everyStage(true),
    readBy: ['accounts'],
    description: 'Issue a new refresh token at every refresh.',
  }),
  blacklistAfterRotation: setting({
    topic: 'Accounts',
    variable: 'BLACKLIST_AFTER_ROTATION',
    parser: boolean,
    defaults: everyStage(true),
    readBy: ['accounts'],
    description: 'Refuse a refresh token once it has been exchanged for a new one.',
  }),
  bcryptCost: setting({
    topic: 'Accounts',
    variable: 'BCRYPT_COST',
    // Above 15 a hash takes longer than the 15 seconds that an invocation of `accounts` may last.
    parser: wholeNumber({ from: 4, to: 15 }),
    defaults: { local: 8, dev: 11, prod: 11 },
    readBy: ['accounts'],
    description: 'The cost of a password hash; one more doubles the time that it takes.',
  }),
  loginFailuresPerAccount: setting({
    topic: 'Accounts',
    variable: 'LOGIN_FAILURES_PER_ACCOUNT',
    parser: limit,
    defaults: everyStage(10),
    readBy: ['accounts'],
    unit: 'failures in 15 minutes',
    description:
      'Failed logins to one account from one address; ten times as many from all addresses together.',
  }),
  loginFailuresPerAddress: setting({
    topic: 'Accounts',
    variable: 'LOGIN_FAILURES_PER_ADDRESS',
    parser: limit,
    defaults: everyStage(100),
    readBy: ['accounts'],
    unit: 'failures in 15 minutes',
    description: 'Failed logins from one address, to all accounts together.',
  }),
  loginsPerAccountPerHour: setting({
    topic: 'Accounts',
    variable: 'LOGINS_PER_ACCOUNT_PER_HOUR',
    parser: limit,
    defaults: everyStage(100),
    readBy: ['accounts'],
    unit: 'logins an hour',
    description:
      'Successful logins to one account; ten times as many from one address, to all accounts together.',
  }),
  registrationsPerAddressPerHour: setting({
    topic: 'Accounts',
    variable: 'REGISTRATIONS_PER_ADDRESS_PER_HOUR',
    parser: limit,
    defaults: everyStage(20),
    readBy: ['accounts'],
    unit: 'registrations an hour',
    description: 'Registrations from one address.',
  }),

  createRoomsOnConnect: setting({
    topic: 'Connections',
    variable: 'CREATE_ROOMS_ON_CONNECT',
    parser: boolean,
    defaults: everyStage(true),
    readBy: ['chat', 'connect', 'message'],
    description: 'Create a public room when a user connects to a name that does not exist yet.',
  }),
  allowQueryToken: setting({
    topic: 'Connections',
    variable: 'ALLOW_QUERY_TOKEN',
    parser: boolean,
    defaults: { local: true, dev: true, prod: false },
    readBy: ['connect'],
    description:
      'Accept `?token=` at the handshake. Such tokens end up in browser histories and in the logs of proxies.',
  }),
  allowedOrigins: setting({
    topic: 'Connections',
    variable: 'ALLOWED_ORIGINS',
    parser: origins,
    defaults: { local: ['*'], dev: ['*'], prod: [] },
    readBy: ['connect'],
    description:
      'Origins whose pages may call the API and open sockets from a browser; `*` for any, empty for none.',
  }),
  heartbeatSeconds: setting({
    topic: 'Connections',
    variable: 'HEARTBEAT_SECONDS',
    // API Gateway closes a connection that was idle for 10 minutes.
    parser: wholeNumber({ from: 1, to: 540 }),
    defaults: everyStage(240),
    readBy: ['message', 'tableStream'],
    unit: 'seconds',
    description: 'How often a client must send a ping for its connection to count as alive.',
  }),
  reconnectAfterMinutes: setting({
    topic: 'Connections',
    variable: 'RECONNECT_AFTER_MINUTES',
    // API Gateway closes a connection after 120 minutes, and up to 15 % are added at random.
    parser: decimal({ from: 0.01, to: 100 }),
    defaults: everyStage(100),
    readBy: ['message', 'tableStream', 'fanOut'],
    unit: 'minutes',
    description: 'When the server asks a client to reconnect; up to 15 % are added at random.',
  }),

  messagesPerUserPer10Seconds: setting({
    topic: 'Limits of one user',
    variable: 'MESSAGES_PER_10_SECONDS',
    parser: limit,
    defaults: everyStage(50),
    readBy: ['accounts', 'chat', 'connect', 'message', 'tableStream'],
    unit: 'changes in 10 seconds',
    description: 'Messages, edits, deletions and other changes, over HTTP and all sockets together.',
  }),
  microDollarsPerUserPerMinute: setting({
    topic: 'Limits of one user',
    variable: 'MICRO_DOLLARS_PER_USER_PER_MINUTE',
    parser: wholeNumber({ from: 1, to: 1_000_000_000 }),
    defaults: everyStage(45_000),
    readBy: ['accounts', 'chat', 'connect', 'message', 'tableStream'],
    unit: 'micro-dollars a minute',
    description:
      'What the requests of one user may cost. A message is accepted as long as anything is left, so the bound is this ' +
      'value plus the cost of one message in the largest room. See [the cost of one user](cost.md#what-one-user-can-cost).',
  }),
  commandBudgetPerConnectionPer10Seconds: setting({
    topic: 'Limits of one user',
    variable: 'COMMAND_BUDGET_PER_10_SECONDS',
    parser: wholeNumber({ from: 10, to: 1_000_000 }),
    defaults: everyStage(300),
    readBy: ['message'],
    unit: 'commands in 10 seconds',
    description:
      'Light commands (ping, read, typing) and refused frames of one connection, counted by each function instance.',
  }),
  arrivalsPerUserAndRoomPer10Seconds: setting({
    topic: 'Limits of one user',
    variable: 'ARRIVALS_PER_10_SECONDS',
    parser: limit,
    defaults: everyStage(5),
    readBy: ['message', 'tableStream'],
    unit: 'arrivals in 10 seconds',
    description: 'How often a user may arrive in one room, since everyone in the room is notified each time.',
  }),
  connectionsPerUser: setting({
    topic: 'Limits of one user',
    variable: 'CONNECTIONS_PER_USER',
    parser: wholeNumber({ from: 0, to: 1_000 }),
    defaults: everyStage(20),
    readBy: ['chat', 'connect', 'tableStream'],
    unit: 'sockets',
    description: 'Sockets that a user may have open at the same time; 0 for no limit.',
  }),
  lookupsPerUserPerMinute: setting({
    topic: 'Limits of one user',
    variable: 'LOOKUPS_PER_USER_PER_MINUTE',
    parser: limit,
    defaults: everyStage(60),
    readBy: ['accounts'],
    unit: 'searches a minute',
    description: 'Searches for other users.',
  }),
  roomsPerUserPerHour: setting({
    topic: 'Limits of one user',
    variable: 'ROOMS_PER_USER_PER_HOUR',
    parser: limit,
    defaults: everyStage(60),
    readBy: ['chat', 'connect', 'message'],
    unit: 'rooms an hour',
    description: 'Rooms that a user may create: on request, by connecting to a new name, and direct rooms.',
  }),
  additionsPerUserPerHour: setting({
    topic: 'Limits of one user',
    variable: 'ADDITIONS_PER_USER_PER_HOUR',
    parser: limit,
    defaults: everyStage(120),
    readBy: ['chat'],
    unit: 'members an hour',
    description: 'Users that a user may add to private rooms, since those are not asked for consent.',
  }),
  ticketsPerUserPerMinute: setting({
    topic: 'Limits of one user',
    variable: 'TICKETS_PER_USER_PER_MINUTE',
    parser: limit,
    defaults: everyStage(60),
    readBy: ['chat'],
    unit: 'tickets a minute',
    description: 'Tickets for handshakes.',
  }),

  keepsData: setting({
    topic: 'Deployment',
    variable: 'KEEP_DATA',
    parser: boolean,
    defaults: { local: false, dev: false, prod: true },
    readBy: [],
    description:
      'Protect the stack and the table against deletion, and keep table, secrets and logs when the stack is deleted.',
  }),
  logRetentionDays: setting({
    topic: 'Deployment',
    variable: 'LOG_RETENTION_DAYS',
    // The values that CloudWatch Logs offers up to five years.
    parser: oneOf(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827),
    defaults: { local: 7, dev: 7, prod: 90 },
    readBy: [],
    unit: 'days',
    description: 'How long the logs of functions and APIs are kept.',
  }),
  hasEdge: setting({
    topic: 'Deployment',
    variable: 'EDGE_DISTRIBUTION',
    parser: boolean,
    defaults: everyStage(true),
    readBy: [],
    description: 'Deploy a CloudFront distribution that puts both APIs behind one address.',
  }),
  httpRequestsPerSecond: setting({
    topic: 'Deployment',
    variable: 'HTTP_REQUESTS_PER_SECOND',
    parser: limit,
    defaults: { local: 200, dev: 200, prod: 2_000 },
    readBy: [],
    unit: 'requests a second',
    description: 'Throttle of the HTTP API, for all its clients together.',
  }),
  httpRequestBurst: setting({
    topic: 'Deployment',
    variable: 'HTTP_REQUEST_BURST',
    parser: limit,
    defaults: { local: 200, dev: 200, prod: 1_000 },
    readBy: [],
    unit: 'requests',
    description: 'Requests that the HTTP API accepts at once.',
  }),
  webSocketRequestsPerSecond: setting({
    topic: 'Deployment',
    variable: 'WEBSOCKET_REQUESTS_PER_SECOND',
    parser: limit,
    defaults: { local: 500, dev: 500, prod: 5_000 },
    readBy: [],
    unit: 'handshakes and frames a second',
    description: 'Throttle of the WebSocket API, for all its clients together.',
  }),
  webSocketRequestBurst: setting({
    topic: 'Deployment',
    variable: 'WEBSOCKET_REQUEST_BURST',
    parser: limit,
    defaults: { local: 500, dev: 500, prod: 2_500 },
    readBy: [],
    unit: 'handshakes and frames',
    description: 'Handshakes and frames that the WebSocket API accepts at once.',
  }),
  streamParallelization: setting({
    topic: 'Deployment',
    variable: 'STREAM_PARALLELIZATION',
    parser: wholeNumber({ from: 1, to: 10 }),
    defaults: { local: 1, dev: 2, prod: 10 },
    readBy: [],
    unit: 'batches',
    description:
      'Stream batches of one shard that are handled at the same time; the order within a partition key is kept.',
  }),
  alarmEmail: setting({
    topic: 'Deployment',
    variable: 'ALARM_EMAIL',
    parser: emailAddress,
    defaults: everyStage(undefined),
    readBy: [],
    description: 'The address that alarms are sent to; without one they are visible in CloudWatch only.',
  }),
} satisfies Record<string, Setting>;

export type Settings = typeof settings;
export type SettingName = keyof Settings;

type ValueOf<Row> = Row extends Setting<infer T> ? T : never;

/** The values of all settings in one deployment stage. */
export type StageSettings = { [Name in SettingName]: ValueOf<Settings[Name]> };

/** The names of the settings that a function may read. */
export type SettingsReadBy<F extends FunctionName> = {
  [Name in SettingName]: F extends Settings[Name]['readBy'][number] ? Name : never;
}[SettingName];

/** All rows by name, with the types of their values erased. */
export const settingRows: readonly (readonly [SettingName, Setting])[] = Object.entries(settings) as [
  SettingName,
  Setting,
][];
