/** Warnings about costs: a budget of the account, and costs of the stage that are higher than usual. */
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import type { Construct } from 'constructs';
import type { StageSettings } from './stages.ts';

/** The tag of every resource that tells the stages of an account apart. */
export const stageTag = 'deployment-stage';

/** Returns the tags of the stack, which CloudFormation passes on to its resources. */
export function tagsOf(stage: string, { tags }: StageSettings): Record<string, string> {
  const own = tags.map((tag): [string, string] => {
    const end = tag.indexOf('=');
    return [tag.slice(0, end), tag.slice(end + 1)];
  });
  return { application: 'serverless-chat', [stageTag]: stage, ...Object.fromEntries(own) };
}

/** Adds the warnings that the settings ask for. They go to the address of the alarms. */
export function addCostWarnings(scope: Construct, stage: string, settings: StageSettings): void {
  const { alarmEmail, monthlyBudgetDollars, costAnomalyDollars } = settings;
  if (alarmEmail === undefined) return;
  if (monthlyBudgetDollars > 0) addBudget(scope, stage, monthlyBudgetDollars, alarmEmail);
  if (costAnomalyDollars > 0) addAnomalyWarning(scope, stage, costAnomalyDollars, alarmEmail);
}

/** The budget counts the whole account: one of the stage alone would stay at zero until its tag is activated for costs. */
function addBudget(scope: Construct, stage: string, dollars: number, address: string): void {
  const warning = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
    },
    subscribers: [{ subscriptionType: 'EMAIL', address }],
  });
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: `serverless-chat-${stage}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: dollars, unit: 'USD' },
    },
    notificationsWithSubscribers: [warning('ACTUAL', 80), warning('FORECASTED', 100)],
  });
}

/** An account may have one monitor of all services, and often has it already, so this one watches the tag of the stage. */
function addAnomalyWarning(scope: Construct, stage: string, dollars: number, address: string): void {
  const monitor = new CfnAnomalyMonitor(scope, 'CostMonitor', {
    monitorName: `serverless-chat-${stage}`,
    monitorType: 'CUSTOM',
    monitorSpecification: JSON.stringify({ Tags: { Key: stageTag, Values: [stage] } }),
  });
  new CfnAnomalySubscription(scope, 'CostWarning', {
    subscriptionName: `serverless-chat-${stage}`,
    frequency: 'DAILY',
    monitorArnList: [monitor.attrMonitorArn],
    subscribers: [{ type: 'EMAIL', address }],
    thresholdExpression: JSON.stringify({
      Dimensions: {
        Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
        MatchOptions: ['GREATER_THAN_OR_EQUAL'],
        Values: [String(dollars)],
      },
    }),
  });
}
