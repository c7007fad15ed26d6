/** Starts a poller for each mapping of the template, and stops them together. */

import type { DynamoDbClient } from '../engine/dynamodb-request.ts';
import type { Invoke } from '../functions/invocation.ts';
import type { Log } from '../log.ts';
import type { Queues } from '../services/queues.ts';
import type { LocalStack } from '../stack.ts';
import { createBatchDelivery } from './batch-delivery.ts';
import { openCheckpoints } from './checkpoints.ts';
import { compileFilters } from './filter-pattern.ts';
import { pollStream, type StreamPollerOptions } from './stream-poller.ts';

export interface StreamsOptions {
  stack: Pick<LocalStack, 'streamMappings' | 'functions' | 'table' | 'region' | 'accountId'>;
  /** As the database names the table's stream. */
  streamArn: string;
  database: DynamoDbClient;
  invoke: Invoke;
  queues: Pick<Queues, 'send'>;
  log: Log;
  checkpointFile: string;
  see?: StreamPollerOptions['see'];
}

/**
 * Polls until the returned function is called; that settles when no batch is under way any more.
 * Throws a StartFailure when a filter is not understood.
 */
export function startStreams(options: StreamsOptions): () => Promise<void> {
  const { stack, streamArn, database, invoke, queues, log, checkpointFile } = options;
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
      sendToQueue: (queueId, body) => queues.send(queueId, body),
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
      ...(options.see && { see: options.see }),
    });
  });
  for (const poller of pollers)
    poller.catch((error: unknown) => log.error(`the stream is no longer read: ${String(error)}`));

  return async () => {
    stopping.abort();
    await Promise.allSettled(pollers);
    await checkpoints.close();
  };
}
