import { describe, expect, it, vi } from 'vitest';
import { changePassword } from '../../../../shared/domain/accounts/change-password.ts';
import { signOutEverywhere } from '../../../../shared/domain/accounts/own-sessions.ts';
import { nextRevocation } from '../../../../shared/domain/accounts/revoke-tokens.ts';
import { refreshTokens } from '../../../../shared/domain/accounts/sessions.ts';
import type { Caller } from '../../../../shared/domain/model.ts';
import { uuid } from '../../fakes/system.ts';
import { fakeAccounts, password, settings } from './people.ts';

const newPassword = 'battery-staple-8';
const wrong = { code: 'invalid_request', fields: [{ path: 'old_password' }] };

async function annSignedIn() {
  const accounts = fakeAccounts();
  await accounts.register('ann', 'ann@example.com');
  const ann = await accounts.signIn('ann');
  const change = (oldPassword = password, to = newPassword, caller: Caller = ann) =>
    changePassword(accounts.ports, caller, { oldPassword, newPassword: to }, settings);
  return { ...accounts, ann, change };
}

describe('a new password', () => {
  it('takes the place of the old one', async () => {
    const { change, signIn } = await annSignedIn();
    await change();
    await expect(signIn('ann')).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(signIn('ann', { as: newPassword })).resolves.toBeDefined();
  });

  it('ends every other session, and not the one that asks', async () => {
    const { ports, change, signIn, openSocket, ann } = await annSignedIn();
    const other = await signIn('ann');
    await openSocket(ann, 'here');
    await openSocket(other, 'there');
    await change();
    expect([...ports.sessions.all.keys()]).toEqual([ann.sessionId]);
    expect(await ports.revocations.isRevoked(other)).toBe(true);
    expect(await ports.revocations.isRevoked(ann)).toBe(false);
    expect(ports.connections.all.get('there')?.tokenEndsAt).toBe(ports.clock.now());
    expect(ports.connections.all.get('here')?.tokenEndsAt).toBe(ann.tokenEndsAt);
  });

  it('is refused, and nothing ends, to whoever does not know the old one', async () => {
    const { ports, change, signIn } = await annSignedIn();
    await signIn('ann');
    await expect(change('not-the-password')).rejects.toMatchObject(wrong);
    expect(ports.sessions.all.size).toBe(2);
    await expect(signIn('ann')).resolves.toBeDefined();
  });

  it.each([
    ['common', 'Password123!'],
    ['the user’s own name', 'ANN-12345'],
    ['their e-mail address', 'ann@example.com'],
    ['the old one', password],
  ])('must not be %s', async (_, to) => {
    const { change, signIn } = await annSignedIn();
    await expect(change(password, to)).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ path: 'new_password' }],
    });
    await expect(signIn('ann')).resolves.toBeDefined();
  });

  it('is guessed at only so often by one session, which keeps no other from it', async () => {
    const { ports, change, signIn } = await annSignedIn();
    const other = await signIn('ann');
    const guesses = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => change(`guess-${at}`)));
    const codes = guesses.map((guess) => (guess as PromiseRejectedResult).reason.code);
    expect(codes.filter((code) => code === 'invalid_request')).toHaveLength(settings.failuresPerAccount);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(17);
    await expect(change()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 15 * 60_000 });
    await expect(change('guess', newPassword, other)).rejects.toMatchObject(wrong);
    ports.clock.pass(15 * 60_000);
    await expect(change()).resolves.toBeUndefined();
  });

  it('counts only what failed', async () => {
    const { change } = await annSignedIn();
    const passwords = [
      password,
      newPassword,
      'kettle-parade-5',
      'walnut-thimble-3',
      'gravel-piano-66',
      'one-last-turn-9',
    ];
    for (const [at, next] of passwords.slice(1).entries())
      await expect(change(passwords[at], next)).resolves.toBeUndefined();
  });

  it('that another change was faster than is refused', async () => {
    const { ports, change } = await annSignedIn();
    ports.passwords.hash.mockImplementationOnce(async (given) => {
      await change(password, 'kettle-parade-5');
      return `hash of ${given}`;
    });
    await expect(change()).rejects.toMatchObject(wrong);
  });

  it('leaves nobody signed in who came with the old one, also when the function dies after the change', async () => {
    const { ports, change, signIn, ann } = await annSignedIn();
    const other = await signIn('ann');
    const { revokeTokens } = ports.users;
    ports.users.revokeTokens = async (...given) => {
      await revokeTokens(...given);
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

  it('takes as many writes for thousands of sessions as for one, and reads a bounded number of them', async () => {
    const { ports, change, ann } = await annSignedIn();
    const session = ports.sessions.all.get(ann.sessionId)!;
    for (let count = 0; count < 30_000; count += 1) {
      const sessionId = uuid(100_000 + count);
      ports.sessions.all.set(sessionId, { ...session, sessionId });
    }
    const [page, revoke] = [vi.spyOn(ports.sessions, 'page'), vi.spyOn(ports.revocations, 'revoke')];
    await change();
    expect(page).toHaveBeenCalledOnce();
    expect(revoke).not.toHaveBeenCalled();
    const old = { ...ann, sessionId: uuid(120_000) };
    expect(await ports.revocations.isRevoked(old)).toBe(true);
  });

  it('and signing out everywhere at the same moment leave no session behind', async () => {
    const { ports, change, ann } = await annSignedIn();
    const { revokeTokens } = ports.users;
    ports.users.revokeTokens = async (...given) => {
      ports.users.revokeTokens = revokeTokens;
      await signOutEverywhere(ports, ann, settings);
      return revokeTokens(...given);
    };
    await expect(change()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await ports.revocations.isRevoked(ann)).toBe(true);
  });

  it('ends a session that an earlier change had kept', async () => {
    const { ports, change, signIn, ann } = await annSignedIn();
    await change();
    const later = await signIn('ann', { as: newPassword });
    await change(newPassword, 'kettle-parade-5', later);
    expect([await ports.revocations.isRevoked(ann), await ports.revocations.isRevoked(later)]).toEqual([
      true,
      false,
    ]);
  });

  it('lets in nobody whose old one was compared before the change', async () => {
    const { ports, change, signIn, ann } = await annSignedIn();
    ports.passwords.verify.mockImplementationOnce(async () => {
      await change();
      return true;
    });
    await expect(signIn('ann')).rejects.toMatchObject({ code: 'invalid_credentials' });
    const late = [...ports.sessions.all.values()].filter(({ sessionId }) => sessionId !== ann.sessionId);
    expect(await Promise.all(late.map(ports.revocations.isRevoked))).toEqual([true]);
  });

  it('is not for somebody who is gone', async () => {
    const { ports, change, ann } = await annSignedIn();
    const login = (await ports.users.findLogin('ann'))!;
    const revocation = nextRevocation(login, undefined, 0, settings);
    await ports.users.erase(login, { userId: ann.userId, email: '' }, revocation);
    await expect(change()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(vi.mocked(ports.passwords.hash)).toHaveBeenCalledOnce();
  });
});
