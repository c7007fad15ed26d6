import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { subscriptionStore } from '../../../shared/storage/entities/subscription.ts';
import { budgetStore } from '../../../shared/storage/entities/budget.ts';
import { connectionStore } from '../../../shared/storage/connection-store.ts';
import { limitStore } from '../../../shared/storage/entities/limit.ts';
import { revocationStore } from '../../../shared/storage/entities/revocation.ts';
import { sessionStore } from '../../../shared/storage/entities/session.ts';
import { ticketStore } from '../../../shared/storage/entities/ticket.ts';
import { userStore } from '../../../shared/storage/user-store.ts';
import type { Revocation } from '../../../shared/domain/accounts/revocation.ts';
import type { Login, Session } from '../../../shared/domain/model/accounts.ts';
import { ann, bob, connectionOf, subscriberFor, start } from '../../kit/memory-chat/system.ts';
import { keys } from './stored-keys.ts';
import { startTable } from './started-table.ts';

const { table, documents, tableName } = await startTable();
const users = userStore(table);
const sessions = sessionStore(table);
const connections = connectionStore(table);
const subscriptions = subscriptionStore(table);
const budgets = budgetStore(table);

const { GetCommand, PutCommand } = await import('@aws-sdk/lib-dynamodb');
async function itemOf(key: { pk: string; sk: string }): Promise<Record<string, unknown> | undefined> {
  return (await documents.send(new GetCommand({ TableName: tableName, Key: key }))).Item;
}
const ttlOf = async (key: { pk: string; sk: string }): Promise<unknown> => (await itemOf(key))?.['ttl'];

function newUser(username: string, email = '') {
  const userId = randomUUID();
  const user = { userId, username, firstName: '', lastName: '', profilePicture: null, createdAtMs: start };
  return {
    user,
    account: { userId, email },
    login: { userId, username, passwordHash: 'hash', tokenVersion: 0 },
  };
}

const revocationOf = ({ userId, tokenVersion }: Login, keptSessionId?: string): Revocation => ({
  userId,
  tokenVersion: tokenVersion + 1,
  ...(keptSessionId === undefined ? {} : { keptSessionId }),
  revokedAtMs: start,
  expiresAtMs: start + 9_000,
});

const register = async (username: string, email = '') => {
  const made = newUser(username, email);
  await users.register(made.user, made.account, made.login);
  return made;
};

describe('a user', () => {
  it('is stored with account and login, and found by the name in any case', async () => {
    const { user, account, login } = await register('Stored', 'Stored@example.com');
    expect(await users.get(user.userId)).toEqual(user);
    expect(await users.getWithAccount(user.userId)).toEqual({ ...user, ...account });
    expect(await users.findLogin('sTORED')).toEqual(login);
    expect([
      await users.get(randomUUID()),
      await users.getWithAccount(randomUUID()),
      await users.findLogin('unknown'),
    ]).toEqual([undefined, undefined, undefined]);
  });

  it('is stored completely or not at all when the name is taken', async () => {
    await register('unique', 'unique@example.com');
    const sameName = newUser('UNIQUE', 'free@example.com');
    await expect(users.register(sameName.user, sameName.account, sameName.login)).rejects.toMatchObject({
      code: 'username_taken',
    });
    expect(await users.get(sameName.user.userId)).toBeUndefined();
  });

  it('may have the e-mail address of another user, without an item that shows it', async () => {
    await register('address-1', 'shared@example.com');
    const { account } = await register('address-2', 'shared@example.com');
    expect(await users.getWithAccount(account.userId)).toMatchObject({ email: 'shared@example.com' });
    expect(await itemOf(keys.email('shared@example.com'))).toBeUndefined();
  });

  it('is stored once when the same name is registered many times concurrently', async () => {
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => register('at-once')));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('needs no e-mail address', async () => {
    await register('no-mail-1');
    await expect(register('no-mail-2')).resolves.toBeDefined();
  });

  it('changes only the fields that are given, and does nothing for a user who does not exist', async () => {
    const { user } = await register('changing');
    expect(await users.update(user.userId, { firstName: 'C' })).toEqual({ ...user, firstName: 'C' });
    expect(await users.update(user.userId, { lastName: 'D' })).toEqual({
      ...user,
      firstName: 'C',
      lastName: 'D',
    });
    expect(await users.update(randomUUID(), { lastName: 'D' })).toBeUndefined();
  });

  it('is found by the start of the name, in order, up to a limit', async () => {
    for (const name of ['prefix-b', 'PREFIX-a', 'prefix-c', 'pref']) await register(name);
    expect((await users.findByPrefix('Prefix', 10)).map(({ username }) => username)).toEqual([
      'PREFIX-a',
      'prefix-b',
      'prefix-c',
    ]);
    expect(await users.findByPrefix('prefix', 2)).toHaveLength(2);
  });
});

describe('a login', () => {
  it('gets another password only if it has not changed since it was read', async () => {
    const { login } = await register('changing-password');
    const changes = await Promise.all(
      [1, 2, 3].map((n) => users.revokeTokens(login, revocationOf(login), `hash-${n}`)),
    );
    expect(changes.filter(Boolean)).toHaveLength(1);
    const now = await users.findLogin('changing-password');
    expect(now).toEqual({
      ...login,
      passwordHash: `hash-${changes.indexOf(true) + 1}`,
      tokenVersion: 1,
    });
    const others = { ...now!, userId: randomUUID() };
    expect(await users.revokeTokens(others, revocationOf(others), 'hash-9')).toBe(false);
    const older = { ...now!, tokenVersion: 0 };
    expect(await users.revokeTokens(older, revocationOf(older), 'hash-9')).toBe(false);
    const unknown = { userId: randomUUID(), username: 'unknown-user', passwordHash: 'hash', tokenVersion: 0 };
    expect(await users.revokeTokens(unknown, revocationOf(unknown), 'hash-9')).toBe(false);
    expect(await users.findLogin('unknown-user')).toBeUndefined();
  });

  it('keeps only the name when the user is erased, together with everything else of the account', async () => {
    const { user, account, login } = await register('Erased', 'erased@example.com');
    // As earlier releases stored it.
    const address = { ...keys.email('erased@example.com'), user_id: user.userId };
    await documents.send(new PutCommand({ TableName: tableName, Item: address }));
    const revocation = revocationOf(login);
    expect(await users.erase({ ...login, passwordHash: 'other' }, account, revocation)).toBe(false);
    expect(await users.erase(login, account, revocation)).toBe(true);
    expect(await users.erase(login, account, revocation)).toBe(false);
    for (const key of [keys.user(user.userId), keys.account(user.userId), keys.email('erased@example.com')]) {
      expect(await itemOf(key)).toBeUndefined();
    }
    expect(await itemOf(keys.login('erased'))).toEqual({ ...keys.login('erased'), erased_at: start });
    expect(await itemOf(keys.erasureStep(user.userId, 0))).toMatchObject({
      user_id: user.userId,
      step: 0,
      outbox: 'stream',
      ttl: expect.any(Number),
    });
    expect(await users.findLogin('ERASED')).toBeUndefined();
    expect(await users.findByPrefix('erased', 5)).toEqual([]);
    await expect(register('erased')).rejects.toMatchObject({ code: 'username_taken' });
    await expect(register('erased-2', 'erased@example.com')).resolves.toBeDefined();
  });
});

describe('a session', () => {
  const session = (): Session => ({
    sessionId: randomUUID(),
    userId: ann.userId,
    username: 'ann',
    createdAtMs: start,
    tokenVersion: 2,
    currentHash: 'h1',
    currentEndsAtMs: start + 1_500,
    endsAtMs: start + 9_000,
  });

  it('rotates to the next token for one of several concurrent requests', async () => {
    const first = session();
    await sessions.create(first);
    expect(await sessions.get(ann.userId, first.sessionId)).toEqual(first);
    const next = {
      ...first,
      currentHash: 'h2',
      parentHash: 'h1',
      rotatedAtMs: start,
      currentEndsAtMs: start + 3_500,
    };
    const tries = await Promise.all([1, 2, 3].map(() => sessions.rotate(next, 'h1')));
    expect(tries.filter(Boolean)).toHaveLength(1);
    expect(await sessions.get(ann.userId, first.sessionId)).toEqual(next);
    expect(await ttlOf(keys.session(ann.userId, first.sessionId))).toBe(Math.ceil((start + 3_500) / 1_000));
  });

  it('is not brought back by a rotation after its end', async () => {
    const first = session();
    await sessions.create(first);
    await sessions.end(ann.userId, first.sessionId);
    expect(await sessions.rotate({ ...first, currentHash: 'h2' }, 'h1')).toBe(false);
    expect(await sessions.get(ann.userId, first.sessionId)).toBeUndefined();
    await expect(sessions.end(ann.userId, first.sessionId)).resolves.toBeUndefined();
  });

  it('is listed with the other sessions of its user, and kept until its last access token expires', async () => {
    const userId = randomUUID();
    const patient = sessionStore(table, { accessTokenLifetimeMs: 60_000 });
    const mine: Session[] = [
      { ...session(), userId, userAgent: 'Browser/1' },
      { ...session(), userId },
    ];
    for (const one of [...mine, session()]) await patient.create(one);
    const { items: listed, next } = await sessions.page(userId, 2);
    expect(next === undefined ? [] : (await sessions.page(userId, 2, next)).items).toEqual([]);
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(expect.arrayContaining(mine));
    expect(await ttlOf(keys.session(userId, mine[0]!.sessionId))).toBe(Math.ceil((start + 61_500) / 1_000));
    expect(await sessions.page(randomUUID(), 2)).toEqual({ items: [], next: undefined });
    await sessions.removeMany(
      userId,
      mine.map(({ sessionId }) => sessionId),
    );
    expect(await sessions.page(userId, 2)).toEqual({ items: [], next: undefined });
  });

  it('is revoked once its revocation is stored', async () => {
    const revocations = revocationStore(table);
    const holder = { userId: randomUUID(), sessionId: randomUUID(), tokenVersion: 0 };
    expect(await revocations.isRevoked(holder)).toBe(false);
    await revocations.revoke(holder.sessionId, start);
    expect(await revocations.isRevoked(holder)).toBe(true);
    expect(await ttlOf(keys.revocation(holder.sessionId))).toBe(start / 1_000);
  });

  it('is revoked with all other sessions of its user by one write, except the kept one and newer ones', async () => {
    const revocations = revocationStore(table);
    const { login } = await register('revoking');
    const of = (sessionId: string, tokenVersion: number) =>
      revocations.isRevoked({ userId: login.userId, sessionId, tokenVersion });
    const kept = randomUUID();
    expect(await users.revokeTokens(login, revocationOf(login, kept))).toBe(true);
    expect([await of(kept, 0), await of(randomUUID(), 0), await of(randomUUID(), 1)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(await revocations.isRevoked({ ...login, sessionId: kept, userId: randomUUID() })).toBe(false);
    expect(await revocations.findOfUser(login.userId)).toEqual({
      userId: login.userId,
      tokenVersion: 1,
      keptSessionId: kept,
    });
    await revocations.revoke(kept, start);
    expect(await of(kept, 0)).toBe(true);
  });
});

describe('a ticket', () => {
  it('is returned once, to one of several concurrent requests', async () => {
    const tickets = ticketStore(table);
    const ticket = { ...ann, endsAtMs: start };
    await tickets.put('hash', ticket);
    const taken = await Promise.all([1, 2, 3].map(() => tickets.take('hash')));
    expect(taken.filter((found) => found !== undefined)).toEqual([ticket]);
    expect(await tickets.take('hash')).toBeUndefined();
  });
});

describe('a counter', () => {
  it('counts each hit of its scope and window', async () => {
    const limits = limitStore(table);
    const hits = await Promise.all([1, 2, 3].map(() => limits.hit('scope', 1_000, 60_000)));
    expect(hits.sort((a, b) => a - b)).toEqual([1, 2, 3]);
    await limits.hit('scope', 61_000, 60_000);
    expect(await limits.counts(['other', 'scope'], 1_000)).toEqual([0, 3]);
    await limits.refund('scope', 1_000);
    await limits.refund('other', 1_000);
    expect(await limits.counts(['other', 'scope'], 1_000)).toEqual([0, 2]);
    expect(await ttlOf(keys.limit('other', 1_000))).toBeUndefined();
    expect(await ttlOf(keys.limit('scope', 1_000))).toBe(61);
  });
});

describe('a connection', () => {
  it('is read as it was opened', async () => {
    const opened = connectionOf(ann, 'open-1', {
      after: 7,
      batch: true,
      rooms: { [randomUUID()]: { name: 'r', shard: 3 } },
      head: { seq: 7, shards: 4 },
      joinsRoom: true,
    });
    const plain = connectionOf(ann, 'open-2');
    for (const connection of [opened, plain]) await connections.open(connection);
    expect(await connections.get('open-1')).toEqual(opened);
    expect(await connections.getMany(['open-2', 'none'])).toEqual([plain]);
    expect(await connections.filterExisting(['open-2', 'none', 'open-1'])).toEqual(
      new Set(['open-1', 'open-2']),
    );
    expect(await ttlOf(keys.connection('open-1'))).toBe(Math.ceil(opened.leaseEndsAtMs / 1_000));
    await connections.remove('open-1');
    await connections.remove('open-1');
    expect(await connections.get('open-1')).toBeUndefined();
  });

  it('opens and closes rooms, and is not brought back by doing so', async () => {
    const roomId = randomUUID();
    await connections.open(connectionOf(ann, 'rooms-1'));
    expect(await connections.addRoom('rooms-1', roomId, { name: 'r', shard: 0 })).toBe(true);
    await connections.updateRoom('rooms-1', roomId, { isRemoved: true });
    expect((await connections.get('rooms-1'))?.rooms).toEqual({
      [roomId]: { name: 'r', shard: 0, isRemoved: true },
    });
    await connections.removeRoom('rooms-1', roomId);
    await connections.updateRoom('rooms-1', roomId, { isRemoved: true });
    expect((await connections.get('rooms-1'))?.rooms).toEqual({});
    await connections.remove('rooms-1');
    expect(await connections.addRoom('rooms-1', roomId, { name: 'r', shard: 0 })).toBe(false);
    await connections.removeRoom('rooms-1', roomId);
    await connections.updateRoom('rooms-1', roomId, { isRemoved: true });
    await connections.updateRoom('rooms-1', roomId, { verifiedSeq: 3 });
    await connections.end('rooms-1', 'signed_out', start);
    expect(await connections.extend('rooms-1', { leaseEndsAtMs: start }, start)).toBe(false);
    expect(await connections.get('rooms-1')).toBeUndefined();
  });

  it('keeps the seq up to which the right to a room was verified, while the room is open', async () => {
    const roomId = randomUUID();
    await connections.open(connectionOf(ann, 'verified-1', { rooms: { [roomId]: { name: 'r', shard: 0 } } }));
    await connections.updateRoom('verified-1', roomId, { verifiedSeq: 7 });
    await connections.updateRoom('verified-1', randomUUID(), { verifiedSeq: 7 });
    expect((await connections.get('verified-1'))?.rooms).toEqual({
      [roomId]: { name: 'r', shard: 0, verifiedSeq: 7 },
    });
    await connections.updateRoom('verified-1', roomId, { isRemoved: true });
    expect((await connections.get('verified-1'))?.rooms[roomId]).toEqual({
      name: 'r',
      shard: 0,
      verifiedSeq: 7,
      isRemoved: true,
    });
  });

  it('extends only the fields that are given, and its ttl with the lease', async () => {
    await connections.open(connectionOf(ann, 'lease-1'));
    const extend = (changes: Parameters<typeof connections.extend>[1]) =>
      connections.extend('lease-1', changes, start);
    expect(await extend({ tokenEndsAtMs: start + 5 })).toBe(true);
    expect(await extend({ leaseEndsAtMs: start + 2_000, sessionId: bob.sessionId })).toBe(true);
    expect(await connections.get('lease-1')).toMatchObject({
      tokenEndsAtMs: start + 5,
      leaseEndsAtMs: start + 2_000,
      sessionId: bob.sessionId,
    });
    expect(await ttlOf(keys.connection('lease-1'))).toBe(start / 1_000 + 2);
  });

  it.each([
    ['token', { tokenEndsAtMs: start }],
    ['lease', { leaseEndsAtMs: start }],
  ])('is never extended once its %s has ended', async (what, ended) => {
    const connection = connectionOf(ann, `over-${what}`, ended);
    await connections.open(connection);
    const changes = { tokenEndsAtMs: start + 900_000, leaseEndsAtMs: start + 900_000 };
    expect(await connections.extend(connection.connectionId, changes, start)).toBe(false);
    expect(await connections.get(connection.connectionId)).toEqual(connection);
    expect(await connections.extend(connection.connectionId, changes, start - 1)).toBe(true);
  });

  it.each(['signed_out', 'too_many'] as const)('stays ended as %s, and opens no room', async (reason) => {
    const id = `ended-${reason}`;
    const connection = connectionOf(ann, id);
    await connections.open(connection);
    await connections.end(id, reason, start);
    const asEnded = { ...connection, ended: reason, tokenEndsAtMs: start };
    expect(await connections.get(id)).toEqual(asEnded);
    expect(await connections.extend(id, { tokenEndsAtMs: start + 900_000 }, start - 1)).toBe(false);
    expect(await connections.addRoom(id, randomUUID(), { name: 'r', shard: 0 })).toBe(false);
    expect(await connections.get(id)).toEqual(asEnded);
  });

  it('has ended after a concurrent extension and end, in either order', async () => {
    for (let time = 0; time < 5; time += 1) {
      const id = `race-${time}`;
      await connections.open(connectionOf(ann, id));
      await Promise.all([
        connections.extend(id, { tokenEndsAtMs: start + 900_000 }, start),
        connections.end(id, 'signed_out', start + 1),
      ]);
      expect(await connections.get(id)).toMatchObject({ ended: 'signed_out', tokenEndsAtMs: start + 1 });
    }
  });
});

describe('the subscription store', () => {
  it('stores subscribers by shard, each unchanged', async () => {
    const topic = randomUUID();
    const one = subscriberFor(ann, 'l1', { batch: true });
    const two = subscriberFor(bob, 'l2', { shard: 1, isSingleRoom: true });
    for (const subscriber of [one, two, one]) await subscriptions.add(topic, subscriber);
    expect(await subscriptions.shard(topic, 0)).toEqual([one]);
    expect(await subscriptions.shard(topic, 1)).toEqual([two]);
    await subscriptions.remove({ topic, shard: 0, connectionId: 'l1' });
    await subscriptions.remove({ topic, shard: 0, connectionId: 'l1' });
    expect(await subscriptions.shard(topic, 0)).toEqual([]);
  });

  it('removes a subscriber up to a time, but not one whose join was received later', async () => {
    const topic = randomUUID();
    const key = { topic, shard: 0, connectionId: 'l1' };
    const joined = { ...subscriberFor(ann, 'l1'), joinReceivedAtMs: start };
    await subscriptions.add(topic, joined);
    expect(await subscriptions.remove(key, start - 1)).toBe(false);
    expect(await subscriptions.shard(topic, 0)).toHaveLength(1);
    expect(await subscriptions.remove(key, start)).toBe(true);
    expect(await subscriptions.shard(topic, 0)).toEqual([]);
  });

  it('extends an existing subscriber, and does not bring back another one', async () => {
    const topic = randomUUID();
    await subscriptions.add(topic, subscriberFor(ann, 'l1'));
    await subscriptions.extend(topic, 0, 'l1', { leaseEndsAtMs: start + 1 });
    await subscriptions.extend(topic, 0, 'l2', { leaseEndsAtMs: start + 1 });
    expect(await subscriptions.shard(topic, 0)).toEqual([
      subscriberFor(ann, 'l1', { leaseEndsAtMs: start + 1 }),
    ]);
  });

  it('moves a subscriber to another session of its socket', async () => {
    const topic = randomUUID();
    await subscriptions.add(topic, subscriberFor(ann, 'l1'));
    await subscriptions.extend(topic, 0, 'l1', { sessionId: bob.sessionId, tokenVersion: 3 });
    expect(await subscriptions.shard(topic, 0)).toEqual([
      subscriberFor(ann, 'l1', { sessionId: bob.sessionId }),
    ]);
  });

  it('keeps an ended subscriber, does not extend it, and does not bring back another one', async () => {
    const topic = randomUUID();
    await subscriptions.add(topic, subscriberFor(ann, 'l1', { shard: 2 }));
    await subscriptions.end({ topic, shard: 2, connectionId: 'l1' }, 'too_many', start);
    await subscriptions.end({ topic, shard: 2, connectionId: 'l2' }, 'too_many', start);
    const ended = subscriberFor(ann, 'l1', { shard: 2, ended: 'too_many', tokenEndsAtMs: start });
    expect(await subscriptions.shard(topic, 2)).toEqual([ended]);
    await subscriptions.extend(topic, 2, 'l1', { tokenEndsAtMs: start + 900_000, sessionId: bob.sessionId });
    expect(await subscriptions.shard(topic, 2)).toEqual([ended]);
  });
});

describe('the budget of a user', () => {
  const minute = start - (start % 60_000);

  it('sums the cost of each minute, and the writes of each ten seconds', async () => {
    const userId = randomUUID();
    const spend = (costMicroDollars: number, writes: number, after: number) =>
      budgets.spend(userId, { costMicroDollars, writes }, minute + after);
    expect(await spend(100, 1, 0)).toEqual({ costMicroDollars: 100, writes: 1 });
    expect(await spend(50, 0, 5_000)).toEqual({ costMicroDollars: 150, writes: 1 });
    expect(await spend(1, 1, 9_999)).toEqual({ costMicroDollars: 151, writes: 2 });
    expect(await spend(1, 0, 10_000)).toEqual({ costMicroDollars: 152, writes: 0 });
    expect(await spend(1, 1, 59_999)).toEqual({ costMicroDollars: 153, writes: 1 });
    expect(await spend(7, 1, 60_000)).toEqual({ costMicroDollars: 7, writes: 1 });
    expect(await budgets.spend(randomUUID(), { costMicroDollars: 3, writes: 0 }, minute)).toEqual({
      costMicroDollars: 3,
      writes: 0,
    });
  });

  it('sums concurrent spending exactly', async () => {
    const userId = randomUUID();
    const spent = await Promise.all(
      Array.from({ length: 20 }, () => budgets.spend(userId, { costMicroDollars: 5, writes: 1 }, minute)),
    );
    const inOrder = spent.sort((a, b) => a.writes - b.writes);
    expect(inOrder).toEqual(
      Array.from({ length: 20 }, (_, at) => ({ costMicroDollars: 5 * (at + 1), writes: at + 1 })),
    );
  });

  it('expires after its minute', async () => {
    const userId = randomUUID();
    await budgets.spend(userId, { costMicroDollars: 5, writes: 1 }, minute + 30_000);
    expect(await ttlOf(keys.limit(`budget/${userId}`, minute))).toBe(minute / 1_000 + 60);
  });
});
