/** Lambda entry of the table stream: handles everything that follows from a change, at least once. */
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { logger } from '../../shared/lambda/logger.ts';
import { metrics, withMetrics } from '../../shared/lambda/metrics.ts';
import { dependencies } from './dependencies.ts';
import { handleBatch } from './handle-batch.ts';

const ports = dependencies();

/** Returns the time of the oldest change in milliseconds. The records are in the order of the stream. */
function oldestChangeAt([first]: DynamoDBRecord[]): number {
  return (first?.dynamodb?.ApproximateCreationDateTime ?? Infinity) * 1_000;
}

export const handler = withMetrics(
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const failed = await handleBatch(ports, Records, (error, record) => {
      metrics.add('ChangesFailed', 1);
      logger.error('A record of the table stream was not handled', {
        error: error as Error,
        event_id: record.eventID,
        sequence_number: record.dynamodb?.SequenceNumber,
      });
    });
    metrics.measure('ChangeLag', Math.max(0, ports.clock.now() - oldestChangeAt(Records)));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  },
);
