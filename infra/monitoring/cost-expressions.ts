/** What the stage costs in each hour, from what AWS counts and the prices. Storage and data transfer are not included. */
import { Duration } from 'aws-cdk-lib/core';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNamespace, stageDimension } from '../../shared/metrics/metric-recorder.ts';
import { functions, type FunctionName } from '../functions.ts';
import { prices } from '../prices.ts';
import { lookupIndexName } from '../table.ts';
import type { MonitoredResources } from './metric-sources.ts';

const period = Duration.hours(1);
const million = 1_000_000;

function sum(namespace: string, metricName: string, dimensionsMap: Record<string, string>): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, statistic: Stats.SUM, period });
}

/** A counted metric, and what one of its units costs in dollars. */
interface Charge {
  metric: Metric;
  dollars: number;
}

/** The form of an image, and the objects that are made of it: itself and three thumbnails. Other files are two. */
const writesOfFile = 5;

/** Returns a graph line for each part of the bill. */
export function costPerHour(stage: string, monitored: MonitoredResources): MathExpression[] {
  const { functions: deployed, table, httpApi, webSocketApi } = monitored;
  const ofTable = { TableName: table.tableName };
  const ofIndex = { ...ofTable, GlobalSecondaryIndexName: lookupIndexName };

  const sockets: Charge[] = [
    {
      metric: sum('AWS/ApiGateway', 'MessageCount', { ApiId: webSocketApi.apiId }),
      dollars: prices.perMillionSocketMessages / million,
    },
    {
      metric: sum(metricNamespace, 'ConnectionTime', { [stageDimension]: stage }),
      dollars: prices.perMillionConnectionMinutes / million / 60_000,
    },
  ];
  const http: Charge[] = [
    {
      metric: sum('AWS/ApiGateway', 'Count', { ApiId: httpApi.apiId }),
      dollars: prices.perMillionHttpRequests / million,
    },
  ];
  const database: Charge[] = [ofTable, ofIndex].flatMap((dimensions) => [
    {
      metric: sum('AWS/DynamoDB', 'ConsumedWriteCapacityUnits', dimensions),
      dollars: prices.perMillionWriteUnits / million,
    },
    {
      metric: sum('AWS/DynamoDB', 'ConsumedReadCapacityUnits', dimensions),
      dollars: prices.perMillionReadUnits / million,
    },
  ]);
  const lambda: Charge[] = Object.entries(deployed).flatMap(([name, { functionName }]) => [
    {
      metric: sum('AWS/Lambda', 'Invocations', { FunctionName: functionName }),
      dollars: prices.perMillionInvocations / million,
    },
    {
      metric: sum('AWS/Lambda', 'Duration', { FunctionName: functionName }),
      dollars: (prices.perGbSecond / 1_000) * (functions[name as FunctionName].memoryMb / 1_024),
    },
  ]);
  const files: Charge[] = [
    {
      metric: sum(metricNamespace, 'FilesChecked', { [stageDimension]: stage }),
      dollars: (writesOfFile * prices.perMillionObjectWrites + prices.perMillionObjectReads) / million,
    },
  ];
  const logs: Charge[] = Object.values(deployed).map(({ logGroup }) => ({
    metric: sum('AWS/Logs', 'IncomingBytes', { LogGroupName: logGroup.logGroupName }),
    dollars: prices.perGbLogged / 1_000_000_000,
  }));
  return [
    total('WebSocket API', 'ws', sockets),
    total('HTTP API', 'http', http),
    total('DynamoDB', 'db', database),
    total('Lambda', 'fn', lambda),
    total('Requests to the bucket of files', 'obj', files),
    total('Logs and metrics of functions', 'log', logs),
  ];
}

/** A metric without data has no value, and a sum with it would have none either, hence FILL. */
function total(label: string, prefix: string, charges: Charge[]): MathExpression {
  const named = charges.map((charge, index) => ({ ...charge, id: `${prefix}${index}` }));
  return new MathExpression({
    label,
    period,
    expression: named.map(({ id, dollars }) => `FILL(${id}, 0) * ${dollars.toFixed(15)}`).join(' + '),
    usingMetrics: Object.fromEntries(named.map(({ id, metric }) => [id, metric])),
  });
}
