/** The event source mapping of the table's stream: which changes invoke the function, and what happens to failures. */
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

/** A record invokes the function when one of these matches. Lambda accepts at most five. */
const recordFilters = [
  // A connection was opened or removed, by TTL or otherwise.
  { eventName: ['INSERT', 'REMOVE'], dynamodb: sortKey('CONN') },
  // An item was stored that the function has to publish or continue.
  { eventName: ['INSERT'], dynamodb: { NewImage: { outbox: { S: ['stream'] } } } },
  // The removal of a member began, or a read marker moved.
  { eventName: ['MODIFY'], dynamodb: sortKey({ prefix: 'MEMBER#' }) },
  // A session was revoked.
  { eventName: ['REMOVE'], dynamodb: sortKey({ prefix: 'SESSION#' }) },
];

/** Adds the queue for stream records and invocations that failed at every attempt. */
export function addFailureQueue(scope: Construct): Queue {
  return new Queue(scope, 'Failures', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
}

/** Allows the function to read the stream, and invokes it with the records that match. */
export function addStreamMapping(
  table: TableV2,
  target: LambdaFunction,
  failures: Queue,
  settings: StageSettings,
): void {
  target.addToRolePolicy(
    new PolicyStatement({
      // Lambda refuses to create the mapping unless the role allows these four.
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
    // LATEST would skip records that are written while the mapping is created. Handling a record twice does no harm.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    maxBatchingWindow: Duration.seconds(0),
    parallelizationFactor: settings.streamParallelization,
    // Without these bounds a record that always fails would block its shard for a day.
    retryAttempts: 5,
    maxRecordAge: Duration.hours(1),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
    filters: recordFilters.map((filter) => FilterCriteria.filter(filter)),
  });
}
