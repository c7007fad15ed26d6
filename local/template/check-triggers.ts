/**
 * Checks the permissions that Lambda itself needs from the functions' roles: to read the stream and to send
 * to the failure queues and buckets. AWS refuses to create a mapping or a destination without them, so a local run does
 * not start either.
 */

import { compilePolicy } from '../permissions/policy.mjs';
import type { FailureDestination, LocalStack } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';

const streamActions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

/**
 * Checks all triggers.
 * @throws StartFailure with the function and the permission that its role lacks
 */
export function checkTriggers(
  template: Template,
  { functions, table, streamMappings }: Pick<LocalStack, 'functions' | 'table' | 'streamMappings'>,
): void {
  const assertAllows = (functionId: string, action: string, resource: string): void => {
    const { functionName, role } = functions.find(({ logicalId }) => logicalId === functionId)!;
    if (compilePolicy(role.statements)({ action, resource }) === 'allowed') return;
    throw new StartFailure(
      `The role of ${functionName} does not allow ${action} on ${resource}, which Lambda needs for its trigger`,
    );
  };
  const assertMaySendTo = (functionId: string, destination: FailureDestination | undefined): void => {
    if (destination === undefined) return;
    const arn = template.getAtt(destination.logicalId, 'Arn');
    if (destination.kind === 'queue') return assertAllows(functionId, 'sqs:SendMessage', arn);
    assertAllows(functionId, 's3:PutObject', `${arn}/*`);
    assertAllows(functionId, 's3:ListBucket', arn);
  };
  for (const { functionId, onFailure } of streamMappings) {
    const streamArn = template.getAtt(table.logicalId, 'StreamArn');
    for (const action of streamActions) assertAllows(functionId, `dynamodb:${action}`, streamArn);
    assertMaySendTo(functionId, onFailure);
  }
  for (const { logicalId, asyncInvocation } of functions)
    assertMaySendTo(logicalId, asyncInvocation.onFailure);
}
