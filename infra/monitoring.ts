/** The alarms, and a dashboard of the load and the errors. */
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { loggedLines } from './log-metrics.ts';

interface MonitoredResources {
  functions: Record<string, LambdaFunction>;
  /** The functions that the table's stream invokes. */
  streamReaders: Record<string, LambdaFunction>;
  /** The functions that other functions invoke asynchronously. */
  invoked: Record<string, LambdaFunction>;
  failures: Queue;
  httpApi: HttpApi;
  webSocketApi: WebSocketApi;
}

const period = Duration.minutes(5);

type MetricOf = (deployed: LambdaFunction) => Metric;

/**
 * Returns the sum of a metric over functions. A function that was not invoked reports no data, and a sum has no data where
 * one operand has none, hence FILL. The ids contain the metric's name, since ids must be unique within a graph.
 */
function sumOver(functions: Record<string, LambdaFunction>, metricName: string, metricOf: MetricOf): IMetric {
  const usingMetrics = Object.fromEntries(
    Object.entries(functions).map(([name, deployed]) => [`${metricName}_${name}`, metricOf(deployed)]),
  );
  const expression = Object.keys(usingMetrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return new MathExpression({ label: `Function ${metricName}`, expression, usingMetrics, period });
}

function webSocketMetric(api: WebSocketApi, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: api.apiId },
    statistic: Stats.SUM,
    period,
  });
}

/** Returns the delay of each function in milliseconds, by the metric of that name. */
function lagsOf(functions: Record<string, LambdaFunction>, metricName: string) {
  return Object.entries(functions).map(([name, deployed]) => ({
    name,
    metric: deployed.metric(metricName, { statistic: Stats.MAXIMUM, period }),
  }));
}

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 8 });

/** Adds the alarms, which send an e-mail when there is an address, and the dashboard. */
export function addMonitoring(
  scope: Construct,
  monitored: MonitoredResources,
  alarmEmail: string | undefined,
): void {
  const metrics = {
    errors: sumOver(monitored.functions, 'errors', (deployed) => deployed.metricErrors({ period })),
    loggedErrors: loggedLines(scope, 'ERROR', period),
    loggedWarnings: loggedLines(scope, 'WARN', period),
    throttles: sumOver(monitored.functions, 'throttles', (deployed) => deployed.metricThrottles({ period })),
    failures: monitored.failures.metricApproximateNumberOfMessagesVisible({ period }),
    serverErrors: monitored.httpApi.metricServerError({ statistic: Stats.SUM, period }),
    socketErrors: webSocketMetric(monitored.webSocketApi, 'ExecutionError'),
  };
  const streamLags = lagsOf(monitored.streamReaders, 'IteratorAge');
  const invocationLags = lagsOf(monitored.invoked, 'AsyncEventAge');
  const thresholds = [
    { id: 'FunctionErrors', metric: metrics.errors, threshold: 5, meaning: 'functions fail' },
    {
      id: 'LoggedErrors',
      metric: metrics.loggedErrors,
      threshold: 5,
      meaning: 'functions log errors, including those that no client notices',
    },
    { id: 'FunctionThrottles', metric: metrics.throttles, threshold: 1, meaning: 'functions are throttled' },
    {
      id: 'FailedRecords',
      metric: metrics.failures,
      threshold: 1,
      meaning: 'a stream record or a fan-out failed at every attempt and is in the failure queue',
    },
    {
      id: 'HttpServerErrors',
      metric: metrics.serverErrors,
      threshold: 5,
      meaning: 'HTTP clients receive 5xx responses',
    },
    { id: 'SocketErrors', metric: metrics.socketErrors, threshold: 5, meaning: 'WebSocket requests fail' },
    ...streamLags.map(({ name, metric }) => ({
      id: `StreamLag-${name}`,
      metric,
      threshold: 60_000,
      meaning: `${name} handles stream records more than a minute late`,
    })),
    ...invocationLags.map(({ name, metric }) => ({
      id: `InvocationLag-${name}`,
      metric,
      threshold: 60_000,
      meaning: `${name} starts asynchronous invocations more than a minute late`,
    })),
  ];

  const topic = alarmEmail === undefined ? undefined : new Topic(scope, 'AlarmTopic', { enforceSSL: true });
  if (alarmEmail !== undefined) topic?.addSubscription(new EmailSubscription(alarmEmail));
  for (const { id, metric, threshold, meaning } of thresholds) {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      metric,
      threshold,
      alarmDescription: `${Stack.of(scope).stackName}: ${meaning}`,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
  }

  const perFunction = (metricOf: MetricOf) => Object.values(monitored.functions).map(metricOf);
  new Dashboard(scope, 'Dashboard', {
    widgets: [
      [
        graph(
          'Invocations',
          perFunction((deployed) => deployed.metricInvocations({ period })),
        ),
        graph(
          'Duration (p99)',
          perFunction((deployed) => deployed.metricDuration({ period, statistic: Stats.p(99) })),
        ),
        graph('Function errors, throttles and logged errors', [
          metrics.errors,
          metrics.throttles,
          metrics.loggedErrors,
          metrics.loggedWarnings,
        ]),
      ],
      [
        graph('HTTP requests', [monitored.httpApi.metricCount({ period }), metrics.serverErrors]),
        graph('WebSocket connections and messages', [
          webSocketMetric(monitored.webSocketApi, 'ConnectCount'),
          webSocketMetric(monitored.webSocketApi, 'MessageCount'),
          metrics.socketErrors,
        ]),
        graph('Delays, and messages in the failure queue', [
          ...[...streamLags, ...invocationLags].map(({ metric }) => metric),
          metrics.failures,
        ]),
      ],
    ],
  });
}
