/** Adds the alarms of the stack, which send an e-mail when there is an address, and its dashboard. */
import { Stack } from 'aws-cdk-lib/core';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import { alarmRows, runbookLink, thresholdIn } from './alarm-table.ts';
import { addDashboard } from './dashboard.ts';
import { metricsOf, type MonitoredResources } from './metric-sources.ts';

/** Adds the alarms and the dashboard of a stage, and returns the alarms by name, such as `FunctionErrors-message`. */
export function addMonitoring(
  scope: Construct,
  stage: string,
  monitored: MonitoredResources,
  settings: StageSettings,
): Record<string, Alarm> {
  const topic = addTopic(scope, settings.alarmEmail);
  const added = alarmRows.flatMap(([name, row]) =>
    metricsOf(scope, stage, monitored, row.metric, row.statistic).map(({ subject, metric }) => {
      const id = subject === undefined ? name : `${name}-${subject}`;
      const alarm = new Alarm(scope, `${id}Alarm`, {
        alarmName: `${Stack.of(scope).stackName}-${id}`,
        alarmDescription: `${row.meaning} What to do: ${runbookLink(name, settings.runbookUrl)}`,
        metric,
        threshold: thresholdIn(row, settings),
        evaluationPeriods: row.periods ?? 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (topic) alarm.addAlarmAction(new SnsAction(topic));
      return alarm;
    }),
  );
  addDashboard(scope, stage, monitored, added);
  return Object.fromEntries(added.map((alarm) => [alarm.node.id.replace(/Alarm$/, ''), alarm]));
}

function addTopic(scope: Construct, alarmEmail: string | undefined): Topic | undefined {
  if (alarmEmail === undefined) return undefined;
  const topic = new Topic(scope, 'AlarmTopic', { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(alarmEmail));
  return topic;
}
