/** Asynchronous invocations of one function by another: the permission, the function's name, and failed invocations. */
import { Duration } from 'aws-cdk-lib/core';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { grantStoreFailures, type Failures } from './failures.ts';
import type { DeployedFunction } from './rollout.ts';

/** Allows the caller to invoke the target, and sets the variable from which it reads the target's name. */
export function grantInvoke(
  caller: LambdaFunction,
  { target }: Pick<DeployedFunction, 'target'>,
  variable: string,
): void {
  caller.addEnvironment(variable, target.functionName);
  caller.addToRolePolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
  );
}

/** Allows a function to invoke itself. A statement in its role's own policy would make each of them wait for the other. */
export function grantInvokeItself({ lambda, target }: DeployedFunction): void {
  new Policy(lambda.node.scope!, 'InvokeItself', {
    roles: [lambda.role!],
    statements: [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
    ],
  });
}

/**
 * Stores an invocation in the bucket after three failed attempts or an hour. Later attempts would not help: by then the
 * clients have found the gap and asked for the missing entries themselves.
 */
export function keepFailedInvocations({ lambda, target }: DeployedFunction, failures: Failures): void {
  grantStoreFailures(failures, lambda);
  target.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
    onFailure: { bind: () => ({ destination: failures.bucket.bucketArn }) },
  });
}
