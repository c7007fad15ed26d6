/** Lambda entry of the table stream: handles everything that follows from a change, at least once. */
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { logger } from '../../shared/lambda/logger.ts';
import { dependencies } from './dependencies.ts';
import { handleBatch } from './handle-batch.ts';

const ports = dependencies();

export const handler = async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const failed = await handleBatch(ports, event.Records, (error, record) => {
    logger.error('A record of the table stream was not handled', {
      error: error as Error,
      event_id: record.eventID,
      sequence_number: record.dynamodb?.SequenceNumber,
    });
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
};
