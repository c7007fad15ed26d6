import { describe, expect, it, vi } from 'vitest';
import { refreshTokens } from '../../../../shared/domain/accounts/sessions.ts';
import {
  endOwnSession,
  listSessions,
  signOutEverywhere,
} from '../../../../shared/domain/accounts/own-sessions.ts';
import { uuid } from '../../../kit/memory-chat/system.ts';
import { memoryAccounts, settings } from './memory-accounts.ts';

const dayMs = 86_400_000;

async function registerAnnAndBob() {
  const accounts = memoryAccounts();
  await accounts.register('ann');
  await accounts.register('bob');
  return accounts;
}

describe('the sessions of a user', () => {
  it('are listed newest first, with their times and user agent and without secrets', async () => {
    const { ports, signIn } = await registerAnnAndBob();
    const first = await signIn('ann', { userAgent: 'Browser/1' });
    ports.clock.pass(60_000);
    const second = await signIn('ann', { userAgent: 'x'.repeat(1_000) });
    await signIn('bob');
    ports.clock.pass(60_000);
    await refreshTokens(ports, first.refresh, settings);
    expect(await listSessions(ports, first)).toEqual([
      {
        id: second.sessionId,
        created_at: '2026-11-22T12:01:00.000Z',
        last_used_at: '2026-11-22T12:01:00.000Z',
        expires_at: '2026-11-23T12:01:00.000Z',
        is_current: false,
        user_agent: 'x'.repeat(256),
      },
      {
        id: first.sessionId,
        created_at: '2026-11-22T12:00:00.000Z',
        last_used_at: '2026-11-22T12:02:00.000Z',
        expires_at: '2026-11-23T12:02:00.000Z',
        is_current: true,
        user_agent: 'Browser/1',
      },
    ]);
  });

  it('are neither listed nor found once they have expired, even while they are still stored', async () => {
    const { ports, signIn } = await registerAnnAndBob();
    const old = await signIn('ann');
    ports.clock.pass(dayMs);
    const present = await signIn('ann');
    expect((await listSessions(ports, present)).map(({ id }) => id)).toEqual([present.sessionId]);
    await expect(endOwnSession(ports, present, old.sessionId, settings)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are ended one by one with their connections, by their own user only', async () => {
    const { ports, signIn, openSocket } = await registerAnnAndBob();
    const [here, there, bob] = [await signIn('ann'), await signIn('ann'), await signIn('bob')];
    await openSocket(here, 'here');
    await openSocket(there, 'there');
    for (const sessionId of [bob.sessionId, 'no-such-session']) {
      await expect(endOwnSession(ports, here, sessionId, settings)).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    await endOwnSession(ports, here, there.sessionId, settings);
    expect([...ports.sessions.all.keys()]).toEqual([here.sessionId, bob.sessionId]);
    expect([...ports.revocations.all.keys()]).toEqual([there.sessionId]);
    expect(ports.connections.all.get('there')?.tokenEndsAtMs).toBe(ports.clock.now());
    expect(ports.connections.all.get('here')?.tokenEndsAtMs).toBe(here.tokenEndsAtMs);
    await expect(endOwnSession(ports, here, there.sessionId, settings)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are all ended by signing out everywhere, without ending those of other users', async () => {
    const { ports, signIn, openSocket } = await registerAnnAndBob();
    const bob = await signIn('bob');
    const mine = [];
    for (let count = 0; count < 50; count += 1) mine.push(await signIn('ann'));
    await openSocket(mine[0]!, 'one');
    await openSocket(mine[49]!, 'last');
    await signOutEverywhere(ports, mine[7]!, settings);
    expect(await Promise.all(mine.map(ports.revocations.isRevoked))).toEqual(mine.map(() => true));
    expect(await ports.revocations.isRevoked(bob)).toBe(false);
    expect(await listSessions(ports, mine[7]!)).toEqual([]);
    for (const id of ['one', 'last']) {
      expect(ports.connections.all.get(id)?.tokenEndsAtMs).toBe(ports.clock.now());
    }
  });

  it('are limited to fifty: the oldest ends with its connections when another one begins', async () => {
    const { ports, signIn, openSocket } = await registerAnnAndBob();
    const mine = [];
    for (let count = 0; count < 50; count += 1) {
      mine.push(await signIn('ann'));
      ports.clock.pass(1_000);
    }
    await openSocket(mine[0]!, 'oldest');
    await openSocket(mine[1]!, 'next');
    const last = await signIn('ann');
    const revoked = await Promise.all(mine.map(ports.revocations.isRevoked));
    expect(revoked).toEqual(mine.map((_, index) => index === 0));
    expect(ports.connections.all.get('oldest')?.tokenEndsAtMs).toBe(ports.clock.now());
    expect(ports.connections.all.get('next')?.tokenEndsAtMs).toBe(mine[1]!.tokenEndsAtMs);
    expect(await listSessions(ports, last)).toHaveLength(50);
  });

  it('are limited to fifty also when many begin at the same moment', async () => {
    const { ports, signIn } = await registerAnnAndBob();
    for (let round = 0; round < 3; round += 1)
      await Promise.all(Array.from({ length: 25 }, (_, index) => signIn('ann', { from: `10.0.1.${index}` })));
    const last = await signIn('ann');
    expect((await listSessions(ports, last)).length).toBeLessThanOrEqual(50);
    expect(await ports.revocations.isRevoked(last)).toBe(false);
  });

  it('beyond the limit by thousands, from older data, are ended by the next sign-in with bounded reads', async () => {
    const { ports, signIn } = await registerAnnAndBob();
    const first = await signIn('ann');
    const session = ports.sessions.all.get(first.sessionId)!;
    for (let count = 0; count < 3_000; count += 1) {
      const sessionId = uuid(100_000 + count);
      ports.sessions.all.set({ ...session, sessionId });
    }
    const page = vi.spyOn(ports.sessions, 'page');
    const here = await signIn('ann');
    expect(page.mock.calls.length).toBeLessThanOrEqual(6);
    expect((await listSessions(ports, here)).map(({ id }) => id)).toEqual([here.sessionId]);
    for (const sessionId of [first.sessionId, uuid(100_000), uuid(102_999)])
      expect(await ports.revocations.isRevoked({ ...first, sessionId })).toBe(true);
    for (let count = 0; count < 3; count += 1) await signIn('ann');
    expect(ports.sessions.all.size).toBe(4);
  });

  it('are revoked by signing out everywhere also when the caller’s session is no longer stored', async () => {
    const { ports, signIn } = await registerAnnAndBob();
    const ann = await signIn('ann');
    ports.sessions.all.delete(ann.sessionId);
    await signOutEverywhere(ports, ann, settings);
    expect(await ports.revocations.isRevoked(ann)).toBe(true);
  });
});
