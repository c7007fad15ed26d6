/** The canary's schedule, and the public addresses over which it comes. */
import { Duration } from 'aws-cdk-lib/core';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { stackValues } from '../shared/settings/stack-values.ts';
import type { StageSettings } from './stages.ts';

export interface CanaryAddresses {
  chatUrl: string;
  chatWebSocketUrl: string;
}

/**
 * Passes the addresses to the canary, and invokes it at the interval of the settings. A check that failed is not repeated,
 * since the next one follows, and its result would hide the failure.
 */
export function addCanary(canary: LambdaFunction, addresses: CanaryAddresses, settings: StageSettings): void {
  canary.addEnvironment(stackValues.chatUrl.variable, addresses.chatUrl);
  canary.addEnvironment(stackValues.chatWebSocketUrl.variable, addresses.chatWebSocketUrl);
  const atMostOnce = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  canary.configureAsyncInvoke(atMostOnce);
  if (settings.canaryIntervalMinutes === 0) return;
  new Rule(canary, 'Schedule', {
    description: 'Checks the promises of the chat',
    schedule: Schedule.rate(Duration.minutes(settings.canaryIntervalMinutes)),
    targets: [new FunctionTarget(canary, atMostOnce)],
  });
}
