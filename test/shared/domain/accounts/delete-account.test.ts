import { describe, expect, it } from 'vitest';
import { deleteAccount } from '../../../../shared/domain/accounts/delete-account.ts';
import { fakeAccounts, password, settings } from './people.ts';

async function annSignedIn() {
  const accounts = fakeAccounts();
  const { id } = await accounts.register('ann', 'ann@example.com');
  const ann = await accounts.signIn('ann');
  const remove = (given = password) => deleteAccount(accounts.ports, ann, given, settings);
  return { ...accounts, id, ann, remove };
}

describe('deleting an account', () => {
  it('takes the user, the account and the login away, and frees the e-mail address alone', async () => {
    const { ports, id, remove, register, signIn } = await annSignedIn();
    await remove();
    expect([await ports.users.get(id), await ports.users.getWithAccount(id)]).toEqual([undefined, undefined]);
    await expect(signIn('ann')).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(register('ANN')).rejects.toMatchObject({ code: 'username_taken' });
    await expect(register('ann-2', 'ann@example.com')).resolves.toBeDefined();
  });

  it('ends every session, that of the caller too, and silences their sockets', async () => {
    const { ports, ann, remove, signIn, openSocket } = await annSignedIn();
    const other = await signIn('ann');
    await openSocket(ann, 'here');
    await openSocket(other, 'there');
    await remove();
    expect(ports.sessions.all.size).toBe(0);
    for (const caller of [ann, other]) expect(await ports.revocations.isRevoked(caller)).toBe(true);
    for (const id of ['here', 'there']) {
      expect(ports.connections.all.get(id)?.tokenEndsAt).toBe(ports.clock.now());
    }
  });

  it('asks for the password, and limits guessing it', async () => {
    const { ports, id, remove } = await annSignedIn();
    const wrong = { code: 'invalid_request', fields: [{ path: 'password' }] };
    for (let count = 0; count < settings.failuresPerAccount; count += 1)
      await expect(remove('not-the-password')).rejects.toMatchObject(wrong);
    await expect(remove()).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await ports.users.get(id)).toBeDefined();
    expect(ports.sessions.all.size).toBe(1);
  });

  it('does without the password for whoever has just given it, and for nobody else', async () => {
    const { ports, ann, id } = await annSignedIn();
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

  it('leaves no session to whoever signed in meanwhile', async () => {
    const { ports, remove, signIn } = await annSignedIn();
    ports.passwords.verify.mockImplementationOnce(async () => {
      await remove();
      return true;
    });
    await expect(signIn('ann')).rejects.toMatchObject({ code: 'invalid_credentials' });
    const late = [...ports.sessions.all.values()];
    expect(await Promise.all(late.map(ports.revocations.isRevoked))).toEqual([true]);
  });

  it('that dies after the account is gone leaves no session behind', async () => {
    const { ports, ann, remove, signIn } = await annSignedIn();
    const other = await signIn('ann');
    const { erase } = ports.users;
    ports.users.erase = async (...given) => {
      await erase(...given);
      throw new Error('died here');
    };
    await expect(remove()).rejects.toThrow('died here');
    for (const caller of [ann, other]) expect(await ports.revocations.isRevoked(caller)).toBe(true);
  });

  it('that another change was faster than is to be tried again', async () => {
    const { ports, id, remove } = await annSignedIn();
    const { erase } = ports.users;
    ports.users.erase = async (login, ...rest) => {
      await ports.users.renewHash(login, 'another hash');
      return erase(login, ...rest);
    };
    await expect(remove()).rejects.toMatchObject({ code: 'try_again' });
    expect(await ports.users.get(id)).toBeDefined();
  });
});
