/** Connections to the database that were dropped without notice, as while a function is frozen, with the time limits of production. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaulty, type FaultyRuntime } from '../../chaos/harness/runtime.ts';
import { call, useDeployment } from '../../kit/deployment.ts';
import { bodyOf } from '../../kit/request.ts';
import { newUser } from '../../kit/users.ts';

let chat: FaultyRuntime;

beforeAll(async () => {
  chat = await startFaulty({});
  useDeployment(chat.url);
});
afterAll(async () => {
  useDeployment(undefined);
  await chat.stop();
});

/** The time limit of one try of a request to the table, and what the rest of a request of a client may take. */
const tryMs = 2_000;
const restMs = 1_500;

describe('a function whose idle connections to the database were dropped', () => {
  it('answers after the time limit of one try', async () => {
    const user = await newUser();
    await bodyOf(200, call('GET', '/chat/rooms/mine/', { token: user.access }));
    const dropped = await bodyOf(
      200,
      call('POST', '/_local/faults/now', { body: { point: 'database', action: 'hang' } }),
    );
    expect(dropped.affected).toBeGreaterThan(0);
    const startedAtMs = Date.now();
    await bodyOf(200, call('GET', '/chat/rooms/mine/', { token: user.access }));
    expect(Date.now() - startedAtMs).toBeGreaterThan(tryMs - 100);
    expect(Date.now() - startedAtMs).toBeLessThan(tryMs + restMs);
  });
});
