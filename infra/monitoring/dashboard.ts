/** The dashboard, in three parts: is it healthy, what does it cost, and what is slow. */
import { Duration } from 'aws-cdk-lib/core';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  Metric,
  Stats,
  TextWidget,
  type Alarm,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricName } from '../../shared/metrics/metric-table.ts';
import type { AlarmMetric } from './alarm-table.ts';
import { costPerHour } from './cost-expressions.ts';
import { logNamespaceOf, metricsOf, type MonitoredResources } from './metric-sources.ts';

const wholeWidth = 24;
const third = 8;

/** Adds the dashboard; `alarms` are shown with their states. */
export function addDashboard(
  scope: Construct,
  stage: string,
  monitored: MonitoredResources,
  alarms: Alarm[],
): void {
  const metrics = (selected: AlarmMetric, statistic: string): Metric[] =>
    metricsOf(scope, stage, monitored, selected, statistic).map(({ subject, metric }) =>
      subject === undefined ? metric : metric.with({ label: subject }),
    );
  const own = (name: MetricName, statistic: string = Stats.SUM) => metrics({ kind: 'own', name }, statistic);
  const lambda = (name: string, statistic: string) =>
    metrics({ kind: 'aws', namespace: 'AWS/Lambda', name, of: 'function' }, statistic);
  const gateway = (name: string, of: 'httpApi' | 'webSocketApi', statistic: string = Stats.SUM) =>
    metrics({ kind: 'aws', namespace: 'AWS/ApiGateway', name, of }, statistic);
  const logged = (metricName: string) =>
    new Metric({
      namespace: logNamespaceOf(scope),
      metricName,
      statistic: Stats.SUM,
      period: Duration.minutes(5),
    });

  const healthy: IWidget[] = [
    title('Is it healthy?'),
    new AlarmStatusWidget({ title: 'Alarms', alarms, width: wholeWidth, height: 5 }),
    graph('Messages stored and frames posted', [...own('MessagesStored'), ...own('PostsSent')]),
    graph('Connections', [
      ...own('ConnectionsOpened'),
      ...own('ConnectionsClosed'),
      ...own('HandshakesRefused'),
    ]),
    graph('HTTP requests', [...gateway('Count', 'httpApi'), ...gateway('4xx', 'httpApi')]),
    graph('Failures', [
      ...own('CommandsFailed'),
      ...own('RequestsFailed'),
      ...own('ChangesFailed'),
      ...gateway('5xx', 'httpApi'),
      logged('LoggedErrors'),
      logged('LoggedWarnings'),
    ]),
    graph('Posts that did not arrive', [
      ...own('PostsGone'),
      ...own('PostsThrottled'),
      ...own('PostsFailed'),
      ...own('ClosesFailed'),
    ]),
    graph('Function errors', lambda('Errors', Stats.SUM)),
    graph('Files', [...own('FilesChecked'), ...own('FilesRefused')]),
  ];
  const slow: IWidget[] = [
    title('What is slow?'),
    graph('Functions, p99 in ms', lambda('Duration', Stats.p(99))),
    graph('APIs, p99 in ms', [
      ...gateway('Latency', 'httpApi', Stats.p(99)),
      ...gateway('IntegrationLatency', 'webSocketApi', Stats.p(99)),
    ]),
    graph('Fan-out, lists of rooms and table stream, p99 in ms', [
      ...own('FanOutTime', Stats.p(99)),
      ...own('ActivityLag', Stats.p(99)),
      ...own('ChangeLag', Stats.p(99)),
    ]),
    graph('Checks of files, p99 in ms', own('FileCheckTime', Stats.p(99))),
    graph('Table stream and asynchronous invocations, oldest in ms', [
      ...metrics(
        { kind: 'aws', namespace: 'AWS/Lambda', name: 'IteratorAge', of: 'streamReader' },
        Stats.MAXIMUM,
      ),
      ...metrics(
        { kind: 'aws', namespace: 'AWS/Lambda', name: 'AsyncEventAge', of: 'invokedFunction' },
        Stats.MAXIMUM,
      ),
    ]),
    graph('Concurrency', lambda('ConcurrentExecutions', Stats.MAXIMUM)),
    graph('Throttles', [
      ...lambda('Throttles', Stats.SUM),
      ...metrics(
        { kind: 'aws', namespace: 'AWS/DynamoDB', name: 'WriteThrottleEvents', of: 'table' },
        Stats.SUM,
      ),
      logged('ThrottledHttpRequests'),
      logged('ThrottledSocketRequests'),
    ]),
  ];
  const costs = costPerHour(stage, monitored);
  const cost: IWidget[] = [
    title('What does it cost? (dollars an hour, by the prices of us-east-1, without free tiers)'),
    new GraphWidget({ title: 'Cost by part', left: costs, stacked: true, width: 16, liveData: true }),
    graph('What is counted', [...own('PostsSent'), ...own('MessagesStored'), ...own('ConnectionTime')]),
  ];
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `serverless-chat-${stage}`,
    defaultInterval: Duration.hours(12),
    widgets: [healthy, cost, slow],
  });
}

const title = (text: string): TextWidget =>
  new TextWidget({ markdown: `## ${text}`, width: wholeWidth, height: 1 });

const graph = (text: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title: text, left, width: third });
