import { describe, expect, it, vi } from 'vitest';
import { closeRoom } from '../../../shared/realtime/close-room.ts';
import { openRoom } from '../../../shared/realtime/open-room.ts';
import { historyEvents } from '../../../shared/realtime/send-history.ts';
import { evictFromRoom, signOutSession } from '../../../shared/realtime/evict.ts';
import { notifyUser } from '../../../shared/realtime/notify-user.ts';
import { publishUserLeaves } from '../../../shared/realtime/presence.ts';
import type { Caller, Connection } from '../../../shared/domain/model.ts';
import { openChat, roomId, type FakeChat } from '../fakes/chat.ts';
import { fakeConnectionGateway } from '../fakes/sockets.ts';
import { ann, bob, cat, connectionOf, subscriberFor, start } from '../fakes/system.ts';
import { send, writeLog } from '../domain/log-steps.ts';

type Script = Parameters<typeof fakeConnectionGateway>[0];

const place = { name: 'general', shard: 0 };
const typesTo = (ports: Ports, id: string) => ports.connectionGateway.framesTo(id).map(({ type }) => type);
const realtime = (chat: FakeChat, script?: Script) => ({
  ...chat,
  connectionGateway: fakeConnectionGateway(script),
  settings: { arrivalsPerWindow: 5, reconnectAfterMs: 6_000_000 },
});
type Ports = ReturnType<typeof realtime>;

async function enter(
  ports: Ports,
  caller: Caller,
  id: string,
  more: Partial<Connection> = {},
  history = 50,
  after?: number,
) {
  const connection = connectionOf(caller, id, { rooms: { [roomId]: place }, ...more });
  await ports.connections.open(connection);
  const outcome = await openRoom(ports, {
    connection,
    roomId,
    room: place,
    head: (await ports.rooms.head(roomId))!,
    history: { limit: history, after },
    heartbeatSeconds: 25,
    isNew: false,
  });
  return { connection, outcome };
}

describe('opening a room', () => {
  it('says ready, who is here, the history and its end, in this order', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'mm');
    expect((await enter(ports, ann, 'a')).outcome).toBe('sent');
    expect(typesTo(ports, 'a')).toEqual([
      'ready',
      'room_users_list',
      'chat_message',
      'chat_message',
      'history_end',
    ]);
    expect(ports.connectionGateway.framesTo('a')).toMatchObject([
      { room_id: roomId, room: 'general', head: 2, heartbeat_seconds: 25, user: { username: 'ann' } },
      { users: [{ username: 'ann' }] },
      { seq: 1 },
      { seq: 2 },
      { head: 2, first_seq: 1, has_more: false, recovered: true },
    ]);
  });

  it('joins the subscribers after its first frames and before it reads the log, so that no entry falls between', async () => {
    const ports = realtime(await openChat());
    const order: string[] = [];
    const { add } = ports.subscriptions;
    ports.subscriptions.add = async (...given) => {
      order.push(...ports.connectionGateway.done.map((post) => post.split(' ')[2]!), 'joined');
      await send(ports, 'between');
      return add(...given);
    };
    await enter(ports, ann, 'a');
    expect(order).toEqual(['ready', 'room_users_list', 'joined']);
    expect(ports.connectionGateway.framesTo('a').find(({ type }) => type === 'chat_message')).toMatchObject({
      message: 'between',
    });
  });

  it("tells the others of a user's first socket only", async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    await enter(ports, ann, 'a1');
    await enter(ports, ann, 'a2');
    expect(typesTo(ports, 'b').filter((type) => type === 'user_join')).toHaveLength(1);
    expect(typesTo(ports, 'a1')).not.toContain('user_join');
  });

  it('is refused, and leaves no trace, when the right to it went meanwhile', async () => {
    for (const take of [
      (ports: Ports) => void ports.members.startRemoval(roomId, bob.userId),
      (ports: Ports) => void ports.revocations.revoke(bob.sessionId, 0),
      (ports: Ports) => void ports.state.rooms.delete(roomId),
      (ports: Ports) => void ports.connections.end('b', 'signed_out', start),
      (ports: Ports) => void ports.connections.end('b', 'too_many', start),
    ]) {
      const ports = realtime(await openChat({ isPrivate: true }, bob), { b: () => (take(ports), 'sent') });
      expect((await enter(ports, bob, 'b')).outcome).toBe('refused');
      expect(ports.subscriptions.of(roomId)).toEqual([]);
      expect(typesTo(ports, 'b')).not.toContain('history_end');
    }
  });

  it('that is ended after it joined the subscribers is seen as ended', async () => {
    const ports = realtime(await openChat());
    const { add } = ports.subscriptions;
    let joins = 0;
    ports.subscriptions.add = async (...given) => {
      await add(...given);
      if ((joins += 1) === 1) await ports.connections.end('a', 'signed_out', start);
    };
    expect((await enter(ports, ann, 'a')).outcome).toBe('refused');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });

  it('of a socket whose room was marked as removed before its welcome is none', async () => {
    const ports = realtime(await openChat({ isPrivate: true }, bob), {
      b: () => (void ports.connections.markRemoved('b', roomId), 'sent'),
    });
    expect((await enter(ports, bob, 'b')).outcome).toBe('refused');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
    expect(typesTo(ports, 'b')).not.toContain('history_end');
  });

  it('returns the ref of the command that it answers, and none to a socket that was opened with it', async () => {
    const ports = realtime(await openChat());
    const connection = connectionOf(ann, 'a', { rooms: { [roomId]: place } });
    await ports.connections.open(connection);
    await openRoom(ports, {
      connection,
      roomId,
      room: place,
      head: (await ports.rooms.head(roomId))!,
      history: { limit: 50, ref: 'r-1' },
      heartbeatSeconds: 25,
      isNew: false,
    });
    expect(ports.connectionGateway.framesTo('a')[0]).toMatchObject({ type: 'ready', ref: 'r-1' });
    expect(ports.connectionGateway.framesTo('a').at(-1)).toMatchObject({ type: 'history_end', ref: 'r-1' });
    await enter(ports, bob, 'b');
    for (const frame of ports.connectionGateway.framesTo('b')) expect(frame).not.toHaveProperty('ref');
  });

  it('of a socket that was closed meanwhile leaves no trace, and is no refusal', async () => {
    const ports = realtime(await openChat(), { a: () => (ports.connections.all.delete('a'), 'sent') });
    expect((await enter(ports, ann, 'a')).outcome).toBe('gone');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
    expect(typesTo(ports, 'a')).not.toContain('history_end');
  });

  it('tells who came and who went between its list and its joining, since they could not tell it', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    const { add } = ports.subscriptions;
    ports.subscriptions.add = async (...given) => {
      await ports.subscriptions.remove(roomId, 0, 'b');
      await add(roomId, subscriberFor(cat, 'c'));
      return add(...given);
    };
    await enter(ports, ann, 'a');
    expect(ports.connectionGateway.framesTo('a').slice(1)).toMatchObject([
      { type: 'room_users_list', users: [{ username: 'bob' }, { username: 'ann' }] },
      { type: 'user_join', user_id: cat.userId, room_id: roomId },
      { type: 'user_leave', user_id: bob.userId, room_id: roomId },
      { type: 'history_end' },
    ]);
  });

  it('hears as long as the newest token lets it, also when that came while it was opening', async () => {
    const ports = realtime(await openChat(), {
      a: () => (void ports.connections.extend('a', { tokenEndsAt: start + 900_000 }, start), 'sent'),
    });
    await enter(ports, ann, 'a');
    expect(ports.subscriptions.of(roomId)).toMatchObject([
      { connectionId: 'a', tokenEndsAt: start + 900_000 },
    ]);
  });

  it('is judged by the session that the socket has by then, and noted under it', async () => {
    const later = { sessionId: cat.sessionId, tokenEndsAt: start + 900_000 };
    for (const [revoked, expected, noted] of [
      [cat.sessionId, 'refused', []],
      [bob.sessionId, 'sent', [later]],
    ] as const) {
      const ports = realtime(await openChat({ isPrivate: true }, bob), {
        b: () => (void ports.connections.extend('b', later, start), 'sent'),
      });
      await ports.revocations.revoke(revoked, 0);
      expect((await enter(ports, bob, 'b')).outcome).toBe(expected);
      expect(ports.subscriptions.of(roomId)).toMatchObject(noted);
    }
  });

  it('finds those in the shards that were added meanwhile', async () => {
    const ports = realtime(await openChat(), { a: () => grow().then(() => 'sent' as const) });
    const grow = async (): Promise<void> => {
      await ports.rooms.addShards(roomId, 1, 4);
      await ports.subscriptions.add(roomId, subscriberFor(bob, 'b', { shard: 3 }));
    };
    await enter(ports, ann, 'a');
    expect(typesTo(ports, 'a')).toContain('user_join');
    expect(typesTo(ports, 'b')).toEqual(['user_join']);
  });

  it('ends where the socket does, without joining', async () => {
    const ports = realtime(await openChat(), { a: () => 'gone' });
    expect((await enter(ports, ann, 'a')).outcome).toBe('gone');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });

  it('names two hundred users, and says how many there are', async () => {
    const ports = realtime(await openChat());
    for (let at = 0; at < 201; at += 1) {
      await ports.subscriptions.add(roomId, subscriberFor({ ...ann, userId: `user-${at}` }, `c${at}`));
    }
    await enter(ports, bob, 'b');
    const list = ports.connectionGateway.framesTo('b')[1];
    expect([list.users.length, list.total]).toEqual([200, 202]);
  });

  it('spreads the subscribers of a room that has grown', async () => {
    const ports = realtime(await openChat());
    for (let at = 0; at < 100; at += 1) await ports.subscriptions.add(roomId, subscriberFor(ann, `c${at}`));
    await enter(ports, bob, 'b');
    expect((await ports.rooms.head(roomId))?.shards).toBe(4);
  });
});

describe('arriving in a room', () => {
  const arrive = async (ports: Ports, id: string, isNew = false) => {
    const connection = connectionOf(ann, id, { rooms: { [roomId]: place } });
    await ports.connections.open(connection);
    const head = (await ports.rooms.head(roomId))!;
    const history = { limit: 50 };
    const outcome = await openRoom(ports, {
      connection,
      roomId,
      room: place,
      head,
      history,
      heartbeatSeconds: 25,
      isNew,
    });
    return { connection, outcome };
  };

  it('is told to the others five times in ten seconds, and refused beyond', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    const outcomes: string[] = [];
    for (let round = 0; round < 7; round += 1) {
      const { connection, outcome } = await arrive(ports, `a${round}`);
      outcomes.push(outcome);
      if (outcome === 'sent') await closeRoom(ports, connection, { roomId, room: place, receivedAt: start });
    }
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => 'sent'), 'too_often', 'too_often']);
    expect(typesTo(ports, 'b').filter((type) => type === 'user_join')).toHaveLength(5);
    expect(ports.connectionGateway.framesTo('a5')).toEqual([]);
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['b']);
    ports.clock.pass(10_000);
    expect((await arrive(ports, 'later')).outcome).toBe('sent');
  });

  it('is no arrival while another socket of the user is there, however often', async () => {
    const ports = realtime(await openChat());
    await enter(ports, ann, 'stays');
    for (let round = 0; round < 10; round += 1)
      expect((await arrive(ports, `a${round}`)).outcome).toBe('sent');
  });

  it('of a new socket is counted once its handshake is over, not for each attempt to welcome it', async () => {
    let isOpen = false;
    const ports = realtime(await openChat(), { a0: () => (isOpen ? 'sent' : 'gone') });
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await arrive(ports, 'a0', true)).outcome).toBe('gone');
    isOpen = true;
    expect((await arrive(ports, 'a0', true)).outcome).toBe('sent');
  });

  it('of a new socket that is one too many leaves it in no subscribers', async () => {
    const ports = realtime(await openChat());
    for (let round = 0; round < 5; round += 1) {
      const { connection } = await arrive(ports, `a${round}`, true);
      await closeRoom(ports, connection, { roomId, room: place, receivedAt: start });
    }
    expect((await arrive(ports, 'a5', true)).outcome).toBe('too_often');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });
});

describe('a room of thousands', () => {
  it('does not hear who comes and goes, and grows all the same', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    await ports.rooms.addShards(roomId, 1, 16);
    const { connection } = await enter(ports, ann, 'a');
    await closeRoom(ports, connection, { roomId, room: place, receivedAt: start });
    expect(typesTo(ports, 'b')).toEqual(['ready', 'room_users_list', 'history_end']);
    expect(typesTo(ports, 'a')).toEqual(['ready', 'room_users_list', 'history_end']);
    for (let at = 0; at < 8_000; at += 1) await ports.subscriptions.add(roomId, subscriberFor(bob, `c${at}`));
    await enter(ports, ann, 'again');
    expect((await ports.rooms.head(roomId))?.shards).toBe(64);
  });

  it('of two thousand it hears it still', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    await ports.rooms.addShards(roomId, 1, 4);
    const { connection } = await enter(ports, ann, 'a');
    await closeRoom(ports, connection, { roomId, room: place, receivedAt: start });
    expect(typesTo(ports, 'b').slice(-2)).toEqual(['user_join', 'user_leave']);
  });
});

describe('the history of a resume', () => {
  const events = async (ports: Ports, after: number, limit = 50) =>
    historyEvents(ports, (await ports.rooms.head(roomId))!, { after, limit });

  it('brings every entry since, of any kind', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'mmm');
    expect(await events(ports, 1)).toMatchObject([
      { seq: 2 },
      { seq: 3 },
      { type: 'history_end', first_seq: 2, head: 3, has_more: false, recovered: true },
    ]);
    expect(await events(ports, 3)).toMatchObject([{ type: 'history_end', first_seq: null, recovered: true }]);
    expect(await events(ports, 0, 2)).toMatchObject([{ seq: 1 }, { seq: 2 }, { has_more: true }]);
  });

  it('says that it could not, to whoever has seen more than there is, and shows what there is', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'm');
    expect(await events(ports, 5)).toMatchObject([
      { seq: 1 },
      { type: 'history_end', recovered: false, gap: { from: 2, to: 5 } },
    ]);
  });

  it('of whoever has seen all of it reads nothing', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'mm');
    const reads = vi.spyOn(ports.log, 'range');
    expect(await events(ports, 2)).toMatchObject([
      { type: 'history_end', first_seq: null, head: 2, has_more: false, recovered: true },
    ]);
    expect(reads).not.toHaveBeenCalled();
  });

  it('names a gap that begins after what is still being written', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'm__');
    expect((await events(ports, 9)).at(-1)).toMatchObject({ head: 1, gap: { from: 4, to: 9 } });
  });

  it('names a gap that begins after what was committed while it was read', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'm');
    const before = (await ports.rooms.head(roomId))!;
    await writeLog(ports, 'mm');
    for (const [after, from] of [
      [9, 4],
      [2, 2],
    ] as const) {
      const late = await historyEvents(ports, before, { after, limit: 50 });
      expect(late.at(-1)).toMatchObject({ head: 3, recovered: false, gap: { from, to: after } });
    }
  });

  it('does not count what is still being written as seen', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'm_m');
    expect((await events(ports, 0)).at(-1)).toMatchObject({ type: 'history_end', head: 1 });
  });
});

describe('closing a room', () => {
  it("tells the others when it was the user's last socket there, and only then", async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    const [one, two] = [await enter(ports, ann, 'a1'), await enter(ports, ann, 'a2')];
    await closeRoom(ports, one.connection, { roomId, room: place, receivedAt: start });
    expect(typesTo(ports, 'b')).not.toContain('user_leave');
    await closeRoom(ports, two.connection, { roomId, room: place, receivedAt: start });
    expect(ports.connectionGateway.framesTo('b').at(-1)).toMatchObject({
      type: 'user_leave',
      username: 'ann',
      room_id: roomId,
    });
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['b']);
  });

  it('of several at once tells each of them, also to a socket that one of them did not reach', async () => {
    let posts = 0;
    const ports = realtime(await openChat(), { b: () => ((posts += 1) === 4 ? 'failed' : 'sent') });
    await enter(ports, bob, 'b');
    const left = [ann, cat].map(({ userId, username }, at) => ({ connectionId: `x${at}`, userId, username }));
    await publishUserLeaves(ports, [[roomId, left]]);
    expect(typesTo(ports, 'b').slice(3)).toEqual(['user_leave', 'user_leave']);
  });

  it('of several at once tells only those who are still there, and looks for them once', async () => {
    const ports = realtime(await openChat());
    for (const [caller, id] of [
      [bob, 'b'],
      [ann, 'a'],
    ] as const)
      await enter(ports, caller, id);
    // Cut as well: its reaction is under way.
    ports.connections.all.delete('a');
    const look = vi.spyOn(ports.connections, 'filterExisting');
    const left = ['x', 'y'].map((id) => ({ connectionId: id, userId: id, username: id }));
    const before = typesTo(ports, 'a').length;
    await publishUserLeaves(ports, [[roomId, left]]);
    expect(typesTo(ports, 'b').slice(-2)).toEqual(['user_leave', 'user_leave']);
    expect(typesTo(ports, 'a')).toHaveLength(before);
    expect(look).toHaveBeenCalledOnce();
    await publishUserLeaves(ports, [[roomId, left.slice(1)]]);
    expect(typesTo(ports, 'b').slice(-3)).toEqual(['user_leave', 'user_leave', 'user_leave']);
    expect(look).toHaveBeenCalledOnce();
  });

  it('of several at once is not told of whoever came back while the others were looked for', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    const before = typesTo(ports, 'b').length;
    const { filterExisting } = ports.connections;
    ports.connections.filterExisting = async (ids) => {
      await enter(ports, ann, 'back');
      return filterExisting(ids);
    };
    const left = [ann, cat].map(({ userId, username }, at) => ({ connectionId: `x${at}`, userId, username }));
    await publishUserLeaves(ports, [[roomId, left]]);
    expect(ports.connectionGateway.framesTo('b').slice(before)).toMatchObject([
      { type: 'user_join', username: 'ann' },
      { type: 'user_leave', username: 'cat' },
    ]);
  });

  it('of several at once tells everybody, when nobody can be looked for', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    vi.spyOn(ports.connections, 'filterExisting').mockRejectedValue(new Error('throttled'));
    const left = ['x', 'y'].map((id) => ({ connectionId: id, userId: id, username: id }));
    await publishUserLeaves(ports, [[roomId, left]]);
    expect(typesTo(ports, 'b').slice(-2)).toEqual(['user_leave', 'user_leave']);
  });

  it('of a room that is gone clears the subscribers all the same', async () => {
    const ports = realtime(await openChat());
    const { connection } = await enter(ports, ann, 'a');
    ports.state.heads.delete(roomId);
    await closeRoom(ports, connection, { roomId, room: place, receivedAt: start });
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });
});

describe('taking sockets out of a room', () => {
  const leaving = {
    lastEvent: { type: 'user_leave' as const, user_id: bob.userId, username: 'bob', room_id: roomId },
    code: 'forbidden' as const,
    reason: 'out',
    onlyMarked: false,
    notifyRoomless: false,
  };

  it('ends those that were opened with it, and takes the room from the others', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'single', { isSingleRoom: true });
    await enter(ports, bob, 'many');
    const before = ports.connectionGateway.done.length;
    await evictFromRoom(ports, ['single', 'many', 'none'], roomId, leaving);
    expect(ports.connectionGateway.done.slice(before).sort()).toEqual([
      'close single',
      'post many user_leave',
      'post single close',
      'post single user_leave',
    ]);
    expect(ports.connections.all.has('single')).toBe(false);
    expect(ports.connections.all.get('many')?.rooms).toEqual({});
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });

  it('sends it as well to sockets without a room, but not to those of another room', async () => {
    const ports = realtime(await openChat());
    ports.connections.all.set('roomless', connectionOf(bob, 'roomless', { rooms: {} }));
    const elsewhere = connectionOf(bob, 'elsewhere', { isSingleRoom: true, rooms: {} });
    ports.connections.all.set('elsewhere', elsewhere);
    const ids = ['roomless', 'elsewhere'];
    await evictFromRoom(ports, ids, roomId, leaving);
    expect(ids.map((id) => typesTo(ports, id))).toEqual([[], []]);
    await evictFromRoom(ports, ids, roomId, { ...leaving, notifyRoomless: true });
    expect(ids.map((id) => typesTo(ports, id))).toEqual([['user_leave'], []]);
  });

  it('leaves those alone that are not marked, for somebody who is back', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'old');
    await enter(ports, bob, 'new');
    await ports.connections.markRemoved('old', roomId);
    await evictFromRoom(ports, ['old', 'new'], roomId, { ...leaving, onlyMarked: true });
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['new']);
  });

  it('leaves a socket whose handshake is not over to its welcome, and its item with it', async () => {
    const ports = realtime(await openChat(), { young: () => 'gone', old: () => 'gone' });
    for (const [id, age] of [
      ['young', 15_000],
      ['old', 15_001],
    ] as const) {
      const more = { isSingleRoom: true, rooms: { [roomId]: place }, openedAt: start - age };
      await ports.connections.open(connectionOf(bob, id, more));
    }
    await evictFromRoom(ports, ['young', 'old'], roomId, leaving);
    expect([...ports.connections.all.keys()]).toEqual(['young']);
    expect(ports.connectionGateway.done).not.toContain('close young');
    expect(ports.connectionGateway.done).toContain('close old');
  });

  it('twice does no harm', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'many');
    for (let time = 0; time < 2; time += 1) await evictFromRoom(ports, ['many'], roomId, leaving);
    expect(typesTo(ports, 'many').filter((type) => type === 'user_leave')).toHaveLength(1);
  });
});

describe('closing a session', () => {
  it('ends its sockets and no others, everywhere', async () => {
    const ports = realtime(await openChat());
    const other = { ...ann, sessionId: cat.sessionId };
    for (const [caller, id] of [
      [ann, 'here'],
      [other, 'there'],
    ] as const) {
      await enter(ports, caller, id);
      await ports.subscriptions.add(ann.userId, subscriberFor(caller, id));
    }
    await signOutSession(ports, ann.userId, ann.sessionId);
    expect(ports.connectionGateway.framesTo('here').at(-1)).toMatchObject({ type: 'close', code: 4001 });
    expect([...ports.connections.all.keys()]).toEqual(['there']);
    expect(
      [...ports.subscriptions.of(roomId), ...ports.subscriptions.of(ann.userId)].map(
        ({ connectionId }) => connectionId,
      ),
    ).toEqual(['there', 'there']);
  });
});

describe('telling a user', () => {
  it('reaches the sockets without a room that do not hear the room anyway', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'hears');
    for (const [id, more] of [
      ['idle', {}],
      ['single', { isSingleRoom: true }],
      ['ended', { tokenEndsAt: 0 }],
    ] as const) {
      await ports.connections.open(connectionOf(bob, id, more));
      await ports.subscriptions.add(bob.userId, subscriberFor(bob, id, more));
    }
    await ports.subscriptions.add(bob.userId, subscriberFor(bob, 'hears'));
    const post = vi.spyOn(ports.connectionGateway, 'post');
    await notifyUser(ports, bob.userId, roomId, {
      type: 'user_leave',
      user_id: cat.userId,
      username: 'cat',
      room_id: roomId,
    });
    expect(post.mock.calls.map(([id]) => id)).toEqual(['idle']);
  });
});
