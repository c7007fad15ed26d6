/** Functions that invoke functions: the right to, the name to do it by, and where goes what fails for good. */
import { Duration } from 'aws-cdk-lib/core';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** The caller finds the target's name in that variable. */
export function letInvoke(caller: LambdaFunction, target: LambdaFunction, variable: string): void {
  caller.addEnvironment(variable, target.functionName);
  caller.addToRolePolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
  );
}

/** Tried three times within the hour: after that, what was to be delivered is found by its clients anyway. */
export function keepFailedInvocations(target: LambdaFunction, failures: Queue): void {
  letSendTo(failures, target);
  target.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
  });
}

/** For Lambda, which puts there what failed for good: the CDK's own grant for it allows more than that. */
export function letSendTo(queue: Queue, target: LambdaFunction): void {
  target.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
}
