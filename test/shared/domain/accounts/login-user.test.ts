import { describe, expect, it, vi } from 'vitest';
import { memoryAccounts } from './memory-accounts.ts';

const invalid = { code: 'invalid_credentials', message: 'Invalid Credentials' };

describe('signing in', () => {
  it('answers a wrong password and an unknown user alike, after comparing a password for both', async () => {
    const { ports, register, login } = memoryAccounts();
    await register('ann');
    await expect(login('ann', 'wrong')).rejects.toMatchObject(invalid);
    await expect(login('unknown', 'wrong')).rejects.toMatchObject(invalid);
    expect(ports.passwords.verify).toHaveBeenCalledTimes(2);
    expect(ports.passwords.verify).toHaveBeenLastCalledWith('wrong', undefined);
  });

  it('does not look up a string that cannot be a username, but still compares the password', async () => {
    const { ports, login } = memoryAccounts();
    const findLogin = vi.spyOn(ports.users, 'findLogin');
    await expect(login('ﷺ'.repeat(1_000), 'wrong')).rejects.toMatchObject(invalid);
    expect(findLogin).not.toHaveBeenCalled();
    expect(ports.passwords.verify).toHaveBeenCalledOnce();
  });

  it('is refused after too many failures for an account from an address, even with the right password', async () => {
    const { ports, register, login } = memoryAccounts();
    await register('ann');
    ports.clock.pass(60_000);
    for (let failure = 0; failure < 3; failure += 1)
      await expect(login('ann', 'wrong')).rejects.toMatchObject(invalid);
    await expect(login('ANN')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
    expect(ports.passwords.verify).toHaveBeenCalledTimes(3);
  });

  it('is not refused from another address after failures from one', async () => {
    const { register, login } = memoryAccounts();
    await register('ann');
    for (let failure = 0; failure < 3; failure += 1)
      await expect(login('ann', 'wrong')).rejects.toMatchObject(invalid);
    await expect(login('ann', undefined, '10.0.0.2')).resolves.toBeDefined();
  });

  it('is refused from an address after too many failures, whatever account it tries', async () => {
    const { register, login } = memoryAccounts();
    await register('ann');
    for (const name of ['v', 'w', 'x', 'y', 'z'])
      await expect(login(name, 'wrong')).rejects.toMatchObject(invalid);
    await expect(login('ann')).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('is possible again when the window is over, and does not count successful sign-ins', async () => {
    const { ports, register, login } = memoryAccounts();
    await register('ann');
    for (let round = 0; round < 6; round += 1) await login('ann');
    for (let failure = 0; failure < 3; failure += 1)
      await expect(login('ann', 'wrong')).rejects.toMatchObject(invalid);
    ports.clock.pass(15 * 60_000);
    await expect(login('ann')).resolves.toBeDefined();
  });
});
