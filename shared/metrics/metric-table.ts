/**
 * The metrics that the functions write, one row each. The alarms, the dashboard, docs/metrics.md and a test of the places
 * that count come from these rows. The functions import their types only, so that the rows are in no bundle.
 */
import { errorCodes, type ErrorCode } from '../contract/errors.ts';

const refusals = Object.keys(errorCodes) as ErrorCode[];

interface MetricRow {
  unit: 'Count' | 'Milliseconds';
  /** The values of the dimension `Reason`. The list is closed, since CloudWatch charges for each value. */
  reasons?: readonly string[];
  description: string;
  /** The files that count it. */
  countedIn: readonly string[];
}

export const metrics = {
  MessagesStored: {
    unit: 'Count',
    description:
      'Messages that were stored, over sockets and HTTP; repeats of a `client_id` are not counted.',
    countedIn: ['functions/message/commands/message.ts', 'functions/chat/handlers.ts'],
  },
  CommandsFailed: {
    unit: 'Count',
    description:
      'Frames that were answered with `try_again` or with nothing, because of an unexpected error.',
    countedIn: ['functions/message/index.ts'],
  },
  RequestsFailed: {
    unit: 'Count',
    description: 'HTTP requests whose handler failed and that were answered with a status of 500 or above.',
    countedIn: ['functions/docs/index.ts', 'shared/lambda/http-function.ts'],
  },
  ConnectionsOpened: {
    unit: 'Count',
    description: 'Handshakes that were accepted.',
    countedIn: ['functions/connect/index.ts'],
  },
  ConnectionsClosed: {
    unit: 'Count',
    description: 'Sockets that closed, as far as API Gateway reported it.',
    countedIn: ['functions/disconnect/index.ts'],
  },
  ConnectionTime: {
    unit: 'Milliseconds',
    description: 'How long each closed socket was open. API Gateway charges for these minutes.',
    countedIn: ['functions/disconnect/index.ts'],
  },
  DisconnectsFailed: {
    unit: 'Count',
    description: 'Closed sockets whose connection was not removed. It ends with its lease.',
    countedIn: ['functions/disconnect/index.ts'],
  },
  HandshakesRefused: {
    unit: 'Count',
    reasons: refusals,
    description: 'Handshakes that were refused, in all and by the code of the error.',
    countedIn: ['functions/connect/index.ts'],
  },
  WrongEdgeKeys: {
    unit: 'Count',
    description:
      'Requests and handshakes whose edge key was neither the current one nor the previous one. Many of them mean that the ' +
      'distribution sends an outdated key.',
    countedIn: ['shared/lambda/edge-key.ts'],
  },
  PostsSent: {
    unit: 'Count',
    description: 'Frames that API Gateway accepted for a socket.',
    countedIn: ['shared/realtime/connection-gateway.ts'],
  },
  PostsGone: {
    unit: 'Count',
    description: 'Frames for a socket that no longer exists.',
    countedIn: ['shared/realtime/connection-gateway.ts'],
  },
  PostsThrottled: {
    unit: 'Count',
    description:
      'Answers of 429 to posts and closings. Each is tried again, so a frame may count more than once.',
    countedIn: ['shared/realtime/connection-gateway.ts'],
  },
  PostsFailed: {
    unit: 'Count',
    description: 'Frames that may not have reached their socket after all tries.',
    countedIn: ['shared/realtime/connection-gateway.ts'],
  },
  ClosesFailed: {
    unit: 'Count',
    description: 'Sockets that were not closed after all tries.',
    countedIn: ['shared/realtime/connection-gateway.ts'],
  },
  FanOutTime: {
    unit: 'Milliseconds',
    description: 'From the first post of a fan-out until the last one has ended.',
    countedIn: ['shared/realtime/fan-out.ts'],
  },
  ActivityLag: {
    unit: 'Milliseconds',
    description:
      'From the moment at which the activity of a room was due until it was posted to the inboxes that watch the room.',
    countedIn: ['shared/realtime/inbox/send-activity.ts'],
  },
  ChangeLag: {
    unit: 'Milliseconds',
    description:
      'From the oldest change of a batch of the table stream until the batch was handled. The time of a change is known to the second.',
    countedIn: ['functions/table-stream/index.ts'],
  },
  FilesChecked: {
    unit: 'Count',
    description: 'Files that were checked and can be shown: attachments and profile pictures.',
    countedIn: ['functions/uploads/measure-checks.ts'],
  },
  FilesRefused: {
    unit: 'Count',
    reasons: ['file_empty', 'type_mismatch', 'unreadable_image', 'image_too_large'],
    description: 'Files that were checked and refused, in all and by the code of the problem.',
    countedIn: ['functions/uploads/measure-checks.ts'],
  },
  FileCheckTime: {
    unit: 'Milliseconds',
    description: 'How long the check of a file took, with the images that are made of it, without S3.',
    countedIn: ['functions/uploads/measure-checks.ts'],
  },
  SecretRefreshesFailed: {
    unit: 'Count',
    description:
      'Failed attempts to fetch the keys of a secret. Keys that were fetched within the last hour are used further.',
    countedIn: ['shared/lambda/secrets.ts'],
  },
  ChangesFailed: {
    unit: 'Count',
    description: 'Changes in the table stream whose handler failed. They are delivered again.',
    countedIn: ['functions/table-stream/index.ts'],
  },
  PromisesChecked: {
    unit: 'Count',
    description: 'Checks of the promises by the canary.',
    countedIn: ['functions/canary/index.ts'],
  },
  PromisesBroken: {
    unit: 'Count',
    description:
      'Checks of the canary that found a message lost, missed or out of order, or that could not be completed.',
    countedIn: ['functions/canary/index.ts'],
  },
  DeliveryTime: {
    unit: 'Milliseconds',
    description: 'From the send of a message of the canary until its other user received it.',
    countedIn: ['functions/canary/index.ts'],
  },
} as const satisfies Record<string, MetricRow>;

export type MetricName = keyof typeof metrics;

/** Metrics of which an invocation writes the sum. */
export type CounterName = {
  [N in MetricName]: (typeof metrics)[N]['unit'] extends 'Count' ? N : never;
}[MetricName];

/** Metrics of which an invocation writes every value, so that percentiles can be read. */
export type DurationName = Exclude<MetricName, CounterName>;

/** The reason with which a metric is counted, for those that have the dimension. */
export type ReasonOf<N extends MetricName> = (typeof metrics)[N] extends {
  reasons: readonly (infer Reason extends string)[];
}
  ? [reason: Reason]
  : [];

/** All rows by name, with the types of their columns widened. */
export const metricRows = Object.entries(metrics) as [MetricName, MetricRow][];
