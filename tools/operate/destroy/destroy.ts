/** Deletes the stack of a stage. The table, the secrets and the logs of a stage that keeps data stay. */
import { setTimeout as delay } from 'node:timers/promises';
import type { AwsApi } from '../aws/aws-api.ts';
import { deleteStack, findFailures, findStack, protectStack } from '../aws/stacks.ts';
import { OperatorError, type Terminal } from '../command-line.ts';
import { assertStage, stackNameOf } from '../stage.ts';

export interface DestroyOptions {
  stage: string;
  /** The stack's name, typed by the operator. */
  yes: string | undefined;
  /** How long to wait between two looks at the stack. */
  pollMs?: number;
  timeoutMs?: number;
}

/** Deleting a CloudFront distribution takes up to half an hour. */
const longestDeletionMs = 60 * 60 * 1_000;

/**
 * Resolves when the stack is gone.
 * @throws OperatorError before anything is touched, without the stack's name or for a stack that does not exist; and when the
 *   deletion fails
 */
export async function destroy(
  { stage, yes, pollMs = 5_000, timeoutMs = longestDeletionMs }: DestroyOptions,
  { terminal, openAwsApi }: { terminal: Terminal; openAwsApi(this: void): Promise<AwsApi> },
): Promise<void> {
  assertStage(stage);
  const stackName = stackNameOf(stage);
  if (yes !== stackName) {
    throw new OperatorError(
      yes === undefined
        ? `This deletes the stack of stage ${stage}. Confirm it with --yes ${stackName}.`
        : `"${yes}" is not the stack of stage ${stage}, which is ${stackName}. Nothing was deleted.`,
    );
  }
  const api = await openAwsApi();
  const stack = await findStack(api, stackName);
  if (stack === undefined) throw new OperatorError(`The stack ${stackName} does not exist in ${api.region}.`);

  if (stack.isProtected) await protectStack(api, stackName, false);
  await deleteStack(api, stackName);
  terminal.print(`CloudFormation deletes ${stackName}. This takes minutes, most of them for CloudFront.`);
  await waitUntilGone(api, stackName, { pollMs, timeoutMs });
  terminal.print(
    stack.isProtected
      ? `${stackName} is deleted. Its table ${stack.outputs['TableName'] ?? ''}, secrets and logs were kept.`
      : `${stackName} is deleted.`,
  );
}

async function waitUntilGone(
  api: AwsApi,
  stackName: string,
  { pollMs, timeoutMs }: { pollMs: number; timeoutMs: number },
): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    await delay(pollMs);
    const stack = await findStack(api, stackName);
    if (stack === undefined) return;
    if (stack.status === 'DELETE_FAILED') {
      const failures = await findFailures(api, stackName);
      throw new OperatorError(`${stackName} could not be deleted. ${failures.join('; ')}`);
    }
    if (Date.now() > deadlineMs)
      throw new OperatorError(`${stackName} is still ${stack.status}. CloudFormation goes on by itself.`);
  }
}
