/** Log groups, kept for as long as the settings of the stage say. */
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { StageSettings } from './stages.ts';

export function addLogGroup(scope: Construct, id: string, settings: StageSettings): LogGroup {
  return new LogGroup(scope, id, {
    retention: settings.logRetentionDays,
    removalPolicy: settings.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}
