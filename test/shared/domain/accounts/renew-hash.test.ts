import { describe, expect, it } from 'vitest';
import { memoryAccounts } from './memory-accounts.ts';

/**
 * Registers ann with a hash of a lower cost than hashes have now. The first word of a fake hash is its cost.
 */
async function registerAnnAtLowerCost() {
  const accounts = memoryAccounts();
  const { passwords } = accounts.ports;
  passwords.hash.mockImplementation(async (plain) => `low-cost hash of ${plain}`);
  await accounts.register('ann');
  passwords.hash.mockImplementation(async (plain) => `high-cost hash of ${plain}`);
  passwords.verify.mockImplementation(async (plain, hash) => hash?.endsWith(` hash of ${plain}`) === true);
  passwords.isOutdated.mockImplementation((hash) => hash.startsWith('low-cost'));
  const currentHash = async () => (await accounts.ports.users.findLogin('ann'))?.passwordHash;
  return { ...accounts, currentHash };
}

describe('a password hash of a lower cost than the current one', () => {
  it('is renewed once, when its user signs in', async () => {
    const { ports, signIn, currentHash } = await registerAnnAtLowerCost();
    await signIn('ann');
    expect(await currentHash()).toBe('high-cost hash of correct-horse-7');
    ports.passwords.hash.mockClear();
    await signIn('ann');
    expect(ports.passwords.hash).not.toHaveBeenCalled();
  });

  it('is not renewed when the password is wrong', async () => {
    const { signIn, currentHash } = await registerAnnAtLowerCost();
    await expect(signIn('ann', { as: 'wrong' })).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await currentHash()).toBe('low-cost hash of correct-horse-7');
  });

  it('may be renewed while another sign-in compares the password with the old hash', async () => {
    const { ports, signIn, currentHash } = await registerAnnAtLowerCost();
    ports.passwords.verify.mockImplementationOnce(async () => {
      await signIn('ann');
      return true;
    });
    await signIn('ann');
    expect(await currentHash()).toBe('high-cost hash of correct-horse-7');
    expect(ports.sessions.all.size).toBe(2);
  });

  it('is not renewed when the password was changed in the meantime', async () => {
    const { ports, signIn, currentHash } = await registerAnnAtLowerCost();
    const login = (await ports.users.findLogin('ann'))!;
    ports.passwords.hash.mockImplementationOnce(async (plain) => {
      await ports.users.renewHash(login, 'high-cost hash of battery-staple-8');
      return `high-cost hash of ${plain}`;
    });
    await signIn('ann');
    expect(await currentHash()).toBe('high-cost hash of battery-staple-8');
  });
});
