import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openConnectionGateway } from '../../../shared/realtime/connection-gateway.ts';
import type { MetricName } from '../../../shared/metrics/metric-table.ts';
import { recordedMetrics, type RecordedMetrics } from '../../kit/memory-chat/metrics.ts';

let statuses: number[] = [];
const server = createServer((_, response) => void response.writeHead(statuses.shift() ?? 500).end());
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let metrics: RecordedMetrics;
beforeEach(() => {
  metrics = recordedMetrics();
});
const openGateway = () =>
  openConnectionGateway(`http://127.0.0.1:${port}/stage`, {
    region: 'us-east-1',
    credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
    clock: { now: () => Date.now() },
    // Retries follow at once, without a pause.
    random: { integer: () => 0 },
    logger: { warn: () => undefined },
    metrics,
  });

const names = ['PostsSent', 'PostsGone', 'PostsThrottled', 'PostsFailed', 'ClosesFailed'] as const;
const counted = () =>
  Object.fromEntries(
    names
      .map((name: MetricName) => [name, metrics.of(name).length] as const)
      .filter(([, times]) => times > 0),
  );

describe('a post', () => {
  it.each([
    [[200], { PostsSent: 1 }],
    [[410], { PostsGone: 1 }],
    [[403], { PostsFailed: 1 }],
    [[429, 200], { PostsThrottled: 1, PostsSent: 1 }],
    [[429, 429, 429], { PostsThrottled: 3, PostsFailed: 1 }],
    [[500, 500, 500], { PostsFailed: 1 }],
  ])('that is answered with %j counts as %j', async (answers, expected) => {
    statuses = [...answers];
    await openGateway().post('c', 'x');
    expect(counted()).toEqual(expected);
  });
});

describe('a closing', () => {
  it.each([
    [[204], {}],
    [[410], {}],
    [[403], { ClosesFailed: 1 }],
    [[429, 204], { PostsThrottled: 1 }],
  ])('that is answered with %j counts as %j', async (answers, expected) => {
    statuses = [...answers];
    await openGateway().close('c');
    expect(counted()).toEqual(expected);
  });
});
