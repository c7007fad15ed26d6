/** Daily copies of the table in AWS Backup, which outlive the table and its point-in-time recovery. */
import { Duration } from 'aws-cdk-lib/core';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { dataPolicy } from './retention.ts';
import type { StageSettings } from './stages.ts';

/** Adds the plan, unless the settings ask for no copies. */
export function addBackups(scope: Construct, table: TableV2, settings: StageSettings): void {
  if (settings.backupDays === 0) return;
  const backupVault = new BackupVault(scope, 'BackupVault', { removalPolicy: dataPolicy(settings) });
  const plan = new BackupPlan(scope, 'BackupPlan', {
    backupVault,
    backupPlanRules: [
      new BackupPlanRule({
        ruleName: 'Daily',
        scheduleExpression: Schedule.cron({ hour: '3', minute: '0' }),
        deleteAfter: Duration.days(settings.backupDays),
      }),
    ],
  });
  plan.addSelection('Table', { resources: [BackupResource.fromArn(table.tableArn)] });
}
