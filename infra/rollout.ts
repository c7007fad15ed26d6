/**
 * Gradual deployments of the functions: callers invoke an alias, which CodeDeploy moves from the previous version to the new
 * one step by step, and back when an alarm goes off.
 */
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
  type ILambdaDeploymentConfig,
} from 'aws-cdk-lib/aws-codedeploy';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { StageSettings } from './stages.ts';

/** A function, and what its callers invoke: the function itself or its alias. */
export interface DeployedFunction {
  lambda: LambdaFunction;
  target: LambdaFunction | Alias;
}

const configs: Record<Exclude<StageSettings['rollout'], 'AllAtOnce'>, ILambdaDeploymentConfig> = {
  Canary10Percent15Minutes: LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES,
  Linear10PercentEvery1Minute: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE,
};

/** The alarms that take a deployment back, beside those on the errors of the function itself. */
const alarmsOfAll = ['LoggedErrors', 'RequestsFailed', 'CommandsFailed', 'ChangesFailed'];

export interface Rollout {
  /** Returns how a function is deployed. */
  deploy(lambda: LambdaFunction): DeployedFunction;
  /** Takes deployments back when one of these alarms goes off and is about errors; given by name. */
  rollBackOn(alarms: Readonly<Record<string, Alarm>>): void;
}

/** Prepares the deployments of a stack. */
export function prepareRollout(scope: Construct, { rollout }: StageSettings): Rollout {
  if (rollout === 'AllAtOnce') {
    return { deploy: (lambda) => ({ lambda, target: lambda }), rollBackOn: () => undefined };
  }
  const application = new LambdaApplication(scope, 'Rollout');
  const role = new Role(scope, 'RolloutRole', {
    assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSCodeDeployRoleForLambdaLimited'),
    ],
  });
  const groups: { name: string; group: LambdaDeploymentGroup }[] = [];
  return {
    deploy(lambda) {
      const alias = new Alias(lambda, 'Live', { aliasName: 'live', version: lambda.currentVersion });
      const group = new LambdaDeploymentGroup(lambda, 'Rollout', {
        alias,
        application,
        role,
        deploymentConfig: configs[rollout],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
      groups.push({ name: lambda.node.scope!.node.id, group });
      return { lambda, target: alias };
    },
    rollBackOn(alarms) {
      for (const { name, group } of groups) {
        for (const alarm of [...alarmsOfAll, `FunctionErrors-${name}`]) group.addAlarm(alarms[alarm]!);
      }
    },
  };
}
