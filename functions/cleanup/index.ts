/** Lambda entry for the long work that follows from deletions: purges of rooms and erasures of accounts. */
import type { Context } from 'aws-lambda';
import type { CleanupTask } from '../../shared/domain/model/cleanup.ts';
import { enqueueTo } from '../../shared/lambda/enqueue.ts';
import { withMetrics } from '../../shared/lambda/metrics.ts';
import { dependencies } from './dependencies.ts';
import { runStep } from './run-step.ts';

const ports = dependencies();

// The address by which it was invoked names its alias as well. The stack could not pass it: a function that refers to
// itself cannot be created.
export const handler = withMetrics((task: CleanupTask, { invokedFunctionArn }: Context): Promise<void> =>
  runStep({ ...ports, enqueueCleanup: enqueueTo(invokedFunctionArn) }, task),
);
