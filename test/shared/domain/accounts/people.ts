/** Accounts in memory, with passwords that anybody could read, and people who sign in to them. */
import { vi } from 'vitest';
import { loginUser } from '../../../../shared/domain/accounts/login-user.ts';
import { registerUser } from '../../../../shared/domain/accounts/register-user.ts';
import type { Caller } from '../../../../shared/domain/model.ts';
import type { PasswordHasher } from '../../../../shared/domain/ports/accounts.ts';
import { fakeChat } from '../../fakes/chat.ts';
import { plainTokens } from '../../fakes/plain-tokens.ts';
import { connectionOf, subscriberFor } from '../../fakes/system.ts';

export const settings = {
  accessTokenLifetimeMs: 300_000,
  refreshTokenLifetimeMs: 86_400_000,
  rotateRefreshTokens: true,
  blacklistAfterRotation: true,
  failuresPerAccount: 3,
  failuresPerAddress: 5,
  loginsPerHour: 1_000,
  registrationsPerHour: 100,
};

export const password = 'correct-horse-7';

export function fakeAccounts() {
  const passwords = {
    hash: vi.fn(async (given: string) => `hash of ${given}`),
    verify: vi.fn(async (given: string, hash: string | undefined) => hash === `hash of ${given}`),
    isOutdated: vi.fn((_hash: string) => false),
  } satisfies PasswordHasher;
  const ports = { ...fakeChat(), tokens: plainTokens, passwords };
  return {
    ports,
    register: (username: string, email = '') =>
      registerUser(ports, { username, email, password, address: '10.0.0.1' }, settings),
    /** Signs in; who asks with the access token. */
    async signIn(
      username: string,
      {
        as = password,
        from: address = '10.0.0.1',
        userAgent,
      }: { as?: string; from?: string; userAgent?: string } = {},
    ): Promise<Caller & { refresh: string }> {
      const pair = await loginUser(ports, { username, password: as, address, userAgent }, settings);
      const { userId, sessionId, tokenVersion } = JSON.parse(pair.access) as Caller;
      const tokenEndsAt = ports.clock.now() + 300_000;
      return { userId, username, sessionId, tokenVersion, tokenEndsAt, refresh: pair.refresh };
    },
    /** A socket of that session, as far as its user's subscribers knows. */
    async openSocket(caller: Caller, connectionId: string): Promise<void> {
      await ports.connections.open(connectionOf(caller, connectionId));
      await ports.subscriptions.add(caller.userId, subscriberFor(caller, connectionId));
    },
  };
}

export type FakeAccounts = ReturnType<typeof fakeAccounts>;
