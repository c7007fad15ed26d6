import { describe, expect, it, vi } from 'vitest';
import { endSessions } from '../../../../shared/domain/accounts/end-sessions.ts';
import { ChatError } from '../../../../shared/domain/chat-error.ts';
import { isAlive, subscriberOf } from '../../../../shared/domain/connections/subscribers.ts';
import { openConnection } from '../../../../shared/domain/connections/open-connection.ts';
import { isDueForReconnect } from '../../../../shared/domain/connections/planned-reconnect.ts';
import { createTicket } from '../../../../shared/domain/connections/tickets.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import type { Connection } from '../../../../shared/domain/model/connections.ts';
import { openingCharge, openingSurcharge } from '../../../../shared/domain/rate-limits/charges.ts';
import { memoryChat, openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, start } from '../../../kit/memory-chat/system.ts';

const settings = { mayCreateRooms: true, connectionsPerUser: 2 };

/** Registers sockets that opened a while ago. */
async function withSocketsOf(chat: MemoryChat, caller: Caller, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const connection = connectionOf(caller, id);
    await chat.connections.open(connection);
    await chat.subscriptions.add(caller.userId, subscriberOf(connection, 0, connection.openedAtMs));
  }
}

/** Returns the connections whose commands would be accepted. */
async function livingOf(chat: MemoryChat, { userId }: Caller): Promise<Connection[]> {
  const registered = chat.subscriptions.of(userId).map(({ connectionId }) => connectionId);
  const connections = await chat.connections.getMany(registered);
  return connections.filter((one) => one.ended === undefined && isAlive(one, chat.clock.now()));
}

describe('openConnection', () => {
  const opening = { connectionId: 'c1', room: undefined, after: undefined, history: 50, batch: false };

  it('opens a connection without a room, which can join many', async () => {
    const chat = memoryChat();
    await openConnection(chat, ann, opening, settings);
    expect(chat.connections.all.get('c1')).toMatchObject({
      isSingleRoom: false,
      rooms: {},
      tokenEndsAtMs: ann.tokenEndsAtMs,
    });
  });

  it('binds a connection to the room that it was opened with, and leaves the membership to the welcome', async () => {
    const chat = await openChat();
    await openConnection(chat, bob, { ...opening, room: 'general', after: 3 }, settings);
    expect(chat.connections.all.get('c1')).toMatchObject({
      isSingleRoom: true,
      rooms: { [roomId]: { name: 'general' } },
      after: 3,
      joinsRoom: true,
    });
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
    await openConnection(chat, ann, { ...opening, connectionId: 'a1', room: 'general' }, settings);
    expect(chat.connections.all.get('a1')).not.toHaveProperty('joinsRoom');
  });

  it('still waits for the room when the session cannot be checked', async () => {
    const chat = await openChat();
    let answer = (): void => undefined;
    chat.rooms.getByName = async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return 'none';
    };
    chat.admissions.get = () => Promise.reject(new Error('no answer'));
    let hasEnded = false;
    const opened = openConnection(chat, ann, { ...opening, room: 'elsewhere' }, settings).finally(
      () => (hasEnded = true),
    );
    opened.catch(() => undefined);
    await new Promise(setImmediate);
    expect(hasEnded).toBe(false);
    answer();
    await expect(opened).rejects.toThrow('no answer');
  });

  it('registers the connection under its user, and not in its room', async () => {
    const chat = await openChat({}, bob);
    const connection = await openConnection(chat, bob, { ...opening, room: 'general' }, settings);
    expect(chat.subscriptions.of(bob.userId)).toEqual([subscriberOf(connection, 0, start)]);
    expect(chat.subscriptions.of(roomId)).toEqual([]);
  });

  it('refuses a session that was ended', async () => {
    const chat = memoryChat();
    await chat.revocations.revoke(ann.sessionId, start);
    await expect(openConnection(chat, ann, opening, settings)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(chat.connections.all.size).toBe(0);
  });

  it('does not open the room that had the name before', async () => {
    const chat = await openChat({ isPrivate: true });
    chat.rooms.cachedRoomId = () => roomId;
    const { rooms } = await openConnection(chat, bob, { ...opening, room: 'elsewhere' }, settings);
    expect(Object.keys(rooms)).not.toContain(roomId);
    expect(Object.values(rooms)).toMatchObject([{ name: 'elsewhere' }]);
    await expect(openConnection(chat, bob, { ...opening, room: 'general' }, settings)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('refuses a session that was ended as unauthorized, whatever room is named', async () => {
    const chat = await openChat();
    await chat.revocations.revoke(bob.sessionId, start);
    for (const room of ['general', roomId, 'nowhere'])
      await expect(openConnection(chat, bob, { ...opening, room }, settings)).rejects.toMatchObject({
        code: 'unauthorized',
      });
    expect(chat.connections.all.size).toBe(0);
  });

  it('refuses a user who has reached the limit of connections, and leaves no registration', async () => {
    const chat = await openChat({}, bob);
    await withSocketsOf(chat, bob, 'b1', 'b2');
    const limited = { code: 'rate_limited' };
    for (const room of [undefined, 'general', 'new'])
      await expect(openConnection(chat, bob, { ...opening, room }, settings)).rejects.toMatchObject(limited);
    await expect(createTicket(chat, bob, undefined, settings)).rejects.toMatchObject(limited);
    expect([...chat.connections.all.keys()]).toEqual(['b1', 'b2']);
    expect(chat.subscriptions.of(bob.userId)).toHaveLength(2);
    expect(chat.state.names.has('new')).toBe(false);
    await openConnection(chat, ann, opening, settings);
  });

  it('ends newer connections of the user that exceed the limit', async () => {
    const chat = memoryChat();
    await withSocketsOf(chat, ann, 'a1');
    for (const [at, id] of ['a2', 'a3'].entries()) {
      const newer = connectionOf(ann, id, { openedAtMs: start + 1 + at });
      await chat.connections.open(newer);
      await chat.subscriptions.add(ann.userId, subscriberOf(newer, 0, start));
    }
    await openConnection(chat, ann, opening, settings);
    const ended = (id: string) => chat.connections.all.get(id)?.ended;
    expect(['a1', 'c1', 'a2', 'a3'].map(ended)).toEqual([undefined, undefined, 'too_many', 'too_many']);
    expect(
      chat.subscriptions.of(ann.userId).filter(({ ended: reason }) => reason === 'too_many'),
    ).toHaveLength(2);
  });

  it('opens as many connections as the limit allows when a user opens many at the same time', async () => {
    const chat = memoryChat();
    const ids = Array.from({ length: 8 }, (_, at) => `c${at}`);
    await Promise.allSettled(
      ids.map((connectionId) => openConnection(chat, ann, { ...opening, connectionId }, settings)),
    );
    expect(await livingOf(chat, ann)).toHaveLength(2);
  });

  it.each(['before it is registered', 'after it is registered, before the check', 'after the check'])(
    'does not leave a live connection when the session ends %s',
    async (when) => {
      const chat = memoryChat();
      const signOut = (): Promise<void> =>
        endSessions(chat, ann.userId, [ann.sessionId], { accessTokenLifetimeMs: 300_000 });
      const { add } = chat.subscriptions;
      const { get } = chat.admissions;
      let looks = 0;
      if (when === 'before it is registered')
        chat.subscriptions.add = async (...args) => (await signOut(), add(...args));
      if (when === 'after it is registered, before the check')
        chat.subscriptions.add = async (...args) => (await add(...args), signOut());
      if (when === 'after the check')
        chat.admissions.get = async (...args) => {
          const admission = await get(...args);
          if ((looks += 1) === 2) await signOut();
          return admission;
        };
      const outcome = await openConnection(chat, ann, opening, settings).catch((error: unknown) => error);
      expect(await livingOf(chat, ann)).toEqual([]);
      const seen =
        when === 'after the check' ? chat.connections.all.get('c1')?.ended : (outcome as ChatError).code;
      expect(seen).toBe(when === 'after the check' ? 'signed_out' : 'unauthorized');
    },
  );

  it('removes the connection and its registration when the check fails', async () => {
    const chat = memoryChat();
    vi.spyOn(chat.subscriptions, 'shard').mockRejectedValue(new Error('throttled'));
    await expect(openConnection(chat, ann, opening, settings)).rejects.toThrow('throttled');
    expect([chat.connections.all.size, chat.subscriptions.of(ann.userId).length]).toEqual([0, 0]);
  });

  it('charges the history and the fan-out before anything is written', async () => {
    const chat = await openChat({}, bob);
    await openConnection(chat, bob, { ...opening, room: 'general' }, settings);
    expect(chat.budgets.spent).toEqual([{ userId: bob.userId, writes: 0, ...openingCharge(50) }]);
    chat.budget.spend = () => Promise.reject(new ChatError('rate_limited'));
    const refused = openConnection(chat, bob, { ...opening, connectionId: 'c2', room: 'new' }, settings);
    await expect(refused).rejects.toMatchObject({ code: 'rate_limited' });
    expect([chat.connections.all.has('c2'), chat.state.names.has('new')]).toEqual([false, false]);
  });

  it('charges the surcharge of a large room', async () => {
    const chat = await openChat({}, bob);
    await chat.rooms.addShards(roomId, 1, 4);
    await openConnection(chat, bob, { ...opening, room: 'general' }, settings);
    const [first, second] = chat.budgets.spent.map(({ costMicroDollars }) => costMicroDollars);
    expect(first).toBe(openingCharge(50).costMicroDollars);
    expect(second).toBe(openingSurcharge({ shards: 4 }));
  });

  it('is due for a reconnect at a time of its own, up to 15 % after the setting', () => {
    const ids = Array.from({ length: 200 }, (_, at) => `connection-${at}`);
    const due = (after: number) =>
      ids.filter((connectionId) => isDueForReconnect({ connectionId, openedAtMs: 0 }, after, 1_000)).length;
    expect(due(1_000)).toBe(0);
    expect(due(1_075)).toBeGreaterThan(50);
    expect(due(1_075)).toBeLessThan(150);
    expect(due(1_151)).toBe(200);
  });
});
