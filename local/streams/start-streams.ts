/** Starts and stops the stream pollers, one for each event source mapping of the template. */

import type { DynamoDbClient } from '../engine/dynamodb-request.ts';
import type { Invoke } from '../functions/invocation.ts';
import type { Log } from '../log.ts';
import type { SendFailedInvocation } from '../services/failed-invocations.ts';
import type { LocalStack } from '../stack.ts';
import { createBatchDelivery } from './batch-delivery.ts';
import { openCheckpoints } from './checkpoints.ts';
import { compileFilters } from './filter-pattern.ts';
import { pollStream, type StreamPollerOptions } from './stream-poller.ts';

export interface StreamsOptions {
  stack: Pick<LocalStack, 'streamMappings' | 'functions' | 'table' | 'region' | 'accountId'>;
  /** The ARN that the database gives to the table's stream. */
  streamArn: string;
  database: DynamoDbClient;
  invoke: Invoke;
  sendFailure: SendFailedInvocation;
  log: Log;
  checkpointFile: string;
  observe?: StreamPollerOptions['observe'];
}

/**
 * Starts to poll. Returns a function that stops it and settles when no batch is running.
 * @throws StartFailure when a filter is not supported
 */
export function startStreams(options: StreamsOptions): () => Promise<void> {
  const { stack, streamArn, database, invoke, sendFailure, log, checkpointFile } = options;
  const { region, accountId, table } = stack;
  const stopping = new AbortController();
  const { signal } = stopping;
  const checkpoints = openCheckpoints(checkpointFile, streamArn);
  const label = streamArn.split('/').at(-1);
  const presentedArn = `arn:aws:dynamodb:${region}:${accountId}:table/${table.tableName}/stream/${label}`;

  const filters = stack.streamMappings.map((mapping) => compileFilters(mapping.filters));
  const pollers = stack.streamMappings.map((mapping, index) => {
    const { functionName } = stack.functions.find(({ logicalId }) => logicalId === mapping.functionId)!;
    const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
    const deliver = createBatchDelivery({
      mapping,
      functionArn,
      streamArn: presentedArn,
      invoke,
      sendFailure,
      log,
      signal,
    });
    return pollStream(filters[index]!, {
      mapping,
      streamArn,
      presentedArn,
      region,
      database,
      deliver,
      checkpoints,
      signal,
      log,
      ...(options.observe && { observe: options.observe }),
    });
  });
  for (const poller of pollers)
    poller.catch((error: unknown) => log.error(`The table stream is no longer read: ${String(error)}`));

  return async () => {
    stopping.abort();
    await Promise.allSettled(pollers);
    await checkpoints.close();
  };
}
