import { describe, expect, it, vi } from 'vitest';
import * as fc from 'fast-check';
import { RoomId } from '../../../shared/contract/identifiers.ts';
import { endSessions } from '../../../shared/domain/accounts/end-sessions.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { hasOtherConnection, usersPresent } from '../../../shared/domain/connections/presence.ts';
import { isAlive, shardsFor, subscriberOf } from '../../../shared/domain/connections/subscribers.ts';
import { createIfMissing, findRoomByName } from '../../../shared/domain/connections/find-room-by-name.ts';
import { openConnection } from '../../../shared/domain/connections/open-connection.ts';
import { isDueForReconnect } from '../../../shared/domain/connections/planned-reconnect.ts';
import { createTicket, redeemTicket } from '../../../shared/domain/connections/tickets.ts';
import type { Caller, Connection } from '../../../shared/domain/model.ts';
import { openingCharge, openingSurcharge } from '../../../shared/domain/rate-limits/charges.ts';
import {
  directRoomId,
  directRoomName,
  openDirectRoom,
} from '../../../shared/domain/rooms/open-direct-room.ts';
import { deleteRoom } from '../../../shared/domain/rooms/delete-room.ts';
import { updateRoom } from '../../../shared/domain/rooms/update-room.ts';
import { fakeChat, openChat, roomId, type FakeChat, roomOf } from '../fakes/chat.ts';
import { ann, bob, cat, connectionOf, subscriberFor, start } from '../fakes/system.ts';

const mayMake = { mayCreateRooms: true, connectionsPerUser: 2 };

/** Sockets that were opened a while ago. */
async function withSocketsOf(chat: FakeChat, caller: Caller, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const connection = connectionOf(caller, id);
    await chat.connections.open(connection);
    await chat.subscriptions.add(caller.userId, subscriberOf(connection, 0, connection.openedAt));
  }
}

/** Connections whose commands would be taken. */
async function livingOf(chat: FakeChat, { userId }: Caller): Promise<Connection[]> {
  const registered = chat.subscriptions.of(userId).map(({ connectionId }) => connectionId);
  const connections = await chat.connections.getMany(registered);
  return connections.filter((one) => one.ended === undefined && isAlive(one, chat.clock.now()));
}

/** Finds a room as a socket does that opens it, and creates it when there is none. */
async function findOrCreate(chat: FakeChat, caller: Caller, name: string, mayCreate: boolean) {
  const found = await findRoomByName(chat, caller, name);
  return createIfMissing(chat, caller, name, { found, mayCreate });
}

async function directChat(): Promise<FakeChat> {
  const chat = fakeChat();
  const { userId, username } = bob;
  await chat.users.register(
    { userId, username, firstName: '', lastName: '', profilePicture: null, createdAt: 0 },
    { userId, email: '' },
    { userId, username, passwordHash: '', tokenVersion: 0 },
  );
  await chat.users.register(
    { ...ann, firstName: '', lastName: '', profilePicture: null, createdAt: 0 },
    { userId: ann.userId, email: '' },
    { ...ann, passwordHash: '', tokenVersion: 0 },
  );
  return chat;
}

describe('a direct room', () => {
  it('has the same id for both users, and another id for every other pair', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.uuid(), (a, b, c) => {
        fc.pre(new Set([a, b, c]).size === 3);
        expect(directRoomId(a, b)).toBe(directRoomId(b, a));
        expect(RoomId.parse(directRoomId(a, b))).toBe(directRoomId(a, b));
        expect(directRoomId(a, b)).not.toBe(directRoomId(a, c));
      }),
    );
  });

  it('is created on first use with an entry for each user, and found by both from then on', async () => {
    const chat = await directChat();
    const room = await openDirectRoom(chat, ann, bob.userId);
    expect(room).toMatchObject({
      is_direct: true,
      is_private: true,
      member_count: 2,
      room_name: directRoomName(ann.userId, bob.userId),
    });
    expect(await openDirectRoom(chat, bob, ann.userId)).toEqual(room);
    expect(
      [...chat.state.logs.get(room.room_id)!.values()].map(({ kind, outbox }) => [kind, outbox]),
    ).toEqual([
      ['member_added', true],
      ['member_added', true],
    ]);
  });

  it('is the same room when both users open it at the same time', async () => {
    const chat = await directChat();
    const [one, two] = await Promise.all([
      openDirectRoom(chat, ann, bob.userId),
      openDirectRoom(chat, bob, ann.userId),
    ]);
    expect(one).toEqual(two);
  });

  it('is refused with oneself and with an unknown user', async () => {
    const chat = await directChat();
    await expect(openDirectRoom(chat, ann, ann.userId)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(openDirectRoom(chat, ann, cat.userId)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('findRoomByName', () => {
  it('finds a room by its name in any case, and by its id', async () => {
    const chat = await openChat();
    for (const name of ['general', 'GENERAL', roomId, roomId.toUpperCase()]) {
      expect((await findRoomByName(chat, bob, name))?.room.roomId).toBe(roomId);
    }
  });

  it('prefers the id to another room that was named like it', async () => {
    const chat = await openChat();
    await chat.rooms.create(
      { ...roomOf(), roomId: '7a9f1c70-0000-4000-8000-000000000077', name: roomId },
      [],
      [],
    );
    expect((await findRoomByName(chat, bob, roomId))?.room.roomId).toBe(roomId);
  });

  it('throws forbidden for a private room by name, not_found by id, and not_found for a direct room', async () => {
    const hidden = await openChat({ isPrivate: true });
    await expect(findRoomByName(hidden, bob, 'general')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(findRoomByName(hidden, bob, roomId)).rejects.toMatchObject({ code: 'not_found' });
    const direct = await openChat({ isPrivate: true, isDirect: true, name: 'dm_a_b' });
    await expect(findRoomByName(direct, bob, 'dm_a_b')).rejects.toMatchObject({ code: 'not_found' });
    await expect(findRoomByName(direct, bob, 'dm_x_y')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('lets a missing room be created if that is allowed, and never under a reserved name', async () => {
    const chat = fakeChat();
    await expect(findOrCreate(chat, ann, 'new', false)).rejects.toMatchObject({ code: 'not_found' });
    const { room, member } = await findOrCreate(chat, ann, 'new', true);
    expect([room.isPrivate, room.creatorId, member?.role]).toEqual([false, ann.userId, 'owner']);
    await expect(findOrCreate(chat, ann, 'DM_new', true)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['general\u3164', '..', 'gеneral', 'dm\u02cdann'])(
    'lets no room be created under the invalid name %j, with a ticket or without one',
    async (name) => {
      const chat = fakeChat();
      const unavailable = { code: 'room_unavailable' };
      await expect(findOrCreate(chat, ann, name, true)).rejects.toMatchObject(unavailable);
      await expect(createTicket(chat, ann, name, mayMake)).rejects.toMatchObject(unavailable);
      expect(chat.state.rooms.size).toBe(0);
    },
  );

  it('finds a room under a name that is no longer allowed for new rooms', async () => {
    const chat = await openChat({ name: 'gеneral' });
    expect((await findRoomByName(chat, bob, 'gеneral'))?.room.roomId).toBe(roomId);
  });

  it('throws not_found for an unknown id, as for the id of a hidden room', async () => {
    const chat = fakeChat();
    await expect(findOrCreate(chat, ann, roomId, true)).rejects.toMatchObject({ code: 'not_found' });
    await expect(findRoomByName(chat, ann, roomId.toUpperCase())).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('finds a renamed room by its old name, and the connection gets the new name', async () => {
    const chat = await openChat();
    await updateRoom(chat, ann, roomId, { name: 'renamed', description: undefined });
    const { rooms } = await openConnection(
      chat,
      bob,
      { connectionId: 'b1', room: 'general', after: undefined, history: 50, batch: false },
      mayMake,
    );
    expect(rooms).toMatchObject({ [roomId]: { name: 'renamed' } });
    expect(chat.state.rooms.size).toBe(1);
  });

  it('throws forbidden for the old name of a private room, and not_found once the room was deleted', async () => {
    const chat = await openChat({ isPrivate: true });
    await updateRoom(chat, ann, roomId, { name: 'renamed', description: undefined });
    expect((await findRoomByName(chat, ann, 'general'))?.room.name).toBe('renamed');
    await expect(findRoomByName(chat, bob, 'general')).rejects.toMatchObject({ code: 'forbidden' });
    await deleteRoom(chat, ann, roomId);
    for (const name of ['general', 'renamed']) {
      await expect(findOrCreate(chat, bob, name, true)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('returns the same room when two users create it at the same time', async () => {
    const chat = fakeChat();
    const [one, two] = await Promise.all([ann, bob].map((caller) => findOrCreate(chat, caller, 'new', true)));
    expect(one!.room).toEqual(two!.room);
  });
});

describe('openConnection', () => {
  const opening = { connectionId: 'c1', room: undefined, after: undefined, history: 50, batch: false };

  it('opens a connection without a room, which can join many', async () => {
    const chat = fakeChat();
    await openConnection(chat, ann, opening, mayMake);
    expect(chat.connections.all.get('c1')).toMatchObject({
      isSingleRoom: false,
      rooms: {},
      tokenEndsAt: ann.tokenEndsAt,
    });
  });

  it('binds a connection to the room that it was opened with, and leaves the membership to the welcome', async () => {
    const chat = await openChat();
    await openConnection(chat, bob, { ...opening, room: 'general', after: 3 }, mayMake);
    expect(chat.connections.all.get('c1')).toMatchObject({
      isSingleRoom: true,
      rooms: { [roomId]: { name: 'general' } },
      after: 3,
      joinsRoom: true,
    });
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
    await openConnection(chat, ann, { ...opening, connectionId: 'a1', room: 'general' }, mayMake);
    expect(chat.connections.all.get('a1')).not.toHaveProperty('joinsRoom');
  });

  it('registers the connection under its user, and not in its room', async () => {
    const chat = await openChat({}, bob);
    const connection = await openConnection(chat, bob, { ...opening, room: 'general' }, mayMake);
    expect(chat.subscriptions.of(bob.userId)).toEqual([subscriberOf(connection, 0, start)]);
    expect(chat.subscriptions.of(roomId)).toEqual([]);
  });

  it('refuses a session that was ended', async () => {
    const chat = fakeChat();
    await chat.revocations.revoke(ann.sessionId, start);
    await expect(openConnection(chat, ann, opening, mayMake)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(chat.connections.all.size).toBe(0);
  });

  it('does not open the room that had the name before', async () => {
    const chat = await openChat({ isPrivate: true });
    chat.rooms.cachedRoomId = () => roomId;
    const { rooms } = await openConnection(chat, bob, { ...opening, room: 'elsewhere' }, mayMake);
    expect(Object.keys(rooms)).not.toContain(roomId);
    expect(Object.values(rooms)).toMatchObject([{ name: 'elsewhere' }]);
    await expect(openConnection(chat, bob, { ...opening, room: 'general' }, mayMake)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('refuses a session that was ended as unauthorized, whatever room is named', async () => {
    const chat = await openChat();
    await chat.revocations.revoke(bob.sessionId, start);
    for (const room of ['general', roomId, 'nowhere'])
      await expect(openConnection(chat, bob, { ...opening, room }, mayMake)).rejects.toMatchObject({
        code: 'unauthorized',
      });
    expect(chat.connections.all.size).toBe(0);
  });

  it('refuses a user who has reached the limit of connections, and leaves no registration', async () => {
    const chat = await openChat({}, bob);
    await withSocketsOf(chat, bob, 'b1', 'b2');
    const limited = { code: 'rate_limited' };
    for (const room of [undefined, 'general', 'new'])
      await expect(openConnection(chat, bob, { ...opening, room }, mayMake)).rejects.toMatchObject(limited);
    await expect(createTicket(chat, bob, undefined, mayMake)).rejects.toMatchObject(limited);
    expect([...chat.connections.all.keys()]).toEqual(['b1', 'b2']);
    expect(chat.subscriptions.of(bob.userId)).toHaveLength(2);
    expect(chat.state.names.has('new')).toBe(false);
    await openConnection(chat, ann, opening, mayMake);
  });

  it('ends newer connections of the user that exceed the limit', async () => {
    const chat = fakeChat();
    await withSocketsOf(chat, ann, 'a1');
    for (const [at, id] of ['a2', 'a3'].entries()) {
      const newer = connectionOf(ann, id, { openedAt: start + 1 + at });
      await chat.connections.open(newer);
      await chat.subscriptions.add(ann.userId, subscriberOf(newer, 0, start));
    }
    await openConnection(chat, ann, opening, mayMake);
    const ended = (id: string) => chat.connections.all.get(id)?.ended;
    expect(['a1', 'c1', 'a2', 'a3'].map(ended)).toEqual([undefined, undefined, 'too_many', 'too_many']);
    expect(
      chat.subscriptions.of(ann.userId).filter(({ ended: reason }) => reason === 'too_many'),
    ).toHaveLength(2);
  });

  it('opens as many connections as the limit allows when a user opens many at the same time', async () => {
    const chat = fakeChat();
    const ids = Array.from({ length: 8 }, (_, at) => `c${at}`);
    await Promise.allSettled(
      ids.map((connectionId) => openConnection(chat, ann, { ...opening, connectionId }, mayMake)),
    );
    expect(await livingOf(chat, ann)).toHaveLength(2);
  });

  it.each(['before it is registered', 'after it is registered, before the check', 'after the check'])(
    'does not leave a live connection when the session ends %s',
    async (when) => {
      const chat = fakeChat();
      const signOut = (): Promise<void> =>
        endSessions(chat, ann.userId, [ann.sessionId], { accessTokenLifetimeMs: 300_000 });
      const { add } = chat.subscriptions;
      const { get } = chat.admissions;
      let looks = 0;
      if (when === 'before it is registered')
        chat.subscriptions.add = async (...given) => (await signOut(), add(...given));
      if (when === 'after it is registered, before the check')
        chat.subscriptions.add = async (...given) => (await add(...given), signOut());
      if (when === 'after the check')
        chat.admissions.get = async (...given) => {
          const admission = await get(...given);
          if ((looks += 1) === 2) await signOut();
          return admission;
        };
      const outcome = await openConnection(chat, ann, opening, mayMake).catch((error: unknown) => error);
      expect(await livingOf(chat, ann)).toEqual([]);
      const seen =
        when === 'after the check' ? chat.connections.all.get('c1')?.ended : (outcome as ChatError).code;
      expect(seen).toBe(when === 'after the check' ? 'signed_out' : 'unauthorized');
    },
  );

  it('removes the connection and its registration when the check fails', async () => {
    const chat = fakeChat();
    vi.spyOn(chat.subscriptions, 'shard').mockRejectedValue(new Error('throttled'));
    await expect(openConnection(chat, ann, opening, mayMake)).rejects.toThrow('throttled');
    expect([chat.connections.all.size, chat.subscriptions.of(ann.userId).length]).toEqual([0, 0]);
  });

  it('charges the history and the fan-out before anything is written', async () => {
    const chat = await openChat({}, bob);
    await openConnection(chat, bob, { ...opening, room: 'general' }, mayMake);
    expect(chat.budgets.spent).toEqual([{ userId: bob.userId, writes: 0, ...openingCharge(50) }]);
    chat.budget.spend = () => Promise.reject(new ChatError('rate_limited'));
    const refused = openConnection(chat, bob, { ...opening, connectionId: 'c2', room: 'new' }, mayMake);
    await expect(refused).rejects.toMatchObject({ code: 'rate_limited' });
    expect([chat.connections.all.has('c2'), chat.state.names.has('new')]).toEqual([false, false]);
  });

  it('charges the surcharge of a large room', async () => {
    const chat = await openChat({}, bob);
    await chat.rooms.addShards(roomId, 1, 4);
    await openConnection(chat, bob, { ...opening, room: 'general' }, mayMake);
    const [first, second] = chat.budgets.spent.map(({ costMicroDollars }) => costMicroDollars);
    expect(first).toBe(openingCharge(50).costMicroDollars);
    expect(second).toBe(openingSurcharge({ shards: 4 }));
  });

  it('is due for a reconnect at a time of its own, up to 15 % after the setting', () => {
    const ids = Array.from({ length: 200 }, (_, at) => `connection-${at}`);
    const due = (after: number) =>
      ids.filter((connectionId) => isDueForReconnect({ connectionId, openedAt: 0 }, after, 1_000)).length;
    expect(due(1_000)).toBe(0);
    expect(due(1_075)).toBeGreaterThan(50);
    expect(due(1_075)).toBeLessThan(150);
    expect(due(1_151)).toBe(200);
  });
});

describe('a ticket', () => {
  it("is redeemed for the caller's identity once, within thirty seconds", async () => {
    const chat = fakeChat();
    const { ticket, expires_in } = await createTicket(chat, ann, undefined, mayMake);
    expect(expires_in).toBe(30);
    chat.clock.pass(29_999);
    expect(await redeemTicket(chat, ticket)).toEqual(ann);
    await expect(redeemTicket(chat, ticket)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is refused after thirty seconds, and when it was never created', async () => {
    const chat = fakeChat();
    const { ticket } = await createTicket(chat, ann, undefined, mayMake);
    chat.clock.pass(30_000);
    await expect(redeemTicket(chat, ticket)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(redeemTicket(chat, 'invented')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is stored as a fingerprint only', async () => {
    const chat = fakeChat();
    const put = vi.spyOn(chat.tickets, 'put');
    const { ticket } = await createTicket(chat, ann, undefined, mayMake);
    expect(JSON.stringify(put.mock.calls)).not.toContain(ticket);
  });

  it('is refused for a room for the same reasons as a handshake', async () => {
    const chat = await openChat({ isPrivate: true });
    await expect(createTicket(chat, bob, 'general', mayMake)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      createTicket(chat, bob, 'none', { ...mayMake, mayCreateRooms: false }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(createTicket(chat, bob, 'none', mayMake)).resolves.toBeDefined();
  });
});

describe('presence in a room', () => {
  const now = start;

  it('lists each user with a live connection once, ordered by when they joined', () => {
    const subscribers = [
      subscriberFor(bob, 'b2', { joinedAt: 3 }),
      subscriberFor(ann, 'a1', { joinedAt: 2 }),
      subscriberFor(bob, 'b1', { joinedAt: 1 }),
      subscriberFor(cat, 'c1', { joinedAt: 0, leaseEndsAt: now }),
    ];
    expect(usersPresent(subscribers, now).map(({ username }) => username)).toEqual(['bob', 'ann']);
  });

  it('orders two connections that joined in the same millisecond by their ids', () => {
    const [one, two] = [subscriberFor(ann, 'a1', { joinedAt: 5 }), subscriberFor(ann, 'a2', { joinedAt: 5 })];
    expect(hasOtherConnection([one, two], one, now, one)).toBe(false);
    expect(hasOtherConnection([one, two], two, now, two)).toBe(true);
    expect(hasOtherConnection([one, { ...two, tokenEndsAt: now }], one, now)).toBe(false);
    expect(hasOtherConnection([one, subscriberFor(bob, 'b1')], one, now)).toBe(false);
  });

  it('needs more shards as the room grows, and never fewer', () => {
    expect([
      shardsFor(100, 1),
      shardsFor(101, 1),
      shardsFor(2_000, 4),
      shardsFor(2_001, 4),
      shardsFor(1, 4),
    ]).toEqual([1, 4, 4, 16, 4]);
  });
});
