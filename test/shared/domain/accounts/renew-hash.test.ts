import { describe, expect, it } from 'vitest';
import { fakeAccounts } from './people.ts';

/** With a hash from when hashing was cheaper; it is told by its first word. */
async function annOfOld() {
  const accounts = fakeAccounts();
  const { passwords } = accounts.ports;
  passwords.hash.mockImplementation(async (given) => `cheap hash of ${given}`);
  await accounts.register('ann');
  passwords.hash.mockImplementation(async (given) => `dear hash of ${given}`);
  passwords.verify.mockImplementation(async (given, hash) => hash?.endsWith(` hash of ${given}`) === true);
  passwords.isOutdated.mockImplementation((hash) => hash.startsWith('cheap'));
  const hashNow = async () => (await accounts.ports.users.findLogin('ann'))?.passwordHash;
  return { ...accounts, hashNow };
}

describe('a hash that cost less than hashes do now', () => {
  it('is renewed when its user signs in, once', async () => {
    const { ports, signIn, hashNow } = await annOfOld();
    await signIn('ann');
    expect(await hashNow()).toBe('dear hash of correct-horse-7');
    ports.passwords.hash.mockClear();
    await signIn('ann');
    expect(ports.passwords.hash).not.toHaveBeenCalled();
  });

  it('stays as it is when a wrong password is tried', async () => {
    const { signIn, hashNow } = await annOfOld();
    await expect(signIn('ann', { as: 'wrong' })).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await hashNow()).toBe('cheap hash of correct-horse-7');
  });

  it('keeps nobody out whose password was compared with the hash before it', async () => {
    const { ports, signIn, hashNow } = await annOfOld();
    ports.passwords.verify.mockImplementationOnce(async () => {
      await signIn('ann');
      return true;
    });
    await signIn('ann');
    expect(await hashNow()).toBe('dear hash of correct-horse-7');
    expect(ports.sessions.all.size).toBe(2);
  });

  it('is no way around a change of the password', async () => {
    const { ports, signIn, hashNow } = await annOfOld();
    const login = (await ports.users.findLogin('ann'))!;
    ports.passwords.hash.mockImplementationOnce(async (given) => {
      await ports.users.renewHash(login, 'dear hash of battery-staple-8');
      return `dear hash of ${given}`;
    });
    await signIn('ann');
    expect(await hashNow()).toBe('dear hash of battery-staple-8');
  });
});
