/** Alarms on what should never happen, and a dashboard of what does. */
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

interface Watched {
  functions: Record<string, LambdaFunction>;
  /** Those fed by the table's stream. */
  streamReaders: Record<string, LambdaFunction>;
  /** Those invoked asynchronously. */
  invoked: Record<string, LambdaFunction>;
  failures: Queue;
  httpApi: HttpApi;
  webSocketApi: WebSocketApi;
}

const period = Duration.minutes(5);

type MetricOf = (deployed: LambdaFunction) => Metric;

/**
 * A sum over functions. A function that was not invoked reports nothing, and a sum with a gap is a gap:
 * hence FILL. The ids differ from those of other sums, since one graph may show several.
 */
function sumOver(functions: Record<string, LambdaFunction>, what: string, of: MetricOf): IMetric {
  const usingMetrics = Object.fromEntries(
    Object.entries(functions).map(([name, deployed]) => [`${what}_${name}`, of(deployed)]),
  );
  const expression = Object.keys(usingMetrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return new MathExpression({ label: `function ${what}`, expression, usingMetrics, period });
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

/** How many milliseconds each function is late, by a metric that says so. */
function lagsOf(functions: Record<string, LambdaFunction>, metricName: string) {
  return Object.entries(functions).map(([name, late]) => ({
    name,
    metric: late.metric(metricName, { statistic: Stats.MAXIMUM, period }),
  }));
}

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 8 });

/** Alarms, told to the e-mail address when there is one, and the dashboard. */
export function addMonitoring(scope: Construct, watched: Watched, alarmEmail: string | undefined): void {
  const metrics = {
    errors: sumOver(watched.functions, 'errors', (f) => f.metricErrors({ period })),
    throttles: sumOver(watched.functions, 'throttles', (f) => f.metricThrottles({ period })),
    failures: watched.failures.metricApproximateNumberOfMessagesVisible({ period }),
    serverErrors: watched.httpApi.metricServerError({ statistic: Stats.SUM, period }),
    socketErrors: webSocketMetric(watched.webSocketApi, 'ExecutionError'),
  };
  const streamLags = lagsOf(watched.streamReaders, 'IteratorAge');
  const invocationLags = lagsOf(watched.invoked, 'AsyncEventAge');
  const limits = [
    { id: 'FunctionErrors', metric: metrics.errors, atLeast: 5, means: 'functions fail' },
    { id: 'FunctionThrottles', metric: metrics.throttles, atLeast: 1, means: 'functions are held back' },
    {
      id: 'FailedRecords',
      metric: metrics.failures,
      atLeast: 1,
      means: 'a change or a delivery was given up on',
    },
    { id: 'HttpServerErrors', metric: metrics.serverErrors, atLeast: 5, means: 'clients get 5xx answers' },
    { id: 'SocketErrors', metric: metrics.socketErrors, atLeast: 5, means: 'WebSocket requests fail' },
    ...streamLags.map(({ name, metric }) => ({
      id: `StreamLag-${name}`,
      metric,
      atLeast: 60_000,
      means: `${name} is a minute behind the stream`,
    })),
    ...invocationLags.map(({ name, metric }) => ({
      id: `InvocationLag-${name}`,
      metric,
      atLeast: 60_000,
      means: `${name} begins what it is invoked for a minute late`,
    })),
  ];

  const topic = alarmEmail === undefined ? undefined : new Topic(scope, 'AlarmTopic', { enforceSSL: true });
  if (alarmEmail !== undefined) topic?.addSubscription(new EmailSubscription(alarmEmail));
  for (const { id, metric, atLeast, means } of limits) {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      metric,
      threshold: atLeast,
      alarmDescription: `${Stack.of(scope).stackName}: ${means}`,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
  }

  const perFunction = (of: MetricOf) => Object.values(watched.functions).map(of);
  new Dashboard(scope, 'Dashboard', {
    widgets: [
      [
        graph(
          'Invocations',
          perFunction((f) => f.metricInvocations({ period })),
        ),
        graph(
          'Duration, p99',
          perFunction((f) => f.metricDuration({ period, statistic: Stats.p(99) })),
        ),
        graph('Errors and throttles', [metrics.errors, metrics.throttles]),
      ],
      [
        graph('HTTP requests', [watched.httpApi.metricCount({ period }), metrics.serverErrors]),
        graph('WebSocket', [
          webSocketMetric(watched.webSocketApi, 'ConnectCount'),
          webSocketMetric(watched.webSocketApi, 'MessageCount'),
          metrics.socketErrors,
        ]),
        graph('Lag, and what was given up on', [
          ...[...streamLags, ...invocationLags].map(({ metric }) => metric),
          metrics.failures,
        ]),
      ],
    ],
  });
}
