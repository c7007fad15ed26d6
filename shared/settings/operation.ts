/** Settings of what an operator pays for beside the load: backups, budgets and tags. */
import { tagList, wholeNumber } from './parsers.ts';
import { everyStage, setting, type Setting } from './setting.ts';

export const operationSettings = {
  backupDays: setting({
    topic: 'Operation',
    variable: 'BACKUP_DAYS',
    parser: wholeNumber({ from: 0, to: 3_650 }),
    defaults: everyStage(0),
    readBy: [],
    unit: 'days',
    description:
      'How long AWS Backup keeps a daily copy of the table, beside point-in-time recovery; 0 for no copies. DynamoDB must be ' +
      'switched on in the settings of AWS Backup of the account.',
  }),
  monthlyBudgetDollars: setting({
    topic: 'Operation',
    variable: 'MONTHLY_BUDGET_DOLLARS',
    parser: wholeNumber({ from: 0, to: 10_000_000 }),
    defaults: everyStage(0),
    readBy: [],
    unit: 'dollars a month',
    description:
      'Send an e-mail to `ALARM_EMAIL` when the costs of the whole account reach 80 % of this, and when they are forecast to ' +
      'reach all of it; 0 for no budget.',
  }),
  costAnomalyDollars: setting({
    topic: 'Operation',
    variable: 'COST_ANOMALY_DOLLARS',
    parser: wholeNumber({ from: 0, to: 10_000_000 }),
    defaults: everyStage(0),
    readBy: [],
    unit: 'dollars',
    description:
      'Send an e-mail to `ALARM_EMAIL` on the day when the costs of the stage exceed the usual ones by this much; 0 for none. ' +
      'The tag `deployment-stage` must be a cost allocation tag of the account.',
  }),
  tags: setting({
    topic: 'Operation',
    variable: 'TAGS',
    parser: tagList,
    defaults: everyStage<string[]>([]),
    readBy: [],
    description:
      'Tags of all resources, beside `application` and `deployment-stage`, such as `cost-center=42,team=chat`.',
  }),
} satisfies Record<string, Setting>;
