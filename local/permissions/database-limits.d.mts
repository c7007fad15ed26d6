import type { AwsContext } from './aws-calls.mjs';

/** Returns the message with which DynamoDB refuses the request; undefined when it accepts it. */
export function databaseRefusal(
  operation: string,
  input: object,
  context: Pick<AwsContext, 'partitionKeys' | 'indexKeyBytes'>,
): string | undefined;
