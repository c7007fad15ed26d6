import { describe, expect, it } from 'vitest';
import { operations } from '../../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../../shared/contract/http/operation.ts';
import { createRoom } from '../../../../shared/domain/rooms/create-room.ts';
import { openDirectRoom } from '../../../../shared/domain/rooms/open-direct-room.ts';
import { userRates } from '../../../../shared/domain/rate-limits/user-rates.ts';
import { fakeChat } from '../../fakes/chat.ts';
import { ann, bob } from '../../fakes/system.ts';

const limited = { code: 'rate_limited' };

describe('how often one user may do something', () => {
  it('is counted for each user and each thing apart, within its time', async () => {
    const chat = fakeChat();
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

  it('holds for those that run at once', async () => {
    const rates = userRates(fakeChat(), { rooms: 5 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => rates.spend('rooms', ann.userId)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('must be set where it is spent', async () => {
    await expect(userRates(fakeChat(), {}).spend('rooms', ann.userId)).rejects.toThrow('not set');
  });

  it('is spent by a room that is made, and by no room that is found', async () => {
    const chat = fakeChat();
    const { userId, username } = bob;
    await chat.users.register(
      { userId, username, firstName: '', lastName: '', profilePicture: null, createdAt: 0 },
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

describe('an operation that is limited', () => {
  it.each(Object.entries(rows).filter(([, row]) => row.rate !== undefined))(
    '%s says so, and knows whom it limits',
    (_, row) => {
      expect(row.errors).toContain('rate_limited');
      expect(row.auth).toBe('required');
    },
  );

  it('looks people up or makes tickets', () => {
    const limitedRows = Object.entries(rows).filter(([, row]) => row.rate !== undefined);
    expect(limitedRows.map(([name, { rate }]) => [name, rate])).toEqual([
      ['findUsers', 'lookups'],
      ['createTicket', 'tickets'],
    ]);
  });
});
