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
import { streamFilters, type StreamFilter } from '../shared/storage/stream-changes.ts';
import { grantSendTo } from './invocations.ts';
import type { StageSettings } from './stages.ts';

/** The pattern of a filter, in the syntax of Lambda's event filtering. */
function patternOf({ events, sortKey, sortKeyPrefix, mark }: StreamFilter): Record<string, unknown> {
  const sortKeys = [
    ...(sortKey === undefined ? [] : [sortKey]),
    ...(sortKeyPrefix === undefined ? [] : [{ prefix: sortKeyPrefix }]),
  ];
  return {
    eventName: events,
    dynamodb: {
      ...(sortKeys.length === 0 ? {} : { Keys: { sk: { S: sortKeys } } }),
      ...(mark === undefined ? {} : { NewImage: { [mark.attribute]: { S: [mark.value] } } }),
    },
  };
}

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
  grantSendTo(failures, target);
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
    filters: Object.values(streamFilters).map((filter) => FilterCriteria.filter(patternOf(filter))),
  });
}
