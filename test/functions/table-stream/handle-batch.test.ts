import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { handleBatch } from '../../../functions/table-stream/handle-batch.ts';
import { endSessions } from '../../../shared/domain/accounts/end-sessions.ts';
import { endConnection } from '../../../shared/domain/connections/extend-connection.ts';
import { subscriberOf } from '../../../shared/domain/connections/subscribers.ts';
import type { Connection, LogEntry, MessageEntry } from '../../../shared/domain/model.ts';
import { removeMember } from '../../../shared/domain/rooms/membership/members.ts';
import { signOutSession } from '../../../shared/realtime/evict.ts';
import type { Slice } from '../../../shared/realtime/slice-subscribers.ts';
import { connectionItem } from '../../../shared/storage/entities/connection.ts';
import { erasureStepItem } from '../../../shared/storage/entities/erasure-step.ts';
import { entryItem } from '../../../shared/storage/entities/log-entry.ts';
import { memberItem } from '../../../shared/storage/entities/member.ts';
import { fakeConnectionGateway } from '../../shared/fakes/sockets.ts';
import { memberOf, openChat, roomId, roomOf } from '../../shared/fakes/chat.ts';
import { ann, bob, cat, connectionOf, subscriberFor, start } from '../../shared/fakes/system.ts';
import { keys } from '../../shared/storage/stored-keys.ts';
import { record } from '../../shared/storage/stream-records.ts';

const place = { name: 'general', shard: 0 };

async function openStream(...connectionGateway: Parameters<typeof fakeConnectionGateway>) {
  const chat = await openChat({ isPrivate: true }, bob);
  const enqueueSlice = vi.fn(async (_slice: Slice) => undefined);
  const ports = {
    ...chat,
    connectionGateway: fakeConnectionGateway(...connectionGateway),
    enqueueSlice,
    settings: {
      heartbeatSeconds: 20,
      arrivalsPerWindow: 5,
      reconnectAfterMs: 6_000_000,
      connectionsPerUser: 3,
    },
  };
  await ports.connections.open(connectionOf(bob, 'b', { rooms: { [roomId]: place } }));
  await ports.subscriptions.add(roomId, subscriberFor(bob, 'b'));
  await ports.subscriptions.add(bob.userId, subscriberFor(bob, 'b'));
  const errors: unknown[] = [];
  const handle = (...records: DynamoDBRecord[]) => handleBatch(ports, records, (error) => errors.push(error));
  /** Opens a connection as the handshake does: with its registration under its user. */
  const open = async (connection: Connection): Promise<void> => {
    await ports.connections.open(connection);
    await ports.subscriptions.add(connection.userId, subscriberOf(connection, 0, connection.openedAt));
  };
  const typesTo = (id: string) => ports.connectionGateway.framesTo(id).map(({ type }) => type);
  return { ports, open, handle, errors, typesTo };
}

const base = { roomId, at: start, taken: 1, outbox: true };
const message = (seq: number): MessageEntry => ({
  ...base,
  kind: 'message',
  seq,
  userId: ann.userId,
  username: 'ann',
  content: `m${seq}`,
  isDeleted: false,
});
const stored = (entry: LogEntry) => record({ after: entryItem(entry), sequenceNumber: `s${entry.seq}` });
const opened = (id: string, openedAt = start) =>
  record({ after: connectionItem(connectionOf(ann, id, { openedAt })), sequenceNumber: `open ${id}` });

describe('a batch of the table stream', () => {
  it('publishes the entries of a room together, in their order', async () => {
    const { ports, handle } = await openStream();
    expect(await handle(stored(message(1)), opened('x'), stored(message(2)))).toEqual([]);
    expect(ports.connectionGateway.framesTo('b').map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('enqueues the subscribers of a large room in slices, and posts nothing itself', async () => {
    const { ports, handle } = await openStream();
    await ports.rooms.addShards(roomId, 1, 4);
    await handle(stored(message(1)));
    expect(ports.connectionGateway.done).toEqual([]);
    expect(ports.enqueueSlice).toHaveBeenCalledOnce();
    expect(ports.enqueueSlice.mock.calls[0]?.[0].recipients.map(({ connectionId }) => connectionId)).toEqual([
      'b',
    ]);
  });

  it('returns the record that failed, and handles the others', async () => {
    const { ports, handle, errors, typesTo } = await openStream();
    await ports.connections.open(connectionOf(ann, 'x'));
    vi.spyOn(ports.rooms, 'head').mockRejectedValue(new Error('throttled'));
    expect(await handle(stored(message(1)), opened('x'))).toEqual(['s1']);
    expect(errors).toMatchObject([{ message: 'throttled' }]);
    expect(typesTo('x')).toEqual(['ready']);
  });

  it('skips the rest of a group after a failure, since the stream delivers it again', async () => {
    const { ports, handle } = await openStream();
    const item = connectionItem(connectionOf(ann, 'x'));
    vi.spyOn(ports.admissions, 'get').mockRejectedValue(new Error('throttled'));
    const removal = vi.spyOn(ports.subscriptions, 'remove');
    expect(await handle(opened('x'), record({ before: item, sequenceNumber: 'close x' }))).toEqual([
      'open x',
    ]);
    expect(removal).not.toHaveBeenCalled();
  });

  it('is not held up by a record that cannot be parsed', async () => {
    const { handle, errors, typesTo } = await openStream();
    const poison = record({ after: { ...keys.entry(roomId, 9), kind: 'message' }, sequenceNumber: 'poison' });
    poison.dynamodb!.NewImage = { pk: { S: keys.entry(roomId, 9).pk }, sk: { X: 'nonsense' } } as never;
    expect(await handle(poison, stored(message(1)))).toEqual(['poison']);
    expect(errors).toHaveLength(1);
    expect(typesTo('b')).toEqual(['chat_message']);
  });

  it('publishes only the last of several moves of one read marker', async () => {
    const { ports, handle } = await openStream();
    const member = memberItem(memberOf(roomOf(), ann));
    const at = (seq: number) => ({
      ...member,
      last_read_seq: seq,
      last_read_count: seq,
      last_read_at: start + seq,
    });
    await handle(record({ before: member, after: at(1) }), record({ before: at(1), after: at(2) }));
    expect(ports.connectionGateway.framesTo('b')).toMatchObject([
      { type: 'message_read', read_at: '2026-11-22T12:00:00.002Z' },
    ]);
  });
});

describe('an opened connection', () => {
  it('is welcomed as soon as the gateway has finished its handshake', async () => {
    let posts = 0;
    const { ports, open, handle, typesTo } = await openStream({
      x: () => ((posts += 1) === 1 ? 'gone' : 'sent'),
    });
    await open(connectionOf(ann, 'x', { openedAt: start }));
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
      const connection = connectionOf(bob, 'x', { ...more, openedAt: start });
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
    ports.state.rooms.get(roomId)!.isPrivate = false;
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
    ports.state.members.get(roomId)!.delete(ann.userId);
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
    await open(connectionOf(ann, 'x', { openedAt: start }));
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
    const now = { sessionId: cat.sessionId, tokenEndsAt: start + 900_000 };
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
    for (const [at, id] of ids.entries()) await open(connectionOf(ann, id, { openedAt: start + at }));
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
    await open(connectionOf(ann, 'x4', { openedAt: start }));
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

describe('connections that close together', () => {
  const rooms = { [roomId]: place };
  const closed = (caller: typeof ann, id: string) =>
    record({ before: connectionItem(connectionOf(caller, id, { rooms })), sequenceNumber: `close ${id}` });

  it('are all unsubscribed before user_leave is published, once for each user', async () => {
    const { ports, handle, typesTo } = await openStream();
    const ids = ['x1', 'x2', 'c1', 'c2'];
    const whose = (id: string) => (id.startsWith('x') ? ann : cat);
    for (const id of ids) {
      await ports.subscriptions.add(roomId, subscriberFor(whose(id), id));
      await ports.subscriptions.add(whose(id).userId, subscriberFor(whose(id), id));
    }
    const reads = vi.spyOn(ports.subscriptions, 'shard');
    expect(await handle(...ids.map((id) => closed(whose(id), id)))).toEqual([]);
    expect(ports.connectionGateway.framesTo('b')).toMatchObject([
      { type: 'user_leave', user_id: ann.userId },
      { type: 'user_leave', user_id: cat.userId },
    ]);
    expect(ids.flatMap(typesTo)).toEqual([]);
    expect(reads).toHaveBeenCalledTimes(2);
    expect(ports.subscriptions.of(ann.userId)).toEqual([]);
  });

  it('are reported by their first record when one of them failed', async () => {
    const { ports, handle } = await openStream();
    vi.spyOn(ports.rooms, 'heads').mockRejectedValueOnce(new Error('throttled'));
    expect(await handle(closed(cat, 'c'), closed(bob, 'z'))).toEqual(['close c']);
  });

  it('are handled in order with connections that open for the same user, who is present in the end', async () => {
    const { ports, handle, typesTo } = await openStream();
    await ports.subscriptions.add(roomId, subscriberFor(ann, 'x'));
    const next = connectionOf(ann, 'y', { rooms, isSingleRoom: true, head: { seq: 0, shards: 1 } });
    await ports.connections.open(next);
    await handle(closed(ann, 'x'), record({ after: connectionItem(next), sequenceNumber: 'open y' }));
    expect(typesTo('b')).toEqual(['user_leave', 'user_join']);
  });
});

describe('a removal', () => {
  it('is completed after it was begun, and a late record of it does not remove a user who joined again', async () => {
    const { ports, handle } = await openStream();
    const item = memberItem(memberOf(roomOf(), bob));
    const begun = record({ before: item, after: { ...item, removing_at: start } });
    await ports.members.startRemoval(roomId, bob.userId);
    await handle(begun);
    expect(await ports.log.get(roomId, 1)).toMatchObject({ kind: 'member_removed' });
    expect(ports.connections.all.get('b')?.rooms[roomId]?.isRemoved).toBe(true);
    await ports.members.join(memberOf(roomOf(), bob));
    await handle(begun);
    expect(await ports.members.get(roomId, bob.userId)).toBeDefined();
  });

  it('evicts the sockets, and posts the removal to them', async () => {
    const { ports, handle, typesTo } = await openStream();
    await ports.members.startRemoval(roomId, bob.userId);
    await ports.subscriptions.remove(roomId, 0, 'b');
    const entry = {
      ...base,
      kind: 'member_removed' as const,
      seq: 1,
      member: memberOf(roomOf(), bob),
    };
    await handle(stored(entry));
    expect(typesTo('b')).toEqual(['member_removed']);
    expect(ports.connections.all.get('b')?.rooms).toEqual({});
    // A repeat finds a socket without a room, and posts the removal to it again.
    await handle(stored(entry));
    expect(typesTo('b')).toEqual(['member_removed', 'member_removed']);
    expect(ports.connections.all.get('b')?.rooms).toEqual({});
  });
});

describe('a deleted room', () => {
  it('is published to its sockets and purged, and a repeat changes nothing', async () => {
    const { ports, handle, typesTo } = await openStream();
    const room = (await ports.rooms.get(roomId))!;
    const entry = { ...base, kind: 'room_deleted' as const, seq: 1, room, messageCount: 0 };
    await ports.rooms.markDeleted(room, entry);
    for (let time = 0; time < 2; time += 1) expect(await handle(stored(entry))).toEqual([]);
    expect(typesTo('b')).toEqual(['room_deleted']);
    expect([ports.state.rooms.size, ports.state.heads.size]).toEqual([0, 0]);
  });

  it('is purged in a further step when the purge runs out of time', async () => {
    const { ports, handle } = await openStream();
    vi.spyOn(ports.rooms, 'purge').mockImplementation(async () => (ports.clock.pass(8_000), { done: false }));
    const step = { ...keys.purgeStep(roomId, 3), kind: 'purge', room_id: roomId, step: 3 };
    await handle(record({ after: step }));
    expect(ports.state.purgeSteps).toEqual([{ roomId, step: 4 }]);
  });
});

describe('an ended session', () => {
  it('ends its sockets', async () => {
    const { ports, handle, typesTo } = await openStream();
    const session = {
      ...keys.session(bob.userId, bob.sessionId),
      user_id: bob.userId,
      session_id: bob.sessionId,
    };
    await handle(record({ before: session }));
    expect(typesTo('b')).toEqual(['close']);
    expect([...ports.connections.all.keys(), ...ports.subscriptions.of(roomId)]).toEqual([]);
  });
});

describe('a deleted account', () => {
  const step = (n: number) =>
    record({ after: erasureStepItem(bob.userId, n, start), sequenceNumber: `erasure ${n}` });

  it('is erased from its rooms in steps, until a step finds nothing', async () => {
    const { ports, handle, errors } = await openStream();
    await handle(step(0));
    expect(await ports.members.get(roomId, bob.userId)).toBeUndefined();
    await handle(step(1));
    expect(errors).toEqual([]);
    expect(ports.erasures.steps).toEqual([{ userId: bob.userId, step: 1 }]);
  });

  it('is erased in a second step, since its rooms may be listed late', async () => {
    const { ports, handle } = await openStream();
    const { listRooms } = ports.erasures;
    ports.erasures.listRooms = async () => [];
    await handle(step(0));
    ports.erasures.listRooms = listRooms;
    expect(ports.erasures.steps).toEqual([{ userId: bob.userId, step: 1 }]);
    await handle(step(1));
    expect(await ports.members.get(roomId, bob.userId)).toBeUndefined();
  });

  it('is erased again by the stream when a step fails', async () => {
    const { ports, handle, errors } = await openStream();
    ports.erasures.renameInLog = () => Promise.reject(new Error('no answer'));
    expect(await handle(step(0))).toEqual(['erasure 0']);
    expect(errors).toEqual([new Error('no answer')]);
  });
});
