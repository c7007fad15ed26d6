/** The share of invocations that X-Ray traces, as one rule for all functions of the stack. */
import type { Stack } from 'aws-cdk-lib/core';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import type { StageSettings } from './stages.ts';

/** Returns the tracing mode of every function. */
export function tracingMode({ tracePercent }: StageSettings): Tracing {
  return tracePercent > 0 ? Tracing.ACTIVE : Tracing.DISABLED;
}

/**
 * Adds the rule, unless nothing is traced. Without a rule of its own, a function is traced once a second and for 5 % of the
 * other invocations.
 */
export function addSamplingRule(stack: Stack, stage: string, { tracePercent }: StageSettings): void {
  if (tracePercent === 0) return;
  new CfnSamplingRule(stack, 'SamplingRule', {
    samplingRule: {
      ruleName: `serverless-chat-${stage}`,
      version: 1,
      // Before the default rule, which is the last; an account's own rules for single functions can come before this one.
      priority: 5_000,
      // CloudFormation begins the names of the functions with that of the stack.
      serviceName: `${stack.stackName}-*`,
      serviceType: 'AWS::Lambda::Function',
      host: '*',
      httpMethod: '*',
      urlPath: '*',
      resourceArn: '*',
      reservoirSize: 0,
      fixedRate: tracePercent / 100,
    },
  });
}
