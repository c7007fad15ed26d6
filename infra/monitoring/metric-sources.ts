/** The metrics of the stack's resources, as the alarms and the dashboard use them. */
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { metricNamespace, reasonDimension, stageDimension } from '../../shared/metrics/metric-recorder.ts';
import { lookupIndexName } from '../table.ts';
import { alarmPeriodMinutes, type AlarmMetric, type Subject } from './alarm-table.ts';

export interface MonitoredResources {
  functions: Record<string, LambdaFunction>;
  /** The functions that the table's stream invokes. */
  streamReaders: Record<string, LambdaFunction>;
  /** The functions that other functions invoke asynchronously. */
  invoked: Record<string, LambdaFunction>;
  failures: Queue;
  table: TableV2;
  httpApi: HttpApi;
  webSocketApi: WebSocketApi;
}

/** A metric, and the name of what it is about when the subject has several of them. */
export interface NamedMetric {
  subject?: string;
  metric: Metric;
}

type Dimensions = Record<string, string>;

const period = Duration.minutes(alarmPeriodMinutes);

/** Returns the metrics that a selection stands for in a stack. */
export function metricsOf(
  scope: Construct,
  stage: string,
  monitored: MonitoredResources,
  selected: AlarmMetric,
  statistic: string,
): NamedMetric[] {
  const common = { metricName: selected.name, statistic, period };
  switch (selected.kind) {
    case 'own': {
      const inAll: Dimensions = { [stageDimension]: stage };
      const { reason } = selected;
      const dimensionsMap = reason === undefined ? inAll : { ...inAll, [reasonDimension]: reason };
      return [{ metric: new Metric({ ...common, namespace: metricNamespace, dimensionsMap }) }];
    }
    case 'logged':
      return [{ metric: new Metric({ ...common, namespace: logNamespaceOf(scope) }) }];
    case 'aws':
      return dimensionsOf(selected.of, monitored).map(({ subject, dimensionsMap }) => ({
        ...(subject === undefined ? {} : { subject }),
        metric: new Metric({ ...common, namespace: selected.namespace, dimensionsMap }),
      }));
  }
}

/** The namespace of metrics that are counted from log lines, which can have no dimension of their own. */
export const logNamespaceOf = (scope: Construct): string => Stack.of(scope).stackName;

function eachOf(chosen: Record<string, LambdaFunction>): { subject: string; dimensionsMap: Dimensions }[] {
  return Object.entries(chosen).map(([subject, { functionName }]) => ({
    subject,
    dimensionsMap: { FunctionName: functionName },
  }));
}

function dimensionsOf(
  of: Subject,
  monitored: MonitoredResources,
): { subject?: string; dimensionsMap: Dimensions }[] {
  const { functions, streamReaders, invoked, failures, table, httpApi, webSocketApi } = monitored;
  switch (of) {
    case 'function':
      return eachOf(functions);
    case 'streamReader':
      return eachOf(streamReaders);
    case 'invokedFunction':
      return eachOf(invoked);
    case 'failingToQueue':
      return eachOf({ ...streamReaders, ...invoked });
    case 'httpApi':
      return [{ dimensionsMap: { ApiId: httpApi.apiId } }];
    case 'webSocketApi':
      return [{ dimensionsMap: { ApiId: webSocketApi.apiId } }];
    case 'failureQueue':
      return [{ dimensionsMap: { QueueName: failures.queueName } }];
    case 'account':
      return [{ dimensionsMap: {} }];
    case 'table': {
      const TableName = table.tableName;
      return [
        { subject: 'table', dimensionsMap: { TableName } },
        { subject: 'index', dimensionsMap: { TableName, GlobalSecondaryIndexName: lookupIndexName } },
      ];
    }
  }
}
