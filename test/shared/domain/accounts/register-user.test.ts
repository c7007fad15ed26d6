import { describe, expect, it } from 'vitest';
import { memoryAccounts } from './memory-accounts.ts';

describe('registering a user', () => {
  it('creates a user who can sign in with the username in any case', async () => {
    const { register, login } = memoryAccounts({ registrationsPerHour: 3 });
    expect(await register('Ann', 'ann@example.com')).toEqual({
      id: expect.any(String),
      username: 'Ann',
      email: 'ann@example.com',
    });
    expect(await login('aNN')).toEqual({ access: expect.any(String), refresh: expect.any(String) });
  });

  it('refuses a taken username in any case, and accepts the e-mail address of another user', async () => {
    const { register } = memoryAccounts({ registrationsPerHour: 3 });
    await register('ann', 'ann@example.com');
    await expect(register('ANN')).rejects.toMatchObject({ code: 'username_taken' });
    await expect(register('bob', 'ann@example.com')).resolves.toMatchObject({
      email: 'ann@example.com',
    });
  });

  it('refuses the username as the password', async () => {
    const { register } = memoryAccounts({ registrationsPerHour: 3 });
    await expect(register('RiverOak', '', { password: 'riveroak' })).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ path: 'password' }],
    });
  });

  it('is limited per address and hour, and refused with the time until the next hour', async () => {
    const { ports, register } = memoryAccounts({ registrationsPerHour: 3 });
    for (const username of ['a', 'b', 'c']) await register(username);
    await expect(register('d')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 3_600_000 });
    await expect(register('e', '', { address: '10.0.0.2' })).resolves.toBeDefined();
    ports.clock.pass(3_600_000);
    await expect(register('d')).resolves.toBeDefined();
  });
});
