import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { FunctionName } from '../../../infra/functions.ts';
import type { AlarmName } from '../../../infra/monitoring/alarm-table.ts';
import { withoutGrantVariable } from '../../kit/app.ts';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call, chatUrl, useDeployment } from '../../kit/deployment.ts';
import { eventually } from '../../kit/eventually.ts';
import { bodyOf } from '../../kit/request.ts';
import { openRoomOfTwo, sendMessage } from '../../kit/room-sockets.ts';
import { newRoom, postMessage } from '../../kit/rooms.ts';
import { newUser } from '../../kit/users.ts';
import { startTestRuntime, type TestRuntime, type TestRuntimeOptions } from '../../kit/runtime.ts';

let started: TestRuntime;

/** Starts a runtime for the tests of a block. Alarms stay raised for minutes, so each test begins without values. */
function useMonitored(options: TestRuntimeOptions): void {
  beforeAll(async () => {
    started = await startTestRuntime(options);
    useDeployment(started.runtime.url);
  });
  beforeEach(() => started.runtime.metrics.store.clear());
  afterEach(async () => void (options.faults === true && (await call('DELETE', '/_local/faults'))));
  afterAll(async () => {
    useDeployment(undefined);
    await started.stop();
  });
}

const inject = (...rules: object[]): Promise<unknown> =>
  bodyOf(200, call('POST', '/_local/faults', { body: rules }));

/** Answers all calls of a function to the database with an error. */
const failDatabaseCalls = (name: FunctionName, error: string): Promise<unknown> =>
  inject({ point: 'database', action: 'fail', status: 400, error, match: { function: name } });

/** Returns the rows of the alarms that are raised. */
const raised = (): string[] => {
  const alarms = started.runtime.metrics.alarms().filter(({ state }) => state === 'ALARM');
  return [...new Set(alarms.map(({ name }) => name.replace(/^ServerlessChat-local-/, '').split('-')[0]!))];
};

/** Waits until all these alarms are raised. */
const untilRaised = (...names: AlarmName[]): Promise<void> =>
  eventually(() => {
    expect(raised()).toEqual(expect.arrayContaining(names));
  });

/** Sends frames without waiting for what comes of each. */
function sendFrames(socket: ChatSocket, count: number): void {
  for (let frame = 0; frame < count; frame += 1) socket.send({ type: 'message', content: `m${frame}` });
}

describe('no alarm', () => {
  useMonitored({});

  it('is raised by a conversation without faults, and what it did is counted', async () => {
    const { ann, room, anns, bobs } = await openRoomOfTwo();
    for (let message = 0; message < 10; message += 1) await sendMessage(anns, `m${message}`);
    await postMessage(ann, room, 'over HTTP');
    await bobs.find((event) => JSON.stringify(event).includes('over HTTP'));
    await Promise.all([anns.close(), bobs.close()]);
    const { metrics } = started.runtime;
    const sum = (name: string) =>
      metrics.store.statistic({ namespace: 'ServerlessChat', name, dimensions: { Stage: 'local' } }, 'Sum', {
        afterMs: 0,
        untilMs: Date.now(),
      });
    await eventually(() => expect(sum('ConnectionsClosed')).toBe(2));
    expect(sum('MessagesStored')).toBe(11);
    expect(sum('ConnectionsOpened')).toBe(2);
    expect(sum('PostsSent')).toBeGreaterThan(30);
    expect(sum('FanOutTime')).toBeGreaterThanOrEqual(0);
    expect(sum('ChangeLag')).toBeGreaterThanOrEqual(0);
    expect(raised()).toEqual([]);
    const { alarms } = await bodyOf(200, call('GET', '/_local/alarms'));
    expect(alarms.length).toBe(started.runtime.stack.alarms.length);
    expect(alarms.map(({ state }: { state: string }) => state)).toEqual(alarms.map(() => 'OK'));
    const shown = await bodyOf(200, call('GET', '/_local/metrics/'));
    expect(shown.metrics).toContainEqual(
      expect.objectContaining({ namespace: 'ServerlessChat', name: 'MessagesStored', Sum: 11 }),
    );
  });
});

describe('an alarm', () => {
  useMonitored({ faults: true });

  it('is raised when the role of message does not allow a call', async () => {
    const { anns } = await openRoomOfTwo();
    await failDatabaseCalls('message', 'AccessDeniedException');
    sendFrames(anns, 6);
    await expect(untilRaised('CommandsFailed', 'LoggedErrors')).resolves.toBeUndefined();
  });

  it('is raised when the role of chat does not allow a call', async () => {
    const user = await newUser();
    await failDatabaseCalls('chat', 'AccessDeniedException');
    for (let request = 0; request < 6; request += 1)
      await call('GET', '/chat/rooms/mine/', { token: user.access });
    await expect(untilRaised('RequestsFailed', 'HttpServerErrors', 'LoggedErrors')).resolves.toBeUndefined();
  });

  it('is raised when the role of docs does not allow a call', async () => {
    await failDatabaseCalls('docs', 'AccessDeniedException');
    for (let request = 0; request < 6; request += 1)
      expect((await call('GET', '/health/promises/')).status).toBe(500);
    await expect(untilRaised('RequestsFailed', 'HttpServerErrors', 'LoggedErrors')).resolves.toBeUndefined();
  });

  it('is raised when the role of inbox does not allow a call', async () => {
    const { ann, room } = await openRoomOfTwo();
    const inbox = await ChatSocket.open('/ws/chat/?inbox=1', { token: ann.access });
    await inbox.find(({ type }) => type === 'ready');
    await failDatabaseCalls('inbox', 'AccessDeniedException');
    await postMessage(ann, room, 'an activity');
    await expect(untilRaised('FailedRecords')).resolves.toBeUndefined();
  });

  it('is raised when the table throttles', async () => {
    const { anns } = await openRoomOfTwo();
    await failDatabaseCalls('message', 'ProvisionedThroughputExceededException');
    sendFrames(anns, 6);
    await expect(untilRaised('TableReadThrottles', 'CommandsFailed')).resolves.toBeUndefined();
  });

  it('is raised when batches of the table stream crash', async () => {
    const user = await newUser();
    const room = await newRoom(user);
    await inject({ point: 'stream', action: 'fail', match: { function: 'tableStream' } });
    for (let message = 0; message < 5; message += 1) await postMessage(user, room, 'left to the stream');
    await expect(untilRaised('FunctionErrors')).resolves.toBeUndefined();
  });

  it('is raised when posts fail', async () => {
    const { anns } = await openRoomOfTwo();
    await inject({ point: 'connections', action: 'fail', status: 403, match: { method: 'POST' } });
    sendFrames(anns, 20);
    await expect(untilRaised('PostsFailed')).resolves.toBeUndefined();
  });

  it('is raised when posts hang', async () => {
    const { anns } = await openRoomOfTwo();
    await inject({ point: 'connections', action: 'delay', delayMs: 60_000, match: { method: 'POST' } });
    sendFrames(anns, 20);
    await expect(untilRaised('PostsFailed')).resolves.toBeUndefined();
  });

  it('is raised when posts are throttled', async () => {
    const { anns } = await openRoomOfTwo();
    await inject({ point: 'connections', action: 'fail', status: 429, match: { method: 'POST' } });
    sendFrames(anns, 20);
    await expect(untilRaised('PostsThrottled')).resolves.toBeUndefined();
  });

  it('is raised when handshakes are refused at a rate', async () => {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = new WebSocket(`${chatUrl().replace(/^http/, 'ws')}/ws/chat/?token=none`);
        await once(socket, 'error');
      }),
    );
    await expect(untilRaised('HandshakesRefused')).resolves.toBeUndefined();
    expect(raised()).not.toContain('HandshakesFailed');
  });

  it('is raised when handshakes fail', async () => {
    const user = await newUser();
    await failDatabaseCalls('connect', 'AccessDeniedException');
    for (let attempt = 0; attempt < 5; attempt += 1)
      await ChatSocket.open('/ws/chat/', { token: user.access }).catch(() => undefined);
    await expect(untilRaised('HandshakesFailed')).resolves.toBeUndefined();
  });

  it('is raised when Lambda throttles invocations', async () => {
    await inject({
      point: 'invoke',
      action: 'fail',
      error: 'TooManyRequestsException',
      match: { function: 'docs' },
    });
    expect((await call('GET', '/health/')).status).toBe(500);
    await expect(untilRaised('FunctionThrottles')).resolves.toBeUndefined();
  });

  it('is raised when functions of the WebSocket API crash', async () => {
    const { anns } = await openRoomOfTwo();
    await inject({ point: 'invoke', action: 'fail', match: { function: 'message' } });
    sendFrames(anns, 5);
    await expect(untilRaised('SocketErrors', 'FunctionErrors')).resolves.toBeUndefined();
  });
});

describe('an alarm on the table stream', () => {
  useMonitored({ faults: true });

  it('is raised when the handler of the table stream fails, although its invocations succeed', async () => {
    const user = await newUser();
    const room = await newRoom(user);
    await failDatabaseCalls('tableStream', 'AccessDeniedException');
    for (let message = 0; message < 5; message += 1) await postMessage(user, room, 'left to the stream');
    await expect(untilRaised('ChangesFailed', 'LoggedErrors')).resolves.toBeUndefined();
    expect(raised()).not.toContain('FunctionErrors');
  });
});

describe('an alarm of a gateway that throttles', () => {
  useMonitored({ limits: { requestsPerSecond: 1, requestBurst: 5 } });

  it('is raised by its refusals, and not by those of the functions', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('GET', '/health/')));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
    await expect(untilRaised('HttpThrottles')).resolves.toBeUndefined();
  });
});

describe('an alarm of a function whose role lacks a grant', () => {
  useMonitored({ settings: { [withoutGrantVariable]: 'message dynamodb:PutItem' } });

  it('is raised by the calls that the role does not allow, and by no other function', async () => {
    const { ann, room, anns } = await openRoomOfTwo();
    sendFrames(anns, 6);
    await expect(untilRaised('CommandsFailed', 'LoggedErrors')).resolves.toBeUndefined();
    expect(raised()).not.toContain('RequestsFailed');
    // The role of chat still allows to store a message.
    await postMessage(ann, room, 'over HTTP');
  });
});

describe('an alarm of a function with reserved concurrency', () => {
  useMonitored({ settings: { HANDSHAKE_CONCURRENCY: '1' } });

  it('is raised when more handshakes come at once than it may run', async () => {
    const user = await newUser();
    const handshakes = await Promise.allSettled(
      Array.from({ length: 10 }, () => ChatSocket.open('/ws/chat/', { token: user.access })),
    );
    expect(handshakes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(handshakes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    await expect(untilRaised('FunctionThrottles')).resolves.toBeUndefined();
    expect(raised()).not.toContain('FunctionErrors');
  });
});
