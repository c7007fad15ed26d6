import { describe, expect, it, vi } from 'vitest';
import { refreshTokens } from '../../../../shared/domain/accounts/sessions.ts';
import {
  endOwnSession,
  listSessions,
  signOutEverywhere,
} from '../../../../shared/domain/accounts/own-sessions.ts';
import { uuid } from '../../fakes/system.ts';
import { fakeAccounts, settings } from './people.ts';

const dayMs = 86_400_000;

async function twoPeople() {
  const accounts = fakeAccounts();
  await accounts.register('ann');
  await accounts.register('bob');
  return accounts;
}

describe("somebody's sessions", () => {
  it('are listed newest first, each with its times and its client, without secrets', async () => {
    const { ports, signIn } = await twoPeople();
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

  it('are not listed, nor ended, once their time has come, though they be stored a while longer', async () => {
    const { ports, signIn } = await twoPeople();
    const old = await signIn('ann');
    ports.clock.pass(dayMs);
    const present = await signIn('ann');
    expect((await listSessions(ports, present)).map(({ id }) => id)).toEqual([present.sessionId]);
    await expect(endOwnSession(ports, present, old.sessionId, settings)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are ended one by one, with their sockets, and by their owner only', async () => {
    const { ports, signIn, openSocket } = await twoPeople();
    const [here, there, bob] = [await signIn('ann'), await signIn('ann'), await signIn('bob')];
    await openSocket(here, 'here');
    await openSocket(there, 'there');
    for (const nobodys of [bob.sessionId, 'no-such-session']) {
      await expect(endOwnSession(ports, here, nobodys, settings)).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    await endOwnSession(ports, here, there.sessionId, settings);
    expect([...ports.sessions.all.keys()]).toEqual([here.sessionId, bob.sessionId]);
    expect([...ports.revocations.all.keys()]).toEqual([there.sessionId]);
    expect(ports.connections.all.get('there')?.tokenEndsAt).toBe(ports.clock.now());
    expect(ports.connections.all.get('here')?.tokenEndsAt).toBe(here.tokenEndsAt);
    await expect(endOwnSession(ports, here, there.sessionId, settings)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are all ended at once, however many, and nobody else’s', async () => {
    const { ports, signIn, openSocket } = await twoPeople();
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
      expect(ports.connections.all.get(id)?.tokenEndsAt).toBe(ports.clock.now());
    }
  });

  it('are fifty at most: the oldest ends with its sockets when one more begins', async () => {
    const { ports, signIn, openSocket } = await twoPeople();
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
    expect(ports.connections.all.get('oldest')?.tokenEndsAt).toBe(ports.clock.now());
    expect(ports.connections.all.get('next')?.tokenEndsAt).toBe(mine[1]!.tokenEndsAt);
    expect(await listSessions(ports, last)).toHaveLength(50);
  });

  it('are fifty at most also after many that begin at the same moment', async () => {
    const { ports, signIn } = await twoPeople();
    for (let round = 0; round < 3; round += 1)
      await Promise.all(Array.from({ length: 25 }, (_, at) => signIn('ann', { from: `10.0.1.${at}` })));
    const last = await signIn('ann');
    expect((await listSessions(ports, last)).length).toBeLessThanOrEqual(50);
    expect(await ports.revocations.isRevoked(last)).toBe(false);
  });

  it('of older data, thousands of them, are ended by the next login, whose reads are bounded', async () => {
    const { ports, signIn } = await twoPeople();
    const first = await signIn('ann');
    const session = ports.sessions.all.get(first.sessionId)!;
    for (let count = 0; count < 3_000; count += 1) {
      const sessionId = uuid(100_000 + count);
      ports.sessions.all.set(sessionId, { ...session, sessionId });
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

  it('are refused their tokens also when the one that asks is stored no more', async () => {
    const { ports, signIn } = await twoPeople();
    const ann = await signIn('ann');
    ports.sessions.all.delete(ann.sessionId);
    await signOutEverywhere(ports, ann, settings);
    expect(await ports.revocations.isRevoked(ann)).toBe(true);
  });
});
