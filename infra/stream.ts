/** The event source mapping of the table's stream: which changes invoke the function, and what happens to failures. */
import { Duration } from 'aws-cdk-lib/core';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { streamFilters, type StreamFilter } from '../shared/storage/stream-changes.ts';
import { grantStoreFailures, type Failures } from './failures.ts';
import type { DeployedFunction } from './rollout.ts';
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
      ...(mark === undefined ? {} : { NewImage: { [mark.attribute]: { S: mark.values } } }),
    },
  };
}

/** Allows the function to read the stream, and invokes it with the records that match. */
export function addStreamMapping(
  table: TableV2,
  { lambda, target }: DeployedFunction,
  failures: Failures,
  settings: StageSettings,
): void {
  lambda.addToRolePolicy(
    new PolicyStatement({
      // Lambda refuses to create the mapping unless the role allows these four.
      actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
        (action) => `dynamodb:${action}`,
      ),
      resources: [table.tableStreamArn!],
    }),
  );
  grantStoreFailures(failures, lambda);
  new EventSourceMapping(lambda, 'Stream', {
    target,
    eventSourceArn: table.tableStreamArn,
    // LATEST would skip records that are written while the mapping is created. Handling a record twice does no harm.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    maxBatchingWindow: Duration.seconds(0),
    parallelizationFactor: settings.streamParallelization,
    // Attempts are not limited, since Lambda does not say how far apart they are: a limit could pass within seconds. The
    // age is, or a record that always fails would hold up its lane for a day.
    maxRecordAge: Duration.minutes(settings.streamRecordMaxAgeMinutes),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: failures.bucket.bucketArn }) },
    filters: Object.values(streamFilters).map((filter) => FilterCriteria.filter(patternOf(filter))),
  });
}
