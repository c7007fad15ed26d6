/** Accounts in memory with readable password hashes, and helpers that register users and sign them in. */
import { vi } from 'vitest';
import { loginUser } from '../../../../shared/domain/accounts/login-user.ts';
import { registerUser } from '../../../../shared/domain/accounts/register-user.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import type { PasswordHasher } from '../../../../shared/domain/ports/accounts.ts';
import { memoryChat } from '../../../kit/memory-chat/chat.ts';
import { plainTokens } from '../../../kit/memory-chat/plain-tokens.ts';
import { connectionOf, subscriberFor } from '../../../kit/memory-chat/system.ts';

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

export function memoryAccounts(changes: Partial<typeof settings> = {}) {
  const currentSettings = { ...settings, ...changes };
  const passwords = {
    hash: vi.fn(async (plain: string) => `hash of ${plain}`),
    verify: vi.fn(async (plain: string, hash: string | undefined) => hash === `hash of ${plain}`),
    isOutdated: vi.fn((_hash: string) => false),
  } satisfies PasswordHasher;
  const ports = { ...memoryChat(), tokens: plainTokens, passwords };
  return {
    ports,
    register: (username: string, email = '', more: { password?: string; address?: string } = {}) =>
      registerUser(ports, { username, email, password, address: '10.0.0.1', ...more }, currentSettings),
    login: (username: string, presented = password, address = '10.0.0.1') =>
      loginUser(ports, { username, password: presented, address }, currentSettings),
    /** Signs a user in and returns the caller that the access token stands for, with the refresh token. */
    async signIn(
      username: string,
      {
        as = password,
        from: address = '10.0.0.1',
        userAgent,
      }: { as?: string; from?: string; userAgent?: string } = {},
    ): Promise<Caller & { refresh: string }> {
      const pair = await loginUser(ports, { username, password: as, address, userAgent }, currentSettings);
      const { userId, sessionId, tokenVersion } = JSON.parse(pair.access) as Caller;
      const tokenEndsAtMs = ports.clock.now() + 300_000;
      return { userId, username, sessionId, tokenVersion, tokenEndsAtMs, refresh: pair.refresh };
    },
    /** Opens a connection of the caller's session and registers it under the user. */
    async openSocket(caller: Caller, connectionId: string): Promise<void> {
      await ports.connections.open(connectionOf(caller, connectionId));
      await ports.subscriptions.add(caller.userId, subscriberFor(caller, connectionId));
    },
  };
}

export type MemoryAccounts = ReturnType<typeof memoryAccounts>;
