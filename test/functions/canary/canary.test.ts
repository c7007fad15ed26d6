/** The canary against a local runtime: on one that works, and with the faults that it is there to find. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { stageSettings } from '../../../infra/stages.ts';
import { isKept } from '../../../functions/canary/check-promises.ts';
import { rulesOf, type FaultRule } from '../../chaos/harness/rules.ts';
import { openTableReader, type TableReader } from '../../chaos/harness/table-reader.ts';
import { call } from '../../kit/deployment.ts';
import { useRuntime } from '../../kit/use-runtime.ts';
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';

const { runtime } = useRuntime({ faults: true });

const rules = rulesOf(() => runtime().url);
afterEach(() => rules.clear());

const sent = stageSettings('local').canaryMessages;

/** Invokes the canary as its schedule does on AWS, and returns its result. */
async function check(): Promise<any> {
  const { functionName } = runtime().stack.functions.find(({ logicalId }) => logicalId.startsWith('canary'))!;
  const answer = await call('POST', `/_aws/lambda/2015-03-31/functions/${functionName}/invocations`, {
    body: {},
  });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

const health = async () => (await call('GET', '/health/promises/')).body;

async function withReader<T>(read: (table: TableReader) => Promise<T>): Promise<T> {
  const table = openTableReader(() => runtime().engine.endpoint, runtime().stack.table.tableName);
  try {
    return await read(table);
  } finally {
    table.close();
  }
}

/**
 * Runs a check, and deletes its first message as soon as it is stored, as a defect or a mistake of an operator could. The logs
 * of earlier checks may not have been purged yet.
 */
async function checkWithLoss(): Promise<any> {
  const { endpoint, credentials } = runtime().engine;
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  return withReader(async (table) => {
    const earlier = new Set((await table.startingWith('LOG#')).map(({ pk }) => pk));
    const checking = check();
    await vi.waitFor(
      async () => {
        const entries = (await table.startingWith('LOG#')).filter(({ pk }) => !earlier.has(pk));
        const entry = entries.find(({ client_id: id }) => id === 'message-0');
        expect(entry).toBeDefined();
        const Key = { pk: { S: entry!.pk }, sk: { S: entry!.sk } };
        await client.send(new DeleteItemCommand({ TableName: runtime().stack.table.tableName, Key }));
      },
      { timeout: 15_000, interval: 20 },
    );
    client.destroy();
    return checking;
  });
}

describe('the canary', { timeout: 90_000 }, () => {
  it('keeps its result for GET /health/promises/, and leaves no room behind', async () => {
    const before = await health();
    expect(before).toMatchObject({ status: expect.stringMatching(/^(unknown|ok|failing)$/) });
    // The users are registered by the first check, and sign in at the second.
    for (let round = 0; round < 2; round += 1) {
      expect(await check()).toMatchObject({
        isKept: true,
        sent,
        acknowledged: sent,
        lost: 0,
        missed: 0,
        misplaced: 0,
      });
    }
    expect(await health()).toEqual({
      status: 'ok',
      last_check: {
        checked_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        completed: true,
        sent,
        acknowledged: sent,
        lost: 0,
        missed: 0,
        misplaced: 0,
        median_ms: expect.any(Number),
        slowest_ms: expect.any(Number),
      },
    });
    await withReader((table) =>
      vi.waitFor(
        async () => {
          const rooms = await table.startingWith('ROOM#');
          expect(
            rooms.filter(({ sk, deleted_at: deletedAt }) => sk === 'ROOM' && deletedAt === undefined),
          ).toEqual([]);
        },
        { timeout: 15_000 },
      ),
    );
  });

  it.each<[string, FaultRule, object]>([
    [
      'messages that are dropped on their way to the receiver',
      { point: 'connections', action: 'drop', match: { function: 'message', contains: '"chat_message"' } },
      { missed: sent / 2, acknowledged: sent, lost: 0 },
    ],
    [
      'an API that refuses every request',
      { point: 'invoke', action: 'fail', match: { function: 'accounts' } },
      { sent: 0, problem: expect.stringContaining('answered 500') },
    ],
    [
      'a root that is not answered, where users expect the page',
      { point: 'invoke', action: 'fail', match: { function: 'docs', contains: '"rawPath":"/",' } },
      { sent: 0, problem: 'GET / answered 500' },
    ],
  ])('finds %s', async (_, rule, expected) => {
    await rules.add(rule);
    expect(await check()).toMatchObject({ isKept: false, ...expected });
    expect(await health()).toMatchObject({ status: 'failing' });
  });

  it('finds an acknowledged message that is no longer stored', async () => {
    // So that the message can be deleted while the check runs.
    await rules.add({ point: 'invoke', action: 'delay', delayMs: 300, match: { function: 'message' } });
    expect(await checkWithLoss()).toMatchObject({ isKept: false, lost: 1 });
  });

  it('accepts messages that arrive twice, which the promises allow', async () => {
    await rules.add({ point: 'connections', action: 'duplicate', match: { contains: '"chat_message"' } });
    expect(await check()).toMatchObject({ misplaced: 0, lost: 0, missed: 0 });
  });

  it('does not count a result as kept in which a message was not acknowledged or the check was broken off', () => {
    const good = { sent: 2, acknowledged: 2, lost: 0, missed: 0, misplaced: 0, deliveryMs: [] };
    expect(isKept(good)).toBe(true);
    expect(isKept({ ...good, acknowledged: 1 })).toBe(false);
    expect(isKept({ ...good, misplaced: 1 })).toBe(false);
    expect(isKept({ ...good, problem: 'no answer' })).toBe(false);
  });
});
