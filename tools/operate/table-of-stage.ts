/** The table of a deployed stage, and a client for it with the operator's credentials. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { outputOfStage } from './stage-output.ts';

/** @throws OperatorError for an unknown stage, or when its stack does not exist or names no table */
export const tableOfStage = (stage: string): Promise<string> => outputOfStage(stage, 'TableName');

/** Returns a client that waits out throttling, since a long run must not end because of it. */
export function operatorClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 10 }), {
    marshallOptions: { removeUndefinedValues: true },
  });
}
