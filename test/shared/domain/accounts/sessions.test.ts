import { describe, expect, it, vi } from 'vitest';
import { logoutUser } from '../../../../shared/domain/accounts/own-sessions.ts';
import { refreshTokens, startSession } from '../../../../shared/domain/accounts/sessions.ts';
import { extendConnection } from '../../../../shared/domain/connections/extend-connection.ts';
import type { RefreshClaims } from '../../../../shared/domain/ports/accounts.ts';
import { memoryChat, roomId } from '../../../kit/memory-chat/chat.ts';
import { plainTokens } from '../../../kit/memory-chat/plain-tokens.ts';
import { ann, connectionOf, subscriberFor, start } from '../../../kit/memory-chat/system.ts';

const dayMs = 24 * 3_600_000;
const settings = {
  accessTokenLifetimeMs: 300_000,
  refreshTokenLifetimeMs: dayMs,
  rotateRefreshTokens: true,
  blacklistAfterRotation: true,
};

function fakeSessions(changes: Partial<typeof settings> = {}) {
  const ports = { ...memoryChat(), tokens: plainTokens };
  const currentSettings = { ...settings, ...changes };
  return {
    ports,
    login: async () => (await startSession(ports, ann, currentSettings)).pair,
    refresh: (token: string) => refreshTokens(ports, token, currentSettings),
    logout: (token: string) => logoutUser(ports, token, currentSettings),
  };
}

const refused = { code: 'invalid_refresh_token' };
const endOf = (refresh: string) => (JSON.parse(refresh) as { endsAtMs: number }).endsAtMs;

describe('a session', () => {
  it('issues a new refresh token for each refresh, which expires a lifetime later', async () => {
    const { ports, login, refresh } = fakeSessions();
    const tokens = [(await login()).refresh];
    for (let round = 0; round < 3; round += 1) {
      ports.clock.pass(60_000);
      tokens.push((await refresh(tokens.at(-1)!)).refresh);
    }
    expect(new Set(tokens).size).toBe(4);
    expect(endOf(tokens.at(-1)!)).toBe(ports.clock.now() + dayMs);
  });

  it('answers two concurrent refreshes with the same successor', async () => {
    const { login, refresh } = fakeSessions();
    const { refresh: first } = await login();
    const [one, two] = await Promise.all([refresh(first), refresh(first)]);
    expect(one.refresh).toBe(two.refresh);
    await expect(refresh(one.refresh)).resolves.toBeDefined();
  });

  it('answers a replaced token with the same successor for a minute, for clients whose answer was lost', async () => {
    const { ports, login, refresh } = fakeSessions();
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    for (const passedMs of [35_000, 25_000]) {
      ports.clock.pass(passedMs);
      expect((await refresh(first)).refresh).toBe(second);
    }
    await expect(refresh(second)).resolves.toBeDefined();
  });

  it('refuses a replaced token after that minute without ending while its successor is unused', async () => {
    const { ports, login, refresh } = fakeSessions();
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    ports.clock.pass(60_001);
    await expect(refresh(first)).rejects.toMatchObject(refused);
    await expect(refresh(second)).resolves.toBeDefined();
  });

  it('ends when a replaced token is presented after its successor was used, since one of them is stolen', async () => {
    const { ports, login, refresh } = fakeSessions();
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    ports.clock.pass(60_001);
    await expect(refresh(first)).rejects.toMatchObject(refused);
    const { refresh: third } = await refresh(second);
    await expect(refresh(first)).rejects.toMatchObject(refused);
    await expect(refresh(third)).rejects.toMatchObject(refused);
    expect(ports.sessions.all.size).toBe(0);
  });

  it('ends when a token older than the parent is presented, even within the minute', async () => {
    const { ports, login, refresh } = fakeSessions();
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    const { refresh: third } = await refresh(second);
    await expect(refresh(first)).rejects.toMatchObject(refused);
    await expect(refresh(third)).rejects.toMatchObject(refused);
    expect(ports.revocations.all.size).toBe(1);
  });

  it('ends thirty days after it began, however often it is refreshed', async () => {
    const { ports, login, refresh } = fakeSessions();
    let token = (await login()).refresh;
    for (let day = 0; day < 30; day += 1) {
      expect(endOf(token)).toBeLessThanOrEqual(start + 30 * dayMs);
      ports.clock.pass(dayMs - 1);
      ({ refresh: token } = await refresh(token));
    }
    expect(endOf(token)).toBe(start + 30 * dayMs);
    ports.clock.pass(30);
    await expect(refresh(token)).rejects.toMatchObject(refused);
  });

  it('lasts as long as its refresh token when the setting is longer than thirty days', async () => {
    const { login } = fakeSessions({ refreshTokenLifetimeMs: 90 * dayMs });
    expect(endOf((await login()).refresh)).toBe(start + 90 * dayMs);
  });

  it('is not found for another user', async () => {
    const { login, refresh } = fakeSessions();
    const claims = JSON.parse((await login()).refresh) as object;
    await expect(refresh(JSON.stringify({ ...claims, userId: roomId }))).rejects.toMatchObject(refused);
  });
});

describe('a session whose tokens are not rotated', () => {
  it('returns a new access token and the same refresh token', async () => {
    const { ports, login, refresh } = fakeSessions({ rotateRefreshTokens: false });
    const first = await login();
    ports.clock.pass(60_000);
    const second = await refresh(first.refresh);
    expect(second.refresh).toBe(first.refresh);
    expect(second.access).not.toBe(first.access);
  });
});

describe('a session whose replaced tokens stay valid', () => {
  it('accepts replaced tokens in any order and does not end', async () => {
    const { ports, login, refresh } = fakeSessions({ blacklistAfterRotation: false });
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    ports.clock.pass(60_000);
    for (const token of [first, second, first]) await expect(refresh(token)).resolves.toBeDefined();
  });

  it('is not ended by concurrent refreshes with different tokens', async () => {
    const { ports, login, refresh } = fakeSessions({ blacklistAfterRotation: false });
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    const rotate = ports.sessions.rotate.bind(ports.sessions);
    vi.spyOn(ports.sessions, 'rotate').mockImplementationOnce(async (session, from) => {
      await refresh(second);
      return rotate(session, from);
    });
    const pair = await refresh(first);
    await expect(refresh(pair.refresh)).resolves.toBeDefined();
  });
});

describe('signing out', () => {
  it('ends the session, and succeeds again for an ended session', async () => {
    const { login, refresh, logout } = fakeSessions();
    const { refresh: token } = await login();
    await logout(token);
    await logout(token);
    await expect(refresh(token)).rejects.toMatchObject(refused);
  });

  it('refuses an expired token', async () => {
    const { ports, login, logout } = fakeSessions();
    const { refresh: token } = await login();
    ports.clock.pass(dayMs);
    await expect(logout(token)).rejects.toMatchObject(refused);
  });

  it('revokes the session, then ends its connections, and only then removes it', async () => {
    const { ports, login, logout } = fakeSessions();
    const { refresh: token } = await login();
    const { sessionId } = JSON.parse(token) as RefreshClaims;
    const mine = { ...ann, sessionId };
    const rooms = { [roomId]: { name: 'general', shard: 2 } };
    await ports.connections.open(connectionOf(mine, 'here', { rooms }));
    await ports.subscriptions.add(ann.userId, subscriberFor(mine, 'here'));
    await ports.subscriptions.add(roomId, subscriberFor(mine, 'here', { shard: 2 }));
    await ports.connections.open(connectionOf(ann, 'elsewhere'));
    await ports.subscriptions.add(ann.userId, subscriberFor(ann, 'elsewhere'));
    const order: string[] = [];
    const { revoke } = ports.revocations;
    ports.revocations.revoke = async (...args) => (order.push('revoke'), revoke(...args));
    const { end: endConnection } = ports.connections;
    ports.connections.end = async (...args) => (order.push('end connection'), endConnection(...args));
    const { end: endSubscriber } = ports.subscriptions;
    ports.subscriptions.end = async (...args) => (order.push('end subscription'), endSubscriber(...args));
    const { end } = ports.sessions;
    ports.sessions.end = async (...args) => (order.push('remove session'), end(...args));

    await logout(token);

    expect(order).toEqual([
      'revoke',
      'end connection',
      'end subscription',
      'end subscription',
      'remove session',
    ]);
    const now = ports.clock.now();
    expect(ports.revocations.all.get(sessionId)).toBe(now + settings.accessTokenLifetimeMs);
    const ended = { tokenEndsAtMs: now, ended: 'signed_out' };
    expect(ports.connections.all.get('here')).toMatchObject(ended);
    expect(ports.subscriptions.of(roomId)).toMatchObject([ended]);
    expect(ports.subscriptions.of(ann.userId).map(({ ended: reason }) => reason)).toEqual([
      'signed_out',
      undefined,
    ]);
    expect(ports.connections.all.get('elsewhere')).toEqual(connectionOf(ann, 'elsewhere'));
  });

  it('ends a connection that neither a new token nor a ping can extend again', async () => {
    const { ports, login, logout } = fakeSessions();
    const { refresh: token } = await login();
    const { sessionId } = JSON.parse(token) as RefreshClaims;
    const connection = connectionOf({ ...ann, sessionId }, 'here');
    await ports.connections.open(connection);
    await ports.subscriptions.add(ann.userId, subscriberFor({ ...ann, sessionId }, 'here'));
    await logout(token);
    const changes = { tokenEndsAtMs: start + 900_000, leaseEndsAtMs: start + 900_000 };
    expect(await extendConnection(ports, connection, changes, ports.clock.now() - 1)).toBe(false);
    await ports.subscriptions.extend(ann.userId, 0, 'here', changes);
    expect(ports.connections.all.get('here')?.tokenEndsAtMs).toBe(ports.clock.now());
    expect(ports.subscriptions.of(ann.userId)).toMatchObject([{ tokenEndsAtMs: ports.clock.now() }]);
  });

  it('ends a connection that has just moved to the session but is still registered under another', async () => {
    const { ports, login, logout } = fakeSessions();
    const { refresh: token } = await login();
    const { sessionId } = JSON.parse(token) as RefreshClaims;
    await ports.connections.open(connectionOf(ann, 'moving', { sessionId }));
    await ports.subscriptions.add(ann.userId, subscriberFor(ann, 'moving'));
    await logout(token);
    expect(ports.connections.all.get('moving')?.ended).toBe('signed_out');
  });
});
