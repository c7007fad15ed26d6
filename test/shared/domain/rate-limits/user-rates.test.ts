import { describe, expect, it } from 'vitest';
import { operations } from '../../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../../shared/contract/http/operation.ts';
import { createRoom } from '../../../../shared/domain/rooms/create-room.ts';
import { openDirectRoom } from '../../../../shared/domain/rooms/open-direct-room.ts';
import { userRates } from '../../../../shared/domain/rate-limits/user-rates.ts';
import { memoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../../kit/memory-chat/system.ts';

const limited = { code: 'rate_limited' };

describe('the rates of a user', () => {
  it('are counted separately for each user and each rate, in fixed windows', async () => {
    const chat = memoryChat();
    const rates = userRates(chat, { lookups: 2, tickets: 1 });
    await rates.spend('lookups', ann.userId);
    await rates.spend('lookups', ann.userId);
    chat.clock.pass(20_000);
    await expect(rates.spend('lookups', ann.userId)).rejects.toMatchObject({
      ...limited,
      retryAfterMs: 40_000,
    });
    await rates.spend('lookups', bob.userId);
    await rates.spend('tickets', ann.userId);
    chat.clock.pass(40_000);
    await rates.spend('lookups', ann.userId);
  });

  it('refuse requests above the limit that run at the same moment', async () => {
    const rates = userRates(memoryChat(), { rooms: 5 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => rates.spend('rooms', ann.userId)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('throw when a rate is spent whose limit is not set', async () => {
    await expect(userRates(memoryChat(), {}).spend('rooms', ann.userId)).rejects.toThrow('not set');
  });

  it('count a room that is created, and not a direct room that exists already', async () => {
    const chat = memoryChat();
    const { userId, username } = bob;
    await chat.users.register(
      { userId, username, firstName: '', lastName: '', profilePicture: null, createdAtMs: 0 },
      { userId, email: '' },
      { userId, username, passwordHash: '', tokenVersion: 0 },
    );
    const ports = { ...chat, rates: userRates(chat, { rooms: 2 }) };
    await createRoom(ports, ann, { name: 'one', description: '', isPrivate: false });
    for (let again = 0; again < 5; again += 1) await openDirectRoom(ports, ann, bob.userId);
    await expect(
      createRoom(ports, ann, { name: 'two', description: '', isPrivate: false }),
    ).rejects.toMatchObject(limited);
    expect(chat.state.names.get('two')).toBeUndefined();
  });
});

const rows: Record<string, Operation> = operations;

describe('an HTTP operation with a rate', () => {
  it.each(Object.entries(rows).filter(([, row]) => row.rate !== undefined))(
    '%s declares the error rate_limited and requires authentication',
    (_, row) => {
      expect(row.errors).toContain('rate_limited');
      expect(row.auth).toBe('required');
    },
  );

  it('looks users up or creates tickets', () => {
    const limitedRows = Object.entries(rows).filter(([, row]) => row.rate !== undefined);
    expect(limitedRows.map(([name, { rate }]) => [name, rate])).toEqual([
      ['findUsers', 'lookups'],
      ['createTicket', 'tickets'],
    ]);
  });
});
