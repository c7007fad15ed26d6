import { describe, expect, it, vi } from 'vitest';
import { logoutUser } from '../../../shared/domain/accounts/logout-user.ts';
import { refreshTokens, startSession } from '../../../shared/domain/accounts/sessions.ts';
import { extendConnection } from '../../../shared/domain/connections/extend-connection.ts';
import type { RefreshClaims } from '../../../shared/domain/ports/accounts.ts';
import { fakeChat, roomId } from '../fakes/chat.ts';
import { plainTokens } from '../fakes/plain-tokens.ts';
import { ann, connectionOf, subscriberFor, start } from '../fakes/system.ts';

const dayMs = 24 * 3_600_000;
const settings = {
  accessTokenLifetimeMs: 300_000,
  refreshTokenLifetimeMs: dayMs,
  rotateRefreshTokens: true,
  blacklistAfterRotation: true,
};

function signedIn(changes: Partial<typeof settings> = {}) {
  const ports = { ...fakeChat(), tokens: plainTokens };
  const used = { ...settings, ...changes };
  return {
    ports,
    login: async () => (await startSession(ports, ann, used)).pair,
    refresh: (token: string) => refreshTokens(ports, token, used),
    logout: (token: string) => logoutUser(ports, token, used),
  };
}

const refused = { code: 'invalid_refresh_token' };
const endOf = (refresh: string) => (JSON.parse(refresh) as { endsAt: number }).endsAt;

describe('a session', () => {
  it('gives a new pair for each refresh, and only the newest refresh token is good for the next', async () => {
    const { ports, login, refresh } = signedIn();
    const tokens = [(await login()).refresh];
    for (let round = 0; round < 3; round += 1) {
      ports.clock.pass(60_000);
      tokens.push((await refresh(tokens.at(-1)!)).refresh);
    }
    expect(new Set(tokens).size).toBe(4);
    expect(endOf(tokens.at(-1)!)).toBe(ports.clock.now() + dayMs);
  });

  it('answers two refreshes at once with the same successor', async () => {
    const { login, refresh } = signedIn();
    const { refresh: first } = await login();
    const [one, two] = await Promise.all([refresh(first), refresh(first)]);
    expect(one.refresh).toBe(two.refresh);
    await expect(refresh(one.refresh)).resolves.toBeDefined();
  });

  it('answers the replaced token with the same successor for a minute, as a client whose answer was lost asks again', async () => {
    const { ports, login, refresh } = signedIn();
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    for (const passedMs of [35_000, 25_000]) {
      ports.clock.pass(passedMs);
      expect((await refresh(first)).refresh).toBe(second);
    }
    await expect(refresh(second)).resolves.toBeDefined();
  });

  it('refuses the replaced token after that minute, and goes on while its successor was not used', async () => {
    const { ports, login, refresh } = signedIn();
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    ports.clock.pass(60_001);
    await expect(refresh(first)).rejects.toMatchObject(refused);
    await expect(refresh(second)).resolves.toBeDefined();
  });

  it('ends when a replaced token is presented after its successor was used: one of two bearers has stolen it', async () => {
    const { ports, login, refresh } = signedIn();
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    ports.clock.pass(60_001);
    await expect(refresh(first)).rejects.toMatchObject(refused);
    const { refresh: third } = await refresh(second);
    await expect(refresh(first)).rejects.toMatchObject(refused);
    await expect(refresh(third)).rejects.toMatchObject(refused);
    expect(ports.sessions.all.size).toBe(0);
  });

  it('ends when a token from before the last two is presented, within the grace too', async () => {
    const { ports, login, refresh } = signedIn();
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    const { refresh: third } = await refresh(second);
    await expect(refresh(first)).rejects.toMatchObject(refused);
    await expect(refresh(third)).rejects.toMatchObject(refused);
    expect(ports.revocations.all.size).toBe(1);
  });

  it('ends thirty days after it began, however often it is refreshed', async () => {
    const { ports, login, refresh } = signedIn();
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

  it('that is long by its settings may last as long as its token', async () => {
    const { login } = signedIn({ refreshTokenLifetimeMs: 90 * dayMs });
    expect(endOf((await login()).refresh)).toBe(start + 90 * dayMs);
  });

  it('is not found for another user', async () => {
    const { login, refresh } = signedIn();
    const claims = JSON.parse((await login()).refresh) as object;
    await expect(refresh(JSON.stringify({ ...claims, userId: roomId }))).rejects.toMatchObject(refused);
  });
});

describe('a session whose tokens are not rotated', () => {
  it('gives a new access token and the same refresh token', async () => {
    const { ports, login, refresh } = signedIn({ rotateRefreshTokens: false });
    const first = await login();
    ports.clock.pass(60_000);
    const second = await refresh(first.refresh);
    expect(second.refresh).toBe(first.refresh);
    expect(second.access).not.toBe(first.access);
  });
});

describe('a session whose replaced tokens stay good', () => {
  it('takes them, in any order, and never ends for it', async () => {
    const { ports, login, refresh } = signedIn({ blacklistAfterRotation: false });
    const { refresh: first } = await login();
    const { refresh: second } = await refresh(first);
    ports.clock.pass(60_000);
    for (const token of [first, second, first]) await expect(refresh(token)).resolves.toBeDefined();
  });

  it('is not ended by two refreshes that meet, with different tokens', async () => {
    const { ports, login, refresh } = signedIn({ blacklistAfterRotation: false });
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
  it('ends the session, and again is no error', async () => {
    const { login, refresh, logout } = signedIn();
    const { refresh: token } = await login();
    await logout(token);
    await logout(token);
    await expect(refresh(token)).rejects.toMatchObject(refused);
  });

  it('refuses a token that has ended', async () => {
    const { ports, login, logout } = signedIn();
    const { refresh: token } = await login();
    ports.clock.pass(dayMs);
    await expect(logout(token)).rejects.toMatchObject(refused);
  });

  it('first revokes, then silences the sockets of that session, and only then removes it', async () => {
    const { ports, login, logout } = signedIn();
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
    ports.revocations.revoke = async (...given) => (order.push('revoke'), revoke(...given));
    const { end: endConnection } = ports.connections;
    ports.connections.end = async (...given) => (order.push('refuse commands'), endConnection(...given));
    const { end: endSubscriber } = ports.subscriptions;
    ports.subscriptions.end = async (...given) => (order.push('silence'), endSubscriber(...given));
    const { end } = ports.sessions;
    ports.sessions.end = async (...given) => (order.push('end'), end(...given));

    await logout(token);

    expect(order).toEqual(['revoke', 'refuse commands', 'silence', 'silence', 'end']);
    const now = ports.clock.now();
    expect(ports.revocations.all.get(sessionId)).toBe(now + settings.accessTokenLifetimeMs);
    const ended = { tokenEndsAt: now, ended: 'signed_out' };
    expect(ports.connections.all.get('here')).toMatchObject(ended);
    expect(ports.subscriptions.of(roomId)).toMatchObject([ended]);
    expect(ports.subscriptions.of(ann.userId).map(({ ended: reason }) => reason)).toEqual([
      'signed_out',
      undefined,
    ]);
    expect(ports.connections.all.get('elsewhere')).toEqual(connectionOf(ann, 'elsewhere'));
  });

  it('ends a socket for good: no new token and no ping extends it again', async () => {
    const { ports, login, logout } = signedIn();
    const { refresh: token } = await login();
    const { sessionId } = JSON.parse(token) as RefreshClaims;
    const connection = connectionOf({ ...ann, sessionId }, 'here');
    await ports.connections.open(connection);
    await ports.subscriptions.add(ann.userId, subscriberFor({ ...ann, sessionId }, 'here'));
    await logout(token);
    const changes = { tokenEndsAt: start + 900_000, leaseEndsAt: start + 900_000 };
    expect(await extendConnection(ports, connection, changes, ports.clock.now() - 1)).toBe(false);
    await ports.subscriptions.extend(ann.userId, 0, 'here', changes);
    expect(ports.connections.all.get('here')?.tokenEndsAt).toBe(ports.clock.now());
    expect(ports.subscriptions.of(ann.userId)).toMatchObject([{ tokenEndsAt: ports.clock.now() }]);
  });

  it('ends a socket that has just moved to the session, though it is still registered under another one', async () => {
    const { ports, login, logout } = signedIn();
    const { refresh: token } = await login();
    const { sessionId } = JSON.parse(token) as RefreshClaims;
    await ports.connections.open(connectionOf(ann, 'moving', { sessionId }));
    await ports.subscriptions.add(ann.userId, subscriberFor(ann, 'moving'));
    await logout(token);
    expect(ports.connections.all.get('moving')?.ended).toBe('signed_out');
  });
});
