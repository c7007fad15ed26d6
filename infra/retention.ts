/** What happens to data when its resource leaves the stack, and when the stack is protected against deletion. */
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { StageSettings } from './stages.ts';

/**
 * Returns the policy of a resource that must outlive its stack: it is kept when the stack is deleted or the resource is
 * replaced. CloudFormation still deletes it when the operation that creates it is rolled back, so that a first deployment
 * that fails can be repeated.
 */
export const keptAfterCreation = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** Returns the policy of the data of a stage. */
export function dataPolicy({ keepsData }: StageSettings): RemovalPolicy {
  return keepsData ? keptAfterCreation : RemovalPolicy.DESTROY;
}

/** The name of the CDK context that marks the deployment that creates a stack (`-c firstDeployment=true`). */
export const firstDeploymentContext = 'firstDeployment';

/**
 * Whether the stack and the table refuse to be deleted. They do not during the deployment that creates them: CloudFormation
 * could not delete a protected table when that fails, and the CDK protects a stack before it has created anything.
 */
export function isProtected({ keepsData }: StageSettings, isFirstDeployment: boolean): boolean {
  return keepsData && !isFirstDeployment;
}
