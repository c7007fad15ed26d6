import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../../local/functions/invocation-failure.ts';
import type { InvocationResult } from '../../../local/functions/invocation.ts';
import { createDatabaseMeter } from '../../../local/metrics/database-meter.ts';
import { createGatewayMetrics } from '../../../local/metrics/gateway-metrics.ts';
import { createInvocationMeter } from '../../../local/metrics/invocation-meter.ts';
import { createMetricStore, type MetricStore } from '../../../local/metrics/metric-store.ts';
import type { LambdaFunction, LocalStack } from '../../../local/stack.ts';

let store: MetricStore;
beforeEach(() => {
  store = createMetricStore();
});

/** Returns a statistic of all values of a metric. */
const read = (
  namespace: string,
  name: string,
  dimensions: Record<string, string>,
  statistic = 'Sum',
): number | undefined =>
  store.statistic({ namespace, name, dimensions }, statistic, { afterMs: 0, untilMs: Date.now() });

describe('the metrics of invocations', () => {
  const functions = [{ logicalId: 'F', functionName: 'chat' }] as LambdaFunction[];
  const openMeter = () =>
    createInvocationMeter(functions, [{ logicalId: 'Q', queueName: 'failures' }], store);
  const ofChat = (name: string, statistic?: string) =>
    read('AWS/Lambda', name, { FunctionName: 'chat' }, statistic);
  const succeed = async (): Promise<InvocationResult> => ({ ok: true, payload: 'null' });

  it('count invocations and errors, and throttles as neither', async () => {
    const meter = openMeter();
    await meter.count('F', succeed);
    await meter.count('F', async () => failure('Error', 'crashed'));
    await meter.count('F', async () => failure('TooManyRequestsException', 'throttled'));
    expect([ofChat('Invocations'), ofChat('Errors'), ofChat('Throttles')]).toEqual([2, 1, 1]);
    expect(ofChat('Duration', 'SampleCount')).toBe(2);
  });

  it('have the most invocations that ran at the same time', async () => {
    const meter = openMeter();
    await Promise.all([meter.count('F', succeed), meter.count('F', succeed), meter.count('F', succeed)]);
    await meter.count('F', succeed);
    expect(read('AWS/Lambda', 'ClaimedAccountConcurrency', {}, 'Maximum')).toBe(3);
  });

  it('have the age of the last record of a batch, and count the batch', async () => {
    const at = (secondsAgo: number) => ({
      dynamodb: { ApproximateCreationDateTime: Date.now() / 1_000 - secondsAgo },
    });
    await openMeter().batches(succeed)('F', { Records: [at(90), at(70)] });
    expect(ofChat('IteratorAge', 'Maximum')).toBeCloseTo(70_000, -3);
    expect(ofChat('Invocations')).toBe(1);
  });

  it('have the age of asynchronous events and the messages of queues', () => {
    const meter = openMeter();
    meter.asyncEventAge('F', 61_000);
    meter.messageSent('Q');
    expect(ofChat('AsyncEventAge', 'Maximum')).toBe(61_000);
    expect(read('AWS/SQS', 'NumberOfMessagesSent', { QueueName: 'failures' })).toBe(1);
  });
});

describe('the metrics of the gateway', () => {
  const accessLog = (logGroup: string) => ({
    logGroup,
    format:
      '{"status":"$context.status","integrationStatus":"$context.integration.status","ip":"$context.x"}',
  });
  const stack = {
    httpApi: { apiId: 'http', accessLog: accessLog('http-log') },
    webSocketApi: { apiId: 'ws', accessLog: accessLog('ws-log') },
  } as LocalStack;
  let lines: string[];
  const openMeter = () =>
    createGatewayMetrics(stack, store, (group, line) => void lines.push(`${group} ${line}`));
  const http = (name: string) => read('AWS/ApiGateway', name, { ApiId: 'http' });
  const socket = (name: string) => read('AWS/ApiGateway', name, { ApiId: 'ws' });
  beforeEach(() => {
    lines = [];
  });

  it('count HTTP requests by their status', () => {
    const meter = openMeter();
    for (const status of [200, 404, 500, 503]) meter.httpRequest({ status, latencyMs: 10 });
    expect(['Count', '4xx', '5xx', 'Latency'].map(http)).toEqual([4, 1, 2, 40]);
  });

  it('tell errors that a function of a socket returns from those of calling it', () => {
    const meter = openMeter();
    meter.socketRequest('CONNECT', { status: 401, integration: { status: 401, latencyMs: 5 } });
    meter.socketRequest('MESSAGE', { status: 500, integration: { status: undefined, latencyMs: 5 } });
    meter.socketRequest('MESSAGE', { status: 429 });
    meter.messagePosted();
    const names = ['ConnectCount', 'MessageCount', 'IntegrationError', 'ExecutionError', 'ClientError'];
    expect(names.map(socket)).toEqual([1, 3, 1, 1, 1]);
  });

  it('write access log lines, with a hyphen for what was not called or is not known', () => {
    const meter = openMeter();
    meter.httpRequest({ status: 429, latencyMs: 1 });
    meter.socketRequest('MESSAGE', { status: 200, integration: { status: 200, latencyMs: 1 } });
    expect(lines).toEqual([
      'http-log {"status":"429","integrationStatus":"-","ip":"-"}',
      'ws-log {"status":"200","integrationStatus":"200","ip":"-"}',
    ]);
  });
});

describe('the metrics of the database', () => {
  it.each([
    ['GetItem', 'ProvisionedThroughputExceededException', 1, undefined],
    ['PutItem', 'ThrottlingException', undefined, 1],
    ['TransactWriteItems', 'RequestLimitExceeded', undefined, 1],
    ['PutItem', 'ConditionalCheckFailedException', undefined, undefined],
  ])('count %s that fails with %s as throttled reads %s and writes %s', (operation, type, reads, writes) => {
    createDatabaseMeter('chat', store).failed(operation, JSON.stringify({ __type: `namespace#${type}` }));
    const of = (name: string) => read('AWS/DynamoDB', name, { TableName: 'chat' });
    expect([of('ReadThrottleEvents'), of('WriteThrottleEvents')]).toEqual([reads, writes]);
  });
});
