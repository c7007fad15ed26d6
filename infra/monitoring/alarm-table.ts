/**
 * The alarms, one row each. The alarms of the stack, docs/metrics.md and the tests that no alarm is blind come from these
 * rows; docs/runbook.md has a section for each.
 */
import type { MetricName } from '../../shared/metrics/metric-table.ts';
import type { StageSettings } from '../stages.ts';

/** What a metric of AWS is about. A row with several such things makes an alarm for each of them. */
export type Subject =
  | 'function'
  | 'streamReader'
  | 'invokedFunction'
  | 'failingToQueue'
  | 'httpApi'
  | 'webSocketApi'
  | 'table'
  | 'failureQueue'
  | 'account';

export type AlarmMetric =
  | { kind: 'own'; name: MetricName; reason?: string }
  | { kind: 'aws'; namespace: string; name: string; of: Subject }
  /** Counted from log lines: those of functions by level, those of the APIs by status. */
  | { kind: 'logged'; name: 'LoggedErrors' | 'ThrottledHttpRequests' | 'ThrottledSocketRequests' };

export interface AlarmRow {
  metric: AlarmMetric;
  statistic: 'Sum' | 'Maximum' | 'p99';
  /** The alarm is raised at this value; for some it depends on the settings of the stage. */
  threshold: number | ((settings: StageSettings) => number);
  unit: 'count' | 'milliseconds';
  /** How many periods of five minutes in a row must reach the threshold; 1 when absent. */
  periods?: number;
  /** A sentence about what is happening, for the person who receives the alarm. */
  meaning: string;
}

/** How long each evaluated period is. */
export const alarmPeriodMinutes = 5;

/** The part of the account's concurrency at which there is still time to act. */
const busyShare = 0.8;

const lambda = (name: string, of: Subject): AlarmMetric => ({
  kind: 'aws',
  namespace: 'AWS/Lambda',
  name,
  of,
});
const gateway = (name: string, of: Subject): AlarmMetric => ({
  kind: 'aws',
  namespace: 'AWS/ApiGateway',
  name,
  of,
});
const own = (name: MetricName, reason?: string): AlarmMetric => ({
  kind: 'own',
  name,
  ...(reason === undefined ? {} : { reason }),
});
const counted = (metric: AlarmMetric, threshold: number, meaning: string): AlarmRow => ({
  metric,
  statistic: 'Sum',
  threshold,
  unit: 'count',
  meaning,
});
const slow = (metric: AlarmMetric, threshold: number, meaning: string): AlarmRow => ({
  metric,
  statistic: 'p99',
  threshold,
  unit: 'milliseconds',
  periods: 3,
  meaning,
});
const late = (metric: AlarmMetric, threshold: number, meaning: string): AlarmRow => ({
  metric,
  statistic: 'Maximum',
  threshold,
  unit: 'milliseconds',
  meaning,
});

export const alarms = {
  FunctionErrors: counted(
    lambda('Errors', 'function'),
    5,
    'Invocations of a function crash, time out or throw.',
  ),
  FunctionThrottles: counted(
    lambda('Throttles', 'function'),
    1,
    'Invocations of a function are refused, since no concurrency is left.',
  ),
  LoggedErrors: counted(
    { kind: 'logged', name: 'LoggedErrors' },
    5,
    'Functions log errors, including those that no client notices.',
  ),
  CommandsFailed: counted(own('CommandsFailed'), 5, 'Commands on sockets fail for an unexpected reason.'),
  RequestsFailed: counted(own('RequestsFailed'), 5, 'HTTP requests fail for an unexpected reason.'),
  HandshakesFailed: counted(
    own('HandshakesRefused', 'internal_error'),
    5,
    'Sockets do not open, for an unexpected reason.',
  ),
  HandshakesRefused: counted(
    own('HandshakesRefused'),
    100,
    'Many handshakes are refused: clients have no valid credential, or someone is guessing.',
  ),
  DisconnectsFailed: counted(
    own('DisconnectsFailed'),
    5,
    'Connections of closed sockets are not removed, so their users seem to be present.',
  ),
  PromisesBroken: {
    ...counted(
      own('PromisesBroken'),
      1,
      'The canary finds messages lost, missed or out of order, or cannot chat at all.',
    ),
    periods: 2,
  },
  ChangesFailed: counted(
    own('ChangesFailed'),
    5,
    'Changes in the table stream are not handled: welcomes, evictions or published entries fail.',
  ),
  SecretRefreshesFailed: counted(
    own('SecretRefreshesFailed'),
    5,
    'Keys cannot be fetched again: after an hour, functions that stay warm accept no token.',
  ),
  WrongEdgeKeys: counted(
    own('WrongEdgeKeys'),
    100,
    'Requests carry a key that the edge does not have: the edge sends an outdated one, or a client guesses.',
  ),
  PostsFailed: counted(own('PostsFailed'), 50, 'Frames do not reach sockets that are open.'),
  PostsThrottled: counted(
    own('PostsThrottled'),
    100,
    'API Gateway throttles posts to sockets, which delays every fan-out.',
  ),
  ClosesFailed: counted(
    own('ClosesFailed'),
    5,
    'Sockets stay open that should have been closed, such as those of users who signed out.',
  ),
  FanOutTime: slow(own('FanOutTime'), 5_000, 'Fan-outs take long: messages arrive late.'),
  ActivityLag: slow(own('ActivityLag'), 5_000, 'Lists of rooms learn late of what happens in them.'),
  ChangeLag: slow(own('ChangeLag'), 5_000, 'Changes in the table stream are handled late.'),
  FilesRefused: counted(
    own('FilesRefused'),
    100,
    'Many files are refused: a client declares them wrongly, or someone tries what is accepted.',
  ),
  FileCheckTime: slow(
    own('FileCheckTime'),
    10_000,
    'One check of a file in a hundred is slow: pictures appear late, and sends wait for them.',
  ),
  StreamLag: late(
    lambda('IteratorAge', 'streamReader'),
    60_000,
    'The table stream is more than a minute behind: a failing record holds it up, or the load is too high.',
  ),
  InvocationLag: late(
    lambda('AsyncEventAge', 'invokedFunction'),
    60_000,
    'Asynchronous invocations start more than a minute late.',
  ),
  FailedRecords: counted(
    { kind: 'aws', namespace: 'AWS/SQS', name: 'NumberOfMessagesSent', of: 'failureQueue' },
    1,
    'A change in the table stream or an asynchronous invocation failed at every attempt.',
  ),
  UndeliveredFailures: counted(
    lambda('DestinationDeliveryFailures', 'failingToQueue'),
    1,
    'A failed change or invocation was lost, since its failure destination could not be reached.',
  ),
  TableReadThrottles: counted(
    { kind: 'aws', namespace: 'AWS/DynamoDB', name: 'ReadThrottleEvents', of: 'table' },
    10,
    'DynamoDB throttles reads of the table or of its index.',
  ),
  TableWriteThrottles: counted(
    { kind: 'aws', namespace: 'AWS/DynamoDB', name: 'WriteThrottleEvents', of: 'table' },
    10,
    'DynamoDB throttles writes to the table or to its index.',
  ),
  AccountConcurrency: {
    metric: lambda('ClaimedAccountConcurrency', 'account'),
    statistic: 'Maximum',
    threshold: ({ accountConcurrency }) => Math.ceil(accountConcurrency * busyShare),
    unit: 'count',
    meaning: 'Most of the concurrency of the account is in use; beyond it, invocations are throttled.',
  },
  HttpServerErrors: counted(gateway('5xx', 'httpApi'), 5, 'HTTP clients receive answers of 5xx.'),
  HttpLatency: slow(gateway('Latency', 'httpApi'), 3_000, 'One HTTP request in a hundred is slow.'),
  HttpThrottles: counted(
    { kind: 'logged', name: 'ThrottledHttpRequests' },
    10,
    'API Gateway refuses HTTP requests with 429.',
  ),
  SocketThrottles: counted(
    { kind: 'logged', name: 'ThrottledSocketRequests' },
    10,
    'API Gateway refuses handshakes or frames with 429.',
  ),
  SocketErrors: counted(
    gateway('ExecutionError', 'webSocketApi'),
    5,
    'API Gateway cannot call the functions of the WebSocket API, or they crash.',
  ),
  SocketIntegrationErrors: counted(
    gateway('IntegrationError', 'webSocketApi'),
    200,
    'The functions of the WebSocket API answer with errors; refused handshakes count, too.',
  ),
  SocketLatency: slow(
    gateway('IntegrationLatency', 'webSocketApi'),
    3_000,
    'One frame or handshake in a hundred is slow.',
  ),
} as const satisfies Record<string, AlarmRow>;

export type AlarmName = keyof typeof alarms;

/** All rows by name, with the types of their columns widened. */
export const alarmRows = Object.entries(alarms) as [AlarmName, AlarmRow][];

/** Returns the threshold of an alarm in a stage. */
export function thresholdIn({ threshold }: AlarmRow, settings: StageSettings): number {
  return typeof threshold === 'number' ? threshold : threshold(settings);
}

/** Returns the link to the section of an alarm in the runbook. */
export function runbookLink(name: AlarmName, runbookUrl: string): string {
  return `${runbookUrl}#${name.toLowerCase()}`;
}
