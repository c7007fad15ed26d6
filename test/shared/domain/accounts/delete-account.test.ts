import { describe, expect, it } from 'vitest';
import { deleteAccount } from '../../../../shared/domain/accounts/delete-account.ts';
import { memoryAccounts, password, settings } from './memory-accounts.ts';

async function signInAnn() {
  const accounts = memoryAccounts();
  const { id } = await accounts.register('ann', 'ann@example.com');
  const ann = await accounts.signIn('ann');
  const remove = (presented = password) => deleteAccount(accounts.ports, ann, presented, settings);
  return { ...accounts, id, ann, remove };
}

describe('deleting an account', () => {
  it('removes the user, the account and the login, and frees the e-mail address but not the username', async () => {
    const { ports, id, remove, register, signIn } = await signInAnn();
    await remove();
    expect([await ports.users.get(id), await ports.users.getWithAccount(id)]).toEqual([undefined, undefined]);
    await expect(signIn('ann')).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(register('ANN')).rejects.toMatchObject({ code: 'username_taken' });
    await expect(register('ann-2', 'ann@example.com')).resolves.toBeDefined();
  });

  it('ends every session including the caller’s, and their connections', async () => {
    const { ports, ann, remove, signIn, openSocket } = await signInAnn();
    const other = await signIn('ann');
    await openSocket(ann, 'here');
    await openSocket(other, 'there');
    await remove();
    expect(ports.sessions.all.size).toBe(0);
    for (const caller of [ann, other]) expect(await ports.revocations.isRevoked(caller)).toBe(true);
    for (const id of ['here', 'there']) {
      expect(ports.connections.all.get(id)?.tokenEndsAtMs).toBe(ports.clock.now());
    }
  });

  it('requires the password, and limits wrong ones', async () => {
    const { ports, id, remove } = await signInAnn();
    const wrong = { code: 'invalid_request', fields: [{ path: 'password' }] };
    for (let count = 0; count < settings.failuresPerAccount; count += 1)
      await expect(remove('not-the-password')).rejects.toMatchObject(wrong);
    await expect(remove()).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await ports.users.get(id)).toBeDefined();
    expect(ports.sessions.all.size).toBe(1);
  });

  it('requires no password within ten minutes of the sign-in', async () => {
    const { ports, ann, id } = await signInAnn();
    const removeWithout = () => deleteAccount(ports, ann, undefined, settings);
    ports.clock.pass(10 * 60 * 1_000 + 1);
    await expect(removeWithout()).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ path: 'password' }],
    });
    expect(await ports.users.get(id)).toBeDefined();
    ports.clock.pass(-1);
    await removeWithout();
    expect(await ports.users.get(id)).toBeUndefined();
    await expect(removeWithout()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('revokes the session of a sign-in that runs at the same time', async () => {
    const { ports, remove, signIn } = await signInAnn();
    ports.passwords.verify.mockImplementationOnce(async () => {
      await remove();
      return true;
    });
    await expect(signIn('ann')).rejects.toMatchObject({ code: 'invalid_credentials' });
    const late = [...ports.sessions.all.values()];
    expect(await Promise.all(late.map(ports.revocations.isRevoked))).toEqual([true]);
  });

  it('revokes all sessions even when the function dies right after the write', async () => {
    const { ports, ann, remove, signIn } = await signInAnn();
    const other = await signIn('ann');
    const { erase } = ports.users;
    ports.users.erase = async (...args) => {
      await erase(...args);
      throw new Error('died here');
    };
    await expect(remove()).rejects.toThrow('died here');
    for (const caller of [ann, other]) expect(await ports.revocations.isRevoked(caller)).toBe(true);
  });

  it('throws try_again when another change of the login came first', async () => {
    const { ports, id, remove } = await signInAnn();
    const { erase } = ports.users;
    ports.users.erase = async (login, ...rest) => {
      await ports.users.renewHash(login, 'another hash');
      return erase(login, ...rest);
    };
    await expect(remove()).rejects.toMatchObject({ code: 'try_again' });
    expect(await ports.users.get(id)).toBeDefined();
  });
});
