/** Log groups, kept for as long as the settings of the stage say. */
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { dataPolicy } from './retention.ts';
import type { StageSettings } from './stages.ts';

export function addLogGroup(scope: Construct, id: string, settings: StageSettings): LogGroup {
  return new LogGroup(scope, id, {
    retention: settings.logRetentionDays,
    removalPolicy: dataPolicy(settings),
  });
}
