import { describe, expect, test } from 'vitest';
import { memoryTokenStore, storageTokenStore, type TokenStore } from '../../client/src/index.ts';
import { renewalTimeMs } from '../../client/src/session/claims.ts';
import type { TokenPair } from '../../shared/contract/entities.ts';
import { Session } from '../../client/src/session/session.ts';
import { ChatProblem } from '../../client/src/problem.ts';
import { fakeStorage } from './fake-storage.ts';
import { ManualClock, settle, tokensOf } from './fake-system.ts';
import { ann, bob } from './server-events.ts';

function createSession(store: TokenStore = memoryTokenStore()) {
  const clock = new ManualClock();
  const exchanged: string[] = [];
  const system: { answer: (signal: AbortSignal) => Promise<TokenPair> } = {
    answer: () => Promise.resolve(tokensOf(ann, clock)),
  };
  const session = new Session({
    store,
    clock,
    exchange: (refresh, signal) => {
      exchanged.push(refresh);
      return system.answer(signal);
    },
  });
  return { clock, exchanged, session, store, system };
}

const refused = (): Promise<never> =>
  Promise.reject(new ChatProblem({ code: 'invalid_refresh_token', status: 401, detail: 'no' }));

describe('a session', () => {
  test('renews its token before it ends, once for all callers', async () => {
    const { session, clock, exchanged } = createSession();
    const pair = tokensOf(ann, clock);
    await session.begin(pair);
    expect(await session.access()).toBe(pair.access);
    await clock.advance(271_000);
    const tokens = await Promise.all(Array.from({ length: 5 }, () => session.access()));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(pair.access);
    expect(exchanged).toEqual([pair.refresh]);
  });

  test('counts the lifetime of a token from its arrival, so that a wrong clock does not matter', () => {
    const clock = new ManualClock();
    const { access, refresh } = tokensOf(ann, clock);
    const wrongBy = 3_600_000;
    const received_at = clock.now() + wrongBy;
    expect(renewalTimeMs({ access, refresh, received_at })).toBe(received_at + 270_000);
  });

  test('does not renew a token that another tab has renewed already', async () => {
    const { session, clock, exchanged, store } = createSession();
    const old = tokensOf(ann, clock);
    await session.begin(old);
    const newer = tokensOf(ann, clock);
    await store.set({ ...newer, received_at: clock.now() });
    expect(await session.renew(old.access)).toBe(newer.access);
    expect(exchanged).toEqual([]);
  });

  test('uses the token that another tab renewed when its own renewal is refused', async () => {
    const { session, clock, store, system } = createSession();
    const old = tokensOf(ann, clock);
    await session.begin(old);
    const newer = tokensOf(ann, clock);
    system.answer = async () => {
      await store.set({ ...newer, received_at: clock.now() });
      return refused();
    };
    expect(await session.renew(old.access)).toBe(newer.access);
    expect(session.user).toEqual(ann);
  });

  test('ends when a renewal is refused, but not when the server cannot be reached', async () => {
    const { session, clock, system, store } = createSession();
    const pair = tokensOf(ann, clock);
    await session.begin(pair);
    let ends = 0;
    session.ended.add(() => (ends += 1));
    system.answer = () => Promise.reject(new ChatProblem({ code: 'unreachable', detail: 'no network' }));
    await expect(session.renew(pair.access)).rejects.toMatchObject({ code: 'unreachable' });
    expect(ends).toBe(0);
    system.answer = refused;
    await expect(session.renew(pair.access)).rejects.toMatchObject({ code: 'signed_out' });
    expect(ends).toBe(1);
    expect(await store.get()).toBeUndefined();
  });

  test('repeats the request of a renewal that hangs when asked to', async () => {
    const { session, clock, system, exchanged } = createSession();
    const pair = tokensOf(ann, clock);
    await session.begin(pair);
    system.answer = (signal) =>
      new Promise((_, reject) => {
        const detail = 'aborted';
        signal.addEventListener('abort', () => reject(new ChatProblem({ code: 'unreachable', detail })));
      });
    const renewed = session.renew(pair.access);
    await settle();
    const newer = tokensOf(ann, clock);
    system.answer = () => Promise.resolve(newer);
    session.repeatRenewal();
    expect(await renewed).toBe(newer.access);
    expect(exchanged).toEqual([pair.refresh, pair.refresh]);
  });

  test('stays ended when the user signs out during a renewal', async () => {
    const { session, clock, system, store } = createSession();
    const pair = tokensOf(ann, clock);
    await session.begin(pair);
    system.answer = async () => {
      await session.end();
      return tokensOf(ann, clock);
    };
    await expect(session.renew(pair.access)).rejects.toMatchObject({ code: 'signed_out' });
    expect(await store.get()).toBeUndefined();
  });

  test('ends when another user signs in', async () => {
    const { session, clock } = createSession();
    await session.begin(tokensOf(ann, clock));
    let ends = 0;
    session.ended.add(() => (ends += 1));
    await session.begin(tokensOf(ann, clock));
    expect(ends).toBe(0);
    await session.begin(tokensOf(bob, clock));
    expect(ends).toBe(1);
    expect(session.user).toEqual(bob);
  });

  test('survives a reload in a storage, and ignores an item that holds no tokens', async () => {
    const storage = fakeStorage();
    const first = createSession(storageTokenStore(storage));
    const pair = tokensOf(ann, first.clock);
    await first.session.begin(pair);
    const second = createSession(storageTokenStore(storage));
    expect(await second.session.access()).toBe(pair.access);
    storage.setItem('chat.tokens', '{"access": 1');
    await expect(createSession(storageTokenStore(storage)).session.access()).rejects.toMatchObject({
      code: 'signed_out',
    });
  });
});
