/** What the operator's commands read of CloudFormation's stacks, and the protection of a stack against deletion. */
import { AwsRefusal, callQuery, membersOf, textOf, type AwsApi } from './aws-api.ts';

export interface DeployedStack {
  /** CloudFormation's status, such as `UPDATE_COMPLETE`. */
  status: string;
  isProtected: boolean;
  /** The outputs by their keys. */
  outputs: Readonly<Record<string, string>>;
}

const cloudFormation = { service: 'cloudformation', version: '2010-05-15' };

/** Returns the stack of that name, or undefined when there is none. */
export async function findStack(api: AwsApi, stackName: string): Promise<DeployedStack | undefined> {
  let xml: string;
  try {
    xml = await callQuery(api, cloudFormation, { Action: 'DescribeStacks', StackName: stackName });
  } catch (error) {
    // CloudFormation has no code of its own for an unknown stack.
    if (
      error instanceof AwsRefusal &&
      error.code === 'ValidationError' &&
      /does not exist/.test(error.message)
    )
      return undefined;
    throw error;
  }
  const outputs = membersOf(xml, 'Outputs').map((member) => [
    textOf(member, 'OutputKey') ?? '',
    textOf(member, 'OutputValue') ?? '',
  ]);
  return {
    status: textOf(xml, 'StackStatus') ?? 'unknown',
    isProtected: textOf(xml, 'EnableTerminationProtection') === 'true',
    outputs: Object.fromEntries(outputs) as Record<string, string>,
  };
}

/** Sets whether CloudFormation refuses to delete the stack. */
export async function protectStack(api: AwsApi, stackName: string, isProtected: boolean): Promise<void> {
  await callQuery(api, cloudFormation, {
    Action: 'UpdateTerminationProtection',
    StackName: stackName,
    EnableTerminationProtection: String(isProtected),
  });
}

/** Asks CloudFormation to delete the stack, which takes minutes. */
export async function deleteStack(api: AwsApi, stackName: string): Promise<void> {
  await callQuery(api, cloudFormation, { Action: 'DeleteStack', StackName: stackName });
}

/** Returns the newest failures of the stack's resources, one line each: which resource, and CloudFormation's reason. */
export async function findFailures(api: AwsApi, stackName: string): Promise<string[]> {
  const xml = await callQuery(api, cloudFormation, { Action: 'DescribeStackEvents', StackName: stackName });
  return membersOf(xml, 'StackEvents')
    .filter((event) => textOf(event, 'ResourceStatus')?.endsWith('_FAILED') === true)
    .filter((event) => textOf(event, 'ResourceStatusReason') !== undefined)
    .map((event) => `${textOf(event, 'LogicalResourceId')}: ${textOf(event, 'ResourceStatusReason')}`);
}
