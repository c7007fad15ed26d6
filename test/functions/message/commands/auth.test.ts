import { describe, expect, it } from 'vitest';
import { endSessions } from '../../../../shared/domain/accounts/end-sessions.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, subscriberFor, start, uuid } from '../../../kit/memory-chat/system.ts';
import { openSockets } from '../open-sockets.ts';

describe('the auth command', () => {
  it('extends the connection wherever it is registered', async () => {
    const { ports, run } = await openSockets();
    await run({ type: 'auth', token: 'ann' });
    expect(ports.connections.all.get('a')?.tokenEndsAtMs).toBe(start + 900_000);
    expect(ports.subscriptions.of(roomId).map(({ tokenEndsAtMs }) => tokenEndsAtMs)).toEqual([
      start + 900_000,
      bob.tokenEndsAtMs,
    ]);
  });

  it('with a token of another session ties the connection to that session', async () => {
    const { ports, run } = await openSockets();
    await run({ type: 'auth', token: 'second session' });
    expect(ports.connections.all.get('a')?.sessionId).toBe(uuid(9));
    expect(ports.subscriptions.of(roomId).map(({ sessionId }) => sessionId)).toEqual([
      uuid(9),
      bob.sessionId,
    ]);
  });

  it.each(['the old', 'the new'])(
    'is refused when %s session ends while the socket moves from one session to another',
    async (which) => {
      const ended = which === 'the old' ? ann.sessionId : uuid(9);
      for (const when of ['before', 'after'] as const) {
        const { ports, run } = await openSockets();
        await ports.subscriptions.add(ann.userId, subscriberFor(ann, 'a'));
        const signOut = () => endSessions(ports, ann.userId, [ended], { accessTokenLifetimeMs: 300_000 });
        const { extend } = ports.connections;
        ports.connections.extend = async (...args) => {
          if (when === 'before') await signOut();
          const isExtended = await extend(...args);
          if (when === 'after') await signOut();
          return isExtended;
        };
        const moving = run({ type: 'auth', token: 'second session' });
        await expect(moving).rejects.toMatchObject({ code: 'unauthorized' });
        expect(ports.connections.all.get('a')).toMatchObject({ ended: 'signed_out', tokenEndsAtMs: start });
        const subscriptions = [...ports.subscriptions.of(roomId), ...ports.subscriptions.of(ann.userId)];
        const living = subscriptions.filter(
          ({ connectionId, tokenEndsAtMs }) => connectionId === 'a' && tokenEndsAtMs > start,
        );
        expect(living).toEqual([]);
      }
    },
  );

  it('does not revive a connection when a sign-out runs between its check and its write', async () => {
    const { ports, run } = await openSockets();
    await ports.subscriptions.add(ann.userId, subscriberFor(ann, 'a'));
    const { isRevoked } = ports.revocations;
    ports.revocations.isRevoked = async (holder) => {
      const answer = await isRevoked(holder);
      await endSessions(ports, ann.userId, [ann.sessionId], { accessTokenLifetimeMs: 300_000 });
      return answer;
    };
    await expect(run({ type: 'auth', token: 'ann' })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(ports.connections.all.get('a')).toMatchObject({ ended: 'signed_out', tokenEndsAtMs: start });
  });

  it.each([
    ['was ended', { ended: 'too_many' as const }],
    ['has a token that has ended', { tokenEndsAtMs: start }],
    ['has a lease that has ended', { leaseEndsAtMs: start }],
  ])('does not revive a connection that %s, nor does a ping', async (_, more) => {
    const { ports, run } = await openSockets();
    ports.connections.all.update('a', more);
    const before = structuredClone(ports.connections.all.get('a'));
    await expect(run({ type: 'auth', token: 'ann' })).rejects.toMatchObject({ code: 'unauthorized' });
    await run({ type: 'ping' });
    expect(ports.connections.all.get('a')).toEqual(before);
  });

  it('refuses a token of another user or of a session that was ended', async () => {
    const { ports, run } = await openSockets();
    await expect(run({ type: 'auth', token: 'bob' })).rejects.toMatchObject({ code: 'unauthorized' });
    await ports.revocations.revoke(ann.sessionId, start);
    await expect(run({ type: 'auth', token: 'ann' })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(ports.connections.all.get('a')?.tokenEndsAtMs).toBe(ann.tokenEndsAtMs);
  });
});
