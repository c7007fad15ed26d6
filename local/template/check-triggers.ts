/**
 * Checks that the roles allow what Lambda itself does with them: reading the stream, and putting what failed into
 * a queue. AWS refuses to make the mapping or the destination otherwise, so a local run does not start either.
 */

import { compilePolicy } from '../permissions/policy.mjs';
import type { LocalStack } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';

const streamActions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

/** Throws a StartFailure that names the function, what its role lacks, and what for. */
export function checkTriggers(
  template: Template,
  { functions, table, streamMappings }: Pick<LocalStack, 'functions' | 'table' | 'streamMappings'>,
): void {
  const mustAllow = (functionId: string, action: string, resource: string): void => {
    const { functionName, role } = functions.find(({ logicalId }) => logicalId === functionId)!;
    if (compilePolicy(role.statements)({ action, resource }) === 'allowed') return;
    throw new StartFailure(
      `The role of ${functionName} does not allow ${action} on ${resource}, which Lambda needs to run it`,
    );
  };
  const mustSendTo = (functionId: string, queueId: string | undefined): void => {
    if (queueId !== undefined) mustAllow(functionId, 'sqs:SendMessage', template.getAtt(queueId, 'Arn'));
  };
  for (const { functionId, failureQueueId } of streamMappings) {
    const streamArn = template.getAtt(table.logicalId, 'StreamArn');
    for (const action of streamActions) mustAllow(functionId, `dynamodb:${action}`, streamArn);
    mustSendTo(functionId, failureQueueId);
  }
  for (const { logicalId, asyncInvocation } of functions)
    mustSendTo(logicalId, asyncInvocation.failureQueueId);
}
