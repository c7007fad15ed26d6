/** The canary's schedule, and the public addresses over which it comes. */
import { Duration } from 'aws-cdk-lib/core';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { stackValues } from '../shared/settings/stack-values.ts';
import type { DeployedFunction } from './rollout.ts';
import type { StageSettings } from './stages.ts';

export interface CanaryAddresses {
  chatUrl: string;
  chatWebSocketUrl: string;
}

/**
 * Passes the addresses to the canary, and invokes it at the interval of the settings. A check that failed is not repeated,
 * since the next one follows, and its result would hide the failure.
 */
export function addCanary(
  { lambda, target }: DeployedFunction,
  addresses: CanaryAddresses,
  settings: StageSettings,
): void {
  lambda.addEnvironment(stackValues.chatUrl.variable, addresses.chatUrl);
  lambda.addEnvironment(stackValues.chatWebSocketUrl.variable, addresses.chatWebSocketUrl);
  const atMostOnce = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  target.configureAsyncInvoke(atMostOnce);
  if (settings.canaryIntervalMinutes === 0) return;
  new Rule(lambda, 'Schedule', {
    description: 'Checks the promises of the chat',
    schedule: Schedule.rate(Duration.minutes(settings.canaryIntervalMinutes)),
    targets: [new FunctionTarget(target, atMostOnce)],
  });
}
