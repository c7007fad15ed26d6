/** The table of a deployed stage, and a client for it with the operator's credentials. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { openAwsApi } from './aws/aws-api.ts';
import { findStack } from './aws/stacks.ts';
import { OperatorError } from './command-line.ts';
import { assertStage, stackNameOf } from './stage.ts';

/** @throws OperatorError for an unknown stage, or when its stack does not exist or names no table */
export async function tableOfStage(stage: string): Promise<string> {
  assertStage(stage);
  const api = await openAwsApi();
  const tableName = (await findStack(api, stackNameOf(stage)))?.outputs['TableName'];
  if (tableName !== undefined) return tableName;
  throw new OperatorError(
    `The stack ${stackNameOf(stage)} is not in ${api.region}, or has no output TableName.`,
  );
}

/** Returns a client that waits out throttling, since a long run must not end because of it. */
export function operatorClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 10 }), {
    marshallOptions: { removeUndefinedValues: true },
  });
}
