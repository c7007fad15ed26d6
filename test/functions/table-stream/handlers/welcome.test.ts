import { describe, expect, it } from 'vitest';
import { endSessions } from '../../../../shared/domain/accounts/end-sessions.ts';
import { endConnection } from '../../../../shared/domain/connections/extend-connection.ts';
import { subscriberOf } from '../../../../shared/domain/connections/subscribers.ts';
import { removeMember } from '../../../../shared/domain/rooms/membership/members.ts';
import { signOutSession } from '../../../../shared/realtime/evict.ts';
import { connectionItem } from '../../../../shared/storage/entities/connection.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { memberId } from '../../../kit/memory-chat/stored.ts';
import { ann, bob, cat, connectionOf, subscriberFor, start } from '../../../kit/memory-chat/system.ts';
import { record } from '../../../shared/storage/stream-records.ts';
import { openStream, opened, place } from '../open-stream.ts';

describe('an opened connection', () => {
  it('is welcomed as soon as the gateway has finished its handshake', async () => {
    let posts = 0;
    const { ports, open, handle, typesTo } = await openStream({
      x: () => ((posts += 1) === 1 ? 'gone' : 'sent'),
    });
    await open(connectionOf(ann, 'x', { openedAtMs: start }));
    await handle(opened('x'));
    expect(typesTo('x')).toEqual(['ready', 'ready']);
    expect(ports.subscriptions.of(ann.userId).map(({ connectionId }) => connectionId)).toEqual(['x']);
  });

  describe.each([
    ['without a room', {}],
    ['with a room', { isSingleRoom: true, rooms: { [roomId]: place }, head: { seq: 0, shards: 1 } }],
  ])('%s', (_, more) => {
    /** Opens a connection whose handshake is answered only after this many posts have not reached it. */
    async function openingLate(postsBefore: number) {
      let posts = 0;
      const received: string[] = [];
      const receive = (frame: string) => {
        if ((posts += 1) <= postsBefore) return 'gone' as const;
        received.push(JSON.parse(frame).type);
        return 'sent' as const;
      };
      const acting = await openStream({ x: receive });
      const { ports, open, handle } = acting;
      const connection = connectionOf(bob, 'x', { ...more, openedAtMs: start });
      await open(connection);
      const signOut = async (): Promise<void> => {
        const settings = { accessTokenLifetimeMs: 300_000 };
        await endSessions(ports, bob.userId, [bob.sessionId], settings);
        await signOutSession(ports, bob.userId, bob.sessionId);
      };
      const welcome = () => handle(record({ after: connectionItem(connection) }));
      return { ...acting, received, signOut, welcome };
    }

    it.each(['before its welcome', 'while its welcome does not reach it'])(
      'receives only a close frame when its session ends %s',
      async (when) => {
        const { ports, received, signOut, welcome } = await openingLate(4);
        if (when === 'before its welcome') await signOut();
        else {
          const { post } = ports.connectionGateway;
          let posts = 0;
          ports.connectionGateway.post = async (...given) => {
            const outcome = await post(...given);
            if ((posts += 1) === 1) await signOut();
            return outcome;
          };
        }
        expect(ports.connections.all.has('x')).toBe(true);
        expect(await welcome()).toEqual([]);
        expect(received.filter((type) => type !== 'ready' && type !== 'room_users_list')).toEqual(['close']);
        expect(ports.connectionGateway.framesTo('x').at(-1)).toMatchObject({ type: 'close', code: 4001 });
        expect(ports.connectionGateway.done.at(-1)).toBe('close x');
        expect(ports.connections.all.has('x')).toBe(false);
        expect(ports.subscriptions.of(bob.userId).map(({ connectionId }) => connectionId)).not.toContain('x');
        expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).not.toContain('x');
      },
    );

    it('receives a rate_limited close frame when its handshake ended it as surplus', async () => {
      const { ports, welcome } = await openingLate(2);
      await endConnection(ports, ports.connections.all.get('x')!, 'too_many', start);
      expect(await welcome()).toEqual([]);
      expect(ports.connectionGateway.framesTo('x').at(-1)).toMatchObject({
        type: 'close',
        code: 4029,
        reconnect: true,
      });
      expect(ports.connections.all.has('x')).toBe(false);
    });
  });

  it('is closed as forbidden when its user was removed from the room before the welcome', async () => {
    const { ports, open, handle, typesTo } = await openStream();
    const rooms = { [roomId]: place };
    const late = connectionOf(bob, 'x', { isSingleRoom: true, rooms, head: { seq: 0, shards: 1 } });
    await open(late);
    await removeMember(ports, ann, roomId, bob.userId);
    await handle(record({ after: connectionItem(late) }));
    expect(typesTo('x').at(-1)).toBe('close');
    expect(typesTo('x')).not.toContain('history_end');
    expect(ports.connectionGateway.framesTo('x').at(-1)).toMatchObject({ code: 4003 });
    expect(ports.connections.all.has('x')).toBe(false);
  });

  it('makes its user a member of a public room once, however often it is welcomed', async () => {
    const { ports, open, handle, typesTo } = await openStream();
    ports.state.rooms.update(roomId, { isPrivate: false });
    const more = { isSingleRoom: true, rooms: { [roomId]: place }, head: { seq: 0, shards: 1 } };
    const first = connectionOf(cat, 'x', { ...more, joinsRoom: true });
    await open(first);
    for (let time = 0; time < 2; time += 1) await handle(record({ after: connectionItem(first) }));
    expect(await ports.members.get(roomId, cat.userId)).toMatchObject({ role: 'member', username: 'cat' });
    expect((await ports.rooms.get(roomId))?.memberCount).toBe(3);
    expect(typesTo('x')).toContain('history_end');
    // A user who was a member when the connection opened, and has left since, is not made a member again.
    const known = connectionOf(ann, 'y', more);
    await open(known);
    ports.state.members.delete(memberId(roomId, ann.userId));
    await handle(record({ after: connectionItem(known) }));
    expect(await ports.members.get(roomId, ann.userId)).toBeUndefined();
  });

  it('is closed as rate_limited when its user arrives in the room too often', async () => {
    const { ports, open, handle, typesTo } = await openStream();
    ports.limits.hit = async () => 6;
    const more = { isSingleRoom: true, rooms: { [roomId]: place }, head: { seq: 0, shards: 1 } };
    const again = connectionOf(ann, 'x', more);
    await open(again);
    await handle(record({ after: connectionItem(again) }));
    expect(ports.connectionGateway.framesTo('x').at(-1)).toMatchObject({ type: 'close', code: 4029 });
    expect(typesTo('b')).toEqual([]);
    expect(ports.connections.all.has('x')).toBe(false);
  });

  it('is not welcomed again once its client has left', async () => {
    const { ports, open, handle } = await openStream({
      x: () => (ports.connections.all.delete('x'), 'gone'),
    });
    await open(connectionOf(ann, 'x', { openedAtMs: start }));
    expect(await handle(opened('x'))).toEqual([]);
    expect(ports.subscriptions.of(ann.userId)).toEqual([]);
    expect(ports.connectionGateway.done).toEqual(['post x ready', 'close x']);
  });

  it('leaves no registration when it was closed before its welcome', async () => {
    const { ports, handle } = await openStream();
    const rooms = { [roomId]: place };
    const late = connectionOf(ann, 'x', { isSingleRoom: true, rooms, head: { seq: 0, shards: 1 } });
    await ports.subscriptions.add(ann.userId, subscriberOf(late, 0, start));
    await handle(
      record({ after: connectionItem(late) }),
      record({ after: connectionItem({ ...late, isSingleRoom: false }) }),
    );
    expect(ports.subscriptions.of(ann.userId)).toEqual([]);
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['b']);
  });

  it('is asked to reconnect when its welcome does not reach it, with a room and without one', async () => {
    const rooms = { [roomId]: place };
    for (const more of [{}, { rooms, isSingleRoom: true, head: { seq: 0, shards: 1 } }]) {
      let posts = 0;
      const { ports, open, handle } = await openStream({ x: () => ((posts += 1) === 1 ? 'failed' : 'sent') });
      const slow = connectionOf(ann, 'x', more);
      await open(slow);
      expect(await handle(record({ after: connectionItem(slow) }))).toEqual([]);
      expect(ports.connectionGateway.framesTo('x').at(-1)).toMatchObject({
        type: 'close',
        code: 4200,
        resume: true,
      });
      expect(ports.connections.all.has('x')).toBe(false);
      expect(ports.subscriptions.of(ann.userId)).toEqual([]);
      expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['b']);
    }
  });

  it.each([
    ['without a room', {}],
    ['with a room', { isSingleRoom: true, rooms: { [roomId]: place }, head: { seq: 0, shards: 1 } }],
  ])('%s is judged by the session that its client has moved it to before the welcome', async (_, more) => {
    const { ports, open, handle, typesTo } = await openStream();
    const then = connectionOf(ann, 'x', more);
    const now = { sessionId: cat.sessionId, tokenEndsAtMs: start + 900_000 };
    await open({ ...then, ...now });
    await ports.revocations.revoke(ann.sessionId, start);
    await handle(record({ after: connectionItem(then) }));
    expect(typesTo('x')[0]).toBe('ready');
    expect(typesTo('x')).not.toContain('close');
    expect(ports.subscriptions.of(ann.userId)).toMatchObject([{ connectionId: 'x', ...now }]);
    expect(ports.connections.all.has('x')).toBe(true);
  });

  it('is closed when its session was ended before the welcome', async () => {
    const { ports, open, handle, typesTo } = await openStream();
    await open(connectionOf(ann, 'x'));
    await ports.revocations.revoke(ann.sessionId, start);
    await handle(opened('x'));
    expect(typesTo('x')).toEqual(['close']);
    expect(ports.connections.all.has('x')).toBe(false);
    expect(ports.subscriptions.of(ann.userId)).toEqual([]);
  });

  it('is closed as rate_limited beyond the limit of its user, the newest connections first', async () => {
    const { ports, open, handle, typesTo } = await openStream();
    const ids = ['x1', 'x2', 'x3', 'x4', 'x5'];
    for (const [at, id] of ids.entries()) await open(connectionOf(ann, id, { openedAtMs: start + at }));
    // In reverse order, as when handshakes overtake each other.
    await handle(...ids.map((id, at) => opened(id, start + at)).toReversed());
    expect(ids.filter((id) => ports.connections.all.has(id))).toEqual(['x1', 'x2', 'x3']);
    for (const id of ['x4', 'x5']) {
      expect(ports.connectionGateway.framesTo(id).at(-1)).toMatchObject({
        type: 'close',
        code: 4029,
        reconnect: true,
      });
      expect(ports.connectionGateway.done).toContain(`close ${id}`);
    }
    expect(ids.slice(0, 3).map(typesTo)).toEqual([['ready'], ['ready'], ['ready']]);
  });

  it('is closed beyond the limit of its user also when its handshake finishes late', async () => {
    let tries = 0;
    const { ports, open, handle } = await openStream({ x4: () => ((tries += 1) < 3 ? 'gone' : 'sent') });
    for (const id of ['x1', 'x2', 'x3']) await open(connectionOf(ann, id));
    await open(connectionOf(ann, 'x4', { openedAtMs: start }));
    await handle(opened('x4'));
    expect(tries).toBe(4);
    expect(ports.connectionGateway.done.slice(-3)).toEqual(['post x4 ready', 'post x4 close', 'close x4']);
    expect(ports.connections.all.has('x4')).toBe(false);
  });

  it('is unsubscribed from its rooms after it has ended, also when the record is repeated', async () => {
    const { ports, handle, typesTo } = await openStream();
    const connection = connectionOf(ann, 'x', { rooms: { [roomId]: place } });
    await ports.subscriptions.add(roomId, subscriberFor(ann, 'x'));
    for (let time = 0; time < 2; time += 1) await handle(record({ before: connectionItem(connection) }));
    expect(new Set(typesTo('b'))).toEqual(new Set(['user_leave']));
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['b']);
  });
});
