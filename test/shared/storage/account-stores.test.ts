import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { revocationStore } from '../../../shared/storage/entities/revocation.ts';
import { sessionStore } from '../../../shared/storage/entities/session.ts';
import { userStore } from '../../../shared/storage/user-store.ts';
import type { Revocation } from '../../../shared/domain/accounts/revocation.ts';
import type { Login, Session } from '../../../shared/domain/model/accounts.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';
import { itemOf, ttlOf } from './stored-items.ts';
import { keys } from './stored-keys.ts';
import { startTable } from './started-table.ts';

const started = await startTable();
const { table, documents, tableName } = started;
const users = userStore(table);
const sessions = sessionStore(table);

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
    expect(await itemOf(started, keys.email('shared@example.com'))).toBeUndefined();
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
      expect(await itemOf(started, key)).toBeUndefined();
    }
    expect(await itemOf(started, keys.login('erased'))).toEqual({
      ...keys.login('erased'),
      erased_at: start,
    });
    expect(await itemOf(started, keys.erasureStep(user.userId, 0))).toMatchObject({
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
    expect(await ttlOf(started, keys.session(ann.userId, first.sessionId))).toBe(
      Math.ceil((start + 3_500) / 1_000),
    );
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
    expect(await ttlOf(started, keys.session(userId, mine[0]!.sessionId))).toBe(
      Math.ceil((start + 61_500) / 1_000),
    );
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
    expect(await ttlOf(started, keys.revocation(holder.sessionId))).toBe(start / 1_000);
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
