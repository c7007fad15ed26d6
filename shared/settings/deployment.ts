/** Settings of the deployed resources, which no function reads. */
import {
  boolean,
  choice,
  decimal,
  emailAddress,
  limit,
  nonEmptyText,
  oneOf,
  variableNames,
  wholeNumber,
} from './parsers.ts';
import { everyStage, setting, type Setting } from './setting.ts';

export const deploymentSettings = {
  waivedSettings: setting({
    topic: 'Deployment',
    variable: 'WAIVED_SETTINGS',
    parser: variableNames,
    defaults: everyStage<string[]>([]),
    readBy: [],
    description:
      'Variables that the stage is deployed without although it requires them, such as `ALARM_EMAIL`, separated by commas.',
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
  pointInTimeRecoveryDays: setting({
    topic: 'Deployment',
    variable: 'POINT_IN_TIME_RECOVERY_DAYS',
    parser: wholeNumber({ from: 1, to: 35 }),
    defaults: { local: 1, dev: 1, prod: 35 },
    readBy: [],
    unit: 'days',
    description: 'How far back the table can be restored to any second.',
  }),
  tracePercent: setting({
    topic: 'Deployment',
    variable: 'TRACE_PERCENT',
    parser: decimal({ from: 0, to: 100 }),
    defaults: { local: 5, dev: 5, prod: 1 },
    readBy: [],
    unit: '% of invocations',
    description:
      'How many invocations X-Ray traces; 0 turns tracing off. See [the price](cost.md#what-observing-it-costs).',
  }),
  handshakeConcurrency: setting({
    topic: 'Deployment',
    variable: 'HANDSHAKE_CONCURRENCY',
    parser: wholeNumber({ from: 0, to: 1_000 }),
    defaults: everyStage(0),
    readBy: [],
    unit: 'executions',
    description:
      'Executions that Lambda sets aside for handshakes, which no other function can use up; also their limit. 0 for none. ' +
      'Lambda refuses a value that leaves less than 100 executions of the account to the other functions.',
  }),
  fanOutConcurrency: setting({
    topic: 'Deployment',
    variable: 'FAN_OUT_CONCURRENCY',
    parser: wholeNumber({ from: 0, to: 1_000 }),
    defaults: everyStage(0),
    readBy: [],
    unit: 'executions',
    description:
      'The executions that fan-out to large rooms may use at most, so that it cannot starve handshakes; they are set aside ' +
      'for it. 0 for no limit. Lambda refuses a value that leaves less than 100 executions to the other functions.',
  }),
  inboxConcurrency: setting({
    topic: 'Deployment',
    variable: 'INBOX_CONCURRENCY',
    parser: wholeNumber({ from: 0, to: 1_000 }),
    defaults: everyStage(0),
    readBy: [],
    unit: 'executions',
    description:
      'The executions that live room lists may use at most, each of which waits for up to four seconds, so that they cannot ' +
      'starve messages; they are set aside for them. 0 for no limit. Lambda refuses a value that leaves less than 100 ' +
      'executions to the other functions.',
  }),
  uploadsConcurrency: setting({
    topic: 'Deployment',
    variable: 'UPLOADS_CONCURRENCY',
    parser: wholeNumber({ from: 0, to: 1_000 }),
    defaults: everyStage(0),
    readBy: [],
    unit: 'executions',
    description:
      'The executions that checks of files may use at most, each of which takes up to some seconds, so that they cannot ' +
      'starve messages; they are set aside for them. 0 for no limit. Lambda refuses a value that leaves less than 100 ' +
      'executions to the other functions.',
  }),
  setsLogRole: setting({
    topic: 'Deployment',
    variable: 'SET_API_GATEWAY_LOG_ROLE',
    parser: boolean,
    defaults: everyStage(true),
    readBy: [],
    description:
      'Set the role with which API Gateway writes logs, which all APIs of the account and region share. Turn it off where ' +
      'such a role is set already.',
  }),
  rollout: setting({
    topic: 'Deployment',
    variable: 'ROLLOUT',
    parser: choice('AllAtOnce', 'Canary10Percent15Minutes', 'Linear10PercentEvery1Minute'),
    defaults: { local: 'AllAtOnce', dev: 'AllAtOnce', prod: 'Canary10Percent15Minutes' },
    readBy: [],
    description:
      'How a new version of the functions takes over. With steps, CodeDeploy goes back to the previous version when ' +
      'an alarm on errors goes off, and the whole deployment is taken back.',
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
  streamRecordMaxAgeMinutes: setting({
    topic: 'Deployment',
    variable: 'STREAM_RECORD_MAX_AGE_MINUTES',
    // The table's stream keeps a record for a day.
    parser: wholeNumber({ from: 1, to: 1_440 }),
    defaults: everyStage(10),
    readBy: [],
    unit: 'minutes',
    description:
      'How long a record of the table stream is retried before it is stored as failed. Until then it holds up the records behind it, so the time should cover a short outage, and no more.',
  }),
  canaryIntervalMinutes: setting({
    topic: 'Deployment',
    variable: 'CANARY_INTERVAL_MINUTES',
    parser: wholeNumber({ from: 0, to: 60 }),
    defaults: { local: 0, dev: 0, prod: 5 },
    readBy: ['canary'],
    unit: 'minutes',
    description:
      'How often the canary checks the promises, over the public addresses; 0 for never. It sends a few messages in a room of its own.',
  }),
  canaryMessages: setting({
    topic: 'Deployment',
    variable: 'CANARY_MESSAGES',
    parser: wholeNumber({ from: 2, to: 20 }),
    defaults: everyStage(6),
    readBy: ['canary'],
    unit: 'messages',
    description: 'Messages of one check of the canary; half of them are sent while their receiver is away.',
  }),
  alarmEmail: setting({
    topic: 'Deployment',
    variable: 'ALARM_EMAIL',
    parser: emailAddress,
    defaults: everyStage(undefined),
    readBy: [],
    description: 'The address that alarms are sent to; without one they are visible in CloudWatch only.',
    requiredIn: ['prod'],
  }),
  runbookUrl: setting({
    topic: 'Deployment',
    variable: 'RUNBOOK_URL',
    parser: nonEmptyText,
    defaults: everyStage('docs/runbook.md'),
    readBy: [],
    description: 'Where the people who receive alarms find the runbook; each alarm links to its section.',
  }),
  accountConcurrency: setting({
    topic: 'Deployment',
    variable: 'ACCOUNT_CONCURRENCY',
    parser: wholeNumber({ from: 1, to: 1_000_000 }),
    defaults: everyStage(1_000),
    readBy: [],
    unit: 'invocations',
    description:
      'The concurrency that the account may use in the region. An alarm is raised when four fifths are in use.',
  }),
} satisfies Record<string, Setting>;
