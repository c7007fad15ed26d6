import { describe, expect, it, vi } from 'vitest';
import { loginUser } from '../../../shared/domain/accounts/login-user.ts';
import { findUsers, getProfile, updateProfile } from '../../../shared/domain/accounts/profiles.ts';
import { registerUser } from '../../../shared/domain/accounts/register-user.ts';
import type { PasswordHasher, Tokens } from '../../../shared/domain/ports/accounts.ts';
import { fakeChat } from '../fakes/chat.ts';
import { ann, uuid } from '../fakes/system.ts';

const settings = {
  accessTokenLifetimeMs: 300_000,
  refreshTokenLifetimeMs: 86_400_000,
  rotateRefreshTokens: true,
  blacklistAfterRotation: true,
  failuresPerAccount: 3,
  failuresPerAddress: 5,
  loginsPerHour: 1_000,
  registrationsPerHour: 3,
};

const tokens = {
  access: async () => 'access',
  refresh: async () => 'refresh',
} as unknown as Tokens;

function accounts() {
  const passwords: PasswordHasher = {
    hash: async (password) => `hash of ${password}`,
    verify: vi.fn(async (password: string, hash: string | undefined) => hash === `hash of ${password}`),
    isOutdated: () => false,
  };
  const ports = { ...fakeChat(), tokens, passwords };
  return {
    ports,
    register: (username: string, more: { email?: string; password?: string; address?: string } = {}) =>
      registerUser(
        ports,
        { username, email: '', password: 'correct-horse-7', address: '10.0.0.1', ...more },
        settings,
      ),
    login: (username: string, password = 'correct-horse-7', address = '10.0.0.1') =>
      loginUser(ports, { username, password, address }, settings),
  };
}

const invalid = { code: 'invalid_credentials', message: 'Invalid Credentials' };

describe('registering', () => {
  it('makes a user that can sign in, with the name in any case', async () => {
    const { register, login } = accounts();
    expect(await register('Ann', { email: 'ann@example.com' })).toEqual({
      id: expect.any(String),
      username: 'Ann',
      email: 'ann@example.com',
    });
    expect(await login('aNN')).toEqual({ access: 'access', refresh: 'refresh' });
  });

  it('refuses names that are taken, whatever their case, and takes an address that another user has', async () => {
    const { register } = accounts();
    await register('ann', { email: 'ann@example.com' });
    await expect(register('ANN')).rejects.toMatchObject({ code: 'username_taken' });
    await expect(register('bob', { email: 'ann@example.com' })).resolves.toMatchObject({
      email: 'ann@example.com',
    });
  });

  it('refuses the username as password', async () => {
    const { register } = accounts();
    await expect(register('SomeBody', { password: 'somebody' })).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ path: 'password' }],
    });
  });

  it('takes so many from one address in an hour, and says when to come back', async () => {
    const { ports, register } = accounts();
    for (const username of ['a', 'b', 'c']) await register(username);
    await expect(register('d')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 3_600_000 });
    await expect(register('e', { address: '10.0.0.2' })).resolves.toBeDefined();
    ports.clock.pass(3_600_000);
    await expect(register('d')).resolves.toBeDefined();
  });
});

describe('signing in', () => {
  it('answers a wrong password and an unknown user alike, and compares a password for both', async () => {
    const { ports, register, login } = accounts();
    await register('ann');
    await expect(login('ann', 'wrong')).rejects.toMatchObject(invalid);
    await expect(login('nobody', 'wrong')).rejects.toMatchObject(invalid);
    expect(ports.passwords.verify).toHaveBeenCalledTimes(2);
    expect(ports.passwords.verify).toHaveBeenLastCalledWith('wrong', undefined);
  });

  it('does not look for what cannot be a username, and compares all the same', async () => {
    const { ports, login } = accounts();
    const findLogin = vi.spyOn(ports.users, 'findLogin');
    await expect(login('ﷺ'.repeat(1_000), 'wrong')).rejects.toMatchObject(invalid);
    expect(findLogin).not.toHaveBeenCalled();
    expect(ports.passwords.verify).toHaveBeenCalledOnce();
  });

  it('is refused after so many failures of an account from an address, with the right password too', async () => {
    const { ports, register, login } = accounts();
    await register('ann');
    ports.clock.pass(60_000);
    for (let failure = 0; failure < 3; failure += 1)
      await expect(login('ann', 'wrong')).rejects.toMatchObject(invalid);
    await expect(login('ANN')).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
    expect(ports.passwords.verify).toHaveBeenCalledTimes(3);
  });

  it('is not refused to the owner, who comes from elsewhere', async () => {
    const { register, login } = accounts();
    await register('ann');
    for (let failure = 0; failure < 3; failure += 1)
      await expect(login('ann', 'wrong')).rejects.toMatchObject(invalid);
    await expect(login('ann', undefined, '10.0.0.2')).resolves.toBeDefined();
  });

  it('is refused to an address after so many failures, whoever it tries next', async () => {
    const { register, login } = accounts();
    await register('ann');
    for (const name of ['v', 'w', 'x', 'y', 'z'])
      await expect(login(name, 'wrong')).rejects.toMatchObject(invalid);
    await expect(login('ann')).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('is possible again when the window is over, and success counts for nothing', async () => {
    const { ports, register, login } = accounts();
    await register('ann');
    for (let round = 0; round < 6; round += 1) await login('ann');
    for (let failure = 0; failure < 3; failure += 1)
      await expect(login('ann', 'wrong')).rejects.toMatchObject(invalid);
    ports.clock.pass(15 * 60_000);
    await expect(login('ann')).resolves.toBeDefined();
  });
});

describe('a profile', () => {
  it('keeps what is not given', async () => {
    const { ports, register } = accounts();
    const { id } = await register('ann', { email: 'ann@example.com' });
    const caller = { ...ann, userId: id };
    await updateProfile(ports, caller, { firstName: 'Ann', lastName: 'Arbor' });
    await updateProfile(ports, caller, { firstName: undefined, lastName: '' });
    expect(await getProfile(ports, caller)).toEqual({
      id,
      username: 'ann',
      email: 'ann@example.com',
      first_name: 'Ann',
      last_name: '',
      profile_picture: null,
    });
  });

  it('of somebody who is gone is refused', async () => {
    const { ports } = accounts();
    const caller = { ...ann, userId: uuid(77) };
    await expect(getProfile(ports, caller)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(updateProfile(ports, caller, { firstName: 'A', lastName: undefined })).rejects.toMatchObject(
      { code: 'unauthorized' },
    );
  });

  it('is found by the start of the username, without the e-mail address', async () => {
    const { ports, register } = accounts();
    await register('ann', { email: 'ann@example.com' });
    await register('bob');
    expect(await findUsers(ports, 'A')).toEqual([
      { id: expect.any(String), username: 'ann', profile_picture: null },
    ]);
  });
});
