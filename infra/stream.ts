/** The table's stream as the outbox: which changes are handed to which functions, and what becomes of failures. */
import { Duration } from 'aws-cdk-lib/core';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  StartingPosition,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { letSendTo } from './invocations.ts';
import type { StageSettings } from './stages.ts';

const sortKey = (condition: unknown) => ({ Keys: { sk: { S: [condition] } } });

/** A record passes when one of these matches; five are the most that Lambda takes. */
const reactedTo = [
  // A connection opened, or gone, also by TTL.
  { eventName: ['INSERT', 'REMOVE'], dynamodb: sortKey('CONN') },
  // Something that its writer left to be published.
  { eventName: ['INSERT'], dynamodb: { NewImage: { outbox: { S: ['stream'] } } } },
  // A member whose removal has begun, or whose read marker moved.
  { eventName: ['MODIFY'], dynamodb: sortKey({ prefix: 'MEMBER#' }) },
  // A session revoked.
  { eventName: ['REMOVE'], dynamodb: sortKey({ prefix: 'SESSION#' }) },
];

/** Where records go that could not be handled. */
export function addFailureQueue(scope: Construct): Queue {
  return new Queue(scope, 'Failures', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
}

/** Lets the function read the stream, and Lambda feed it with the records it reacts to. */
export function addStreamMapping(
  table: TableV2,
  target: LambdaFunction,
  failures: Queue,
  settings: StageSettings,
): void {
  target.addToRolePolicy(
    new PolicyStatement({
      // The four that Lambda checks on the stream before it makes the mapping.
      actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
        (action) => `dynamodb:${action}`,
      ),
      resources: [table.tableStreamArn!],
    }),
  );
  letSendTo(failures, target);
  new EventSourceMapping(target, 'Stream', {
    target,
    eventSourceArn: table.tableStreamArn,
    // LATEST would skip what is written while the mapping is made; a reaction done twice does no harm.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    maxBatchingWindow: Duration.seconds(0),
    parallelizationFactor: settings.streamParallelization,
    // Without bounds a record that always fails would hold up its shard for a day.
    retryAttempts: 5,
    maxRecordAge: Duration.hours(1),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
    filters: reactedTo.map((filter) => FilterCriteria.filter(filter)),
  });
}
