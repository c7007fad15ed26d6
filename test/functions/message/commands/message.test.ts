import { describe, expect, it, vi } from 'vitest';
import { entryCharge, fanOutSurcharge } from '../../../../shared/domain/rate-limits/charges.ts';
import { userBudget } from '../../../../shared/domain/rate-limits/user-budget.ts';
import { noBudgetLimits, roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, connectionOf } from '../../../kit/memory-chat/system.ts';
import { inRoom, openSockets, hi } from '../open-sockets.ts';

describe('the message command', () => {
  it('acknowledges the message to its sender, and publishes it to all, including the sender', async () => {
    const { ports, run } = await openSockets();
    await run(hi);
    expect(new Set(ports.connectionGateway.framesTo('a').map(({ type }) => type))).toEqual(
      new Set(['ack', 'chat_message']),
    );
    expect(ports.connectionGateway.framesTo('a')).toHaveLength(2);
    expect(ports.connectionGateway.framesTo('b')).toMatchObject([
      { type: 'chat_message', message: 'hi', client_id: 'c-1' },
    ]);
  });

  it('acknowledges a repeated send with the original, and publishes nothing', async () => {
    const { ports, run } = await openSockets();
    await run(hi);
    await run(hi);
    const [first, second] = ports.connectionGateway.framesTo('a').filter(({ type }) => type === 'ack');
    expect(second).toEqual({ ...first, duplicate: true });
    expect(ports.connectionGateway.framesTo('b')).toHaveLength(1);
  });

  it('leaves publishing to the table stream in a large room', async () => {
    const { ports, run } = await openSockets();
    await ports.rooms.addShards(roomId, 1, 4);
    await run(hi);
    expect(ports.connectionGateway.done).toEqual(['post a ack']);
    expect(await ports.log.get(roomId, 1)).toMatchObject({ outbox: true });
  });

  it('is refused on every socket of a user beyond their rate, until the window has ended', async () => {
    const { ports, run } = await openSockets({ writesPer10Seconds: 10 });
    await ports.connections.open(connectionOf(ann, 'a2', inRoom));
    // Spent by another instance, such as one of the HTTP function.
    await userBudget(ports, noBudgetLimits).spend(ann.userId, { costMicroDollars: 1, isWrite: true });
    const overSecond = (content: string) =>
      run({ type: 'message', content }, ports.connections.all.get('a2'));
    for (let count = 0; count < 5; count += 1) await run({ type: 'message', content: 'hi' });
    for (let count = 0; count < 4; count += 1) await overSecond('hi');
    const limited = { code: 'rate_limited', retryAfterMs: 10_000 };
    await expect(run({ type: 'message', content: 'hi' })).rejects.toMatchObject(limited);
    await expect(overSecond('hi')).rejects.toMatchObject(limited);
    expect((await ports.rooms.head(roomId))?.seq).toBe(9);
    await run({ type: 'message', content: 'hi' }, ports.connections.all.get('b'));
    ports.clock.pass(10_000);
    await expect(overSecond('hi')).resolves.toBeUndefined();
  });

  it('charges the fan-out of a large room, and acknowledges the message when that cannot be charged', async () => {
    const { ports, run } = await openSockets();
    await ports.rooms.addShards(roomId, 1, 4);
    await run(hi);
    expect(ports.budgets.spent.map(({ costMicroDollars }) => costMicroDollars)).toEqual([
      entryCharge(2).costMicroDollars,
      fanOutSurcharge({ shards: 4 }, 2),
    ]);
    ports.budget.charge = () => Promise.reject(new Error('throttled'));
    await expect(run({ type: 'message', content: 'ho' })).resolves.toBeUndefined();
    expect(ports.connectionGateway.done).toEqual(['post a ack', 'post a ack']);
  });
});

describe('a stored message', () => {
  it('is acknowledged without an error when it cannot be published, and the failure is logged', async () => {
    const { ports, run } = await openSockets();
    ports.subscriptions.shard = () => Promise.reject(new Error('throttled'));
    const log = vi.spyOn(ports.logger, 'error');
    await expect(run(hi)).resolves.toBeUndefined();
    expect(log).toHaveBeenCalledOnce();
    expect(ports.connectionGateway.done).toEqual(['post a ack']);
  });
});
