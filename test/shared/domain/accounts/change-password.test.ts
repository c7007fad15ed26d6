import { describe, expect, it, vi } from 'vitest';
import { changePassword } from '../../../../shared/domain/accounts/change-password.ts';
import { signOutEverywhere } from '../../../../shared/domain/accounts/own-sessions.ts';
import { nextRevocation } from '../../../../shared/domain/accounts/revoke-tokens.ts';
import { refreshTokens } from '../../../../shared/domain/accounts/sessions.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import { uuid } from '../../../kit/memory-chat/system.ts';
import { memoryAccounts, password, settings } from './memory-accounts.ts';

const newPassword = 'battery-staple-8';
const wrong = { code: 'invalid_request', fields: [{ path: 'old_password' }] };

async function signInAnn() {
  const accounts = memoryAccounts();
  await accounts.register('ann', 'ann@example.com');
  const ann = await accounts.signIn('ann');
  const change = (oldPassword = password, to = newPassword, caller: Caller = ann) =>
    changePassword(accounts.ports, caller, { oldPassword, newPassword: to }, settings);
  return { ...accounts, ann, change };
}

describe('changing a password', () => {
  it('replaces the old password', async () => {
    const { change, signIn } = await signInAnn();
    await change();
    await expect(signIn('ann')).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(signIn('ann', { as: newPassword })).resolves.toBeDefined();
  });

  it('ends every session except the one that changes it', async () => {
    const { ports, change, signIn, openSocket, ann } = await signInAnn();
    const other = await signIn('ann');
    await openSocket(ann, 'here');
    await openSocket(other, 'there');
    await change();
    expect([...ports.sessions.all.keys()]).toEqual([ann.sessionId]);
    expect(await ports.revocations.isRevoked(other)).toBe(true);
    expect(await ports.revocations.isRevoked(ann)).toBe(false);
    expect(ports.connections.all.get('there')?.tokenEndsAtMs).toBe(ports.clock.now());
    expect(ports.connections.all.get('here')?.tokenEndsAtMs).toBe(ann.tokenEndsAtMs);
  });

  it('is refused when the old password is wrong, and ends no session', async () => {
    const { ports, change, signIn } = await signInAnn();
    await signIn('ann');
    await expect(change('not-the-password')).rejects.toMatchObject(wrong);
    expect(ports.sessions.all.size).toBe(2);
    await expect(signIn('ann')).resolves.toBeDefined();
  });

  it.each([
    ['a common one', 'Password123!'],
    ['the username', 'ANN-12345'],
    ['the e-mail address', 'ann@example.com'],
    ['the old password', password],
  ])('refuses a new password that is %s', async (_, to) => {
    const { change, signIn } = await signInAnn();
    await expect(change(password, to)).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ path: 'new_password' }],
    });
    await expect(signIn('ann')).resolves.toBeDefined();
  });

  it('limits wrong old passwords per session, without locking out other sessions', async () => {
    const { ports, change, signIn } = await signInAnn();
    const other = await signIn('ann');
    const guesses = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => change(`guess-${index}`)),
    );
    const codes = guesses.map((guess) => (guess as PromiseRejectedResult).reason.code);
    expect(codes.filter((code) => code === 'invalid_request')).toHaveLength(settings.failuresPerAccount);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(17);
    await expect(change()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 15 * 60_000 });
    await expect(change('guess', newPassword, other)).rejects.toMatchObject(wrong);
    ports.clock.pass(15 * 60_000);
    await expect(change()).resolves.toBeUndefined();
  });

  it('does not count changes that succeed towards the limit', async () => {
    const { change } = await signInAnn();
    const passwords = [
      password,
      newPassword,
      'kettle-parade-5',
      'walnut-thimble-3',
      'gravel-piano-66',
      'one-last-turn-9',
    ];
    for (const [index, next] of passwords.slice(1).entries())
      await expect(change(passwords[index], next)).resolves.toBeUndefined();
  });

  it('is refused when another change came first', async () => {
    const { ports, change } = await signInAnn();
    ports.passwords.hash.mockImplementationOnce(async (plain) => {
      await change(password, 'kettle-parade-5');
      return `hash of ${plain}`;
    });
    await expect(change()).rejects.toMatchObject(wrong);
  });

  it('ends the other sessions even when the function dies right after the write', async () => {
    const { ports, change, signIn, ann } = await signInAnn();
    const other = await signIn('ann');
    const { revokeTokens } = ports.users;
    ports.users.revokeTokens = async (...args) => {
      await revokeTokens(...args);
      throw new Error('died here');
    };
    await expect(change()).rejects.toThrow('died here');
    expect(await ports.revocations.isRevoked(other)).toBe(true);
    expect(await ports.revocations.isRevoked(ann)).toBe(false);
    await expect(refreshTokens(ports, other.refresh, settings)).rejects.toMatchObject({
      code: 'invalid_refresh_token',
    });
    await expect(refreshTokens(ports, ann.refresh, settings)).resolves.toBeDefined();
  });

  it('takes as many writes for thousands of sessions as for one, and reads a bounded number of sessions', async () => {
    const { ports, change, ann } = await signInAnn();
    const session = ports.sessions.all.get(ann.sessionId)!;
    for (let count = 0; count < 30_000; count += 1) {
      const sessionId = uuid(100_000 + count);
      ports.sessions.all.set({ ...session, sessionId });
    }
    const [page, revoke] = [vi.spyOn(ports.sessions, 'page'), vi.spyOn(ports.revocations, 'revoke')];
    await change();
    expect(page).toHaveBeenCalledOnce();
    expect(revoke).not.toHaveBeenCalled();
    const old = { ...ann, sessionId: uuid(120_000) };
    expect(await ports.revocations.isRevoked(old)).toBe(true);
  });

  it('at the same moment as signing out everywhere leaves no session', async () => {
    const { ports, change, ann } = await signInAnn();
    const { revokeTokens } = ports.users;
    ports.users.revokeTokens = async (...args) => {
      ports.users.revokeTokens = revokeTokens;
      await signOutEverywhere(ports, ann, settings);
      return revokeTokens(...args);
    };
    await expect(change()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await ports.revocations.isRevoked(ann)).toBe(true);
  });

  it('ends a session that an earlier change kept', async () => {
    const { ports, change, signIn, ann } = await signInAnn();
    await change();
    const later = await signIn('ann', { as: newPassword });
    await change(newPassword, 'kettle-parade-5', later);
    expect([await ports.revocations.isRevoked(ann), await ports.revocations.isRevoked(later)]).toEqual([
      true,
      false,
    ]);
  });

  it('revokes the session of a sign-in that compared the old password before the change', async () => {
    const { ports, change, signIn, ann } = await signInAnn();
    ports.passwords.verify.mockImplementationOnce(async () => {
      await change();
      return true;
    });
    await expect(signIn('ann')).rejects.toMatchObject({ code: 'invalid_credentials' });
    const late = [...ports.sessions.all.values()].filter(({ sessionId }) => sessionId !== ann.sessionId);
    expect(await Promise.all(late.map(ports.revocations.isRevoked))).toEqual([true]);
  });

  it('is refused when the user no longer exists', async () => {
    const { ports, change, ann } = await signInAnn();
    const login = (await ports.users.findLogin('ann'))!;
    const revocation = nextRevocation(login, undefined, 0, settings);
    await ports.users.erase(login, { userId: ann.userId, email: '' }, revocation);
    await expect(change()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(vi.mocked(ports.passwords.hash)).toHaveBeenCalledOnce();
  });
});
