/** Messages, views and answers belong to the right room at 200 ms latency, whatever is opened and closed in between. */
import { beforeEach, describe, expect, test } from 'vitest';
import { storageOutboxStore } from '../../client/src/index.ts';
import { FakeServer, start } from './fake-server.ts';
import { fakeStorage } from './fake-storage.ts';
import type { FakeSystem } from './fake-system.ts';

let server: FakeServer;
let system: FakeSystem;

beforeEach(() => {
  server = new FakeServer();
  system = server.client();
});

const contents = (room: { messages: readonly { content: string; state: string }[] }) =>
  room.messages.map(({ content, state }) => `${content} ${state}`);

describe('an answer', () => {
  test('is matched to its command: a message for one room is not sent to a room that was closed just before', async () => {
    const [x, dm] = [server.room('x'), server.room('dm_a_b', { isPrivate: true })];
    await start(system);
    await server.pass(1_000);
    const closing = system.client.room('x');
    await server.pass(80);
    closing.close();
    const room = system.client.room(dm.id);
    room.send('between us');
    await server.pass(2_000);
    expect({ x: x.texts, dm: server.texts('dm_a_b') }).toEqual({ x: [], dm: ['between us'] });
    expect(room.getSnapshot()).toMatchObject({ status: 'live', room_id: dm.id });
    expect(server.present).toEqual(['dm_a_b']);
  });

  test('is matched to its command when a later answer overtakes it', async () => {
    const rooms = ['a', 'b', 'c'].map((name) => server.room(name));
    await start(system);
    await server.pass(1_000);
    server.latencyMs = ({ room, room_id }) => (room === 'a' || room_id === rooms[0]?.id ? 900 : 50);
    const handles = rooms.map(({ name }) => system.client.room(name));
    for (const [index, handle] of handles.entries()) handle.send(`to ${rooms[index]?.name}`);
    await server.pass(6_000);
    expect(rooms.map(({ texts }) => texts.map(({ content }) => content))).toEqual([
      ['to a'],
      ['to b'],
      ['to c'],
    ]);
    expect(handles.map(({ roomId }) => roomId)).toEqual(rooms.map(({ id }) => id));
  });
});

describe('closing a room', () => {
  test('right after opening it leaves no presence behind', async () => {
    const { id } = server.room('x');
    await start(system);
    await server.pass(1_000);
    system.client.room('x').close();
    system.client.room(id).close();
    await server.pass(2_000);
    expect(server.present).toEqual([]);
  });

  test.each([0, 20, 1_000, 1_020, 1_200, 1_300, 1_420, 1_500])(
    'and opening it again %i ms later makes it live again',
    async (pauseMs) => {
      const { id } = server.room('x');
      await start(system);
      await server.pass(1_000);
      const first = system.client.room('x');
      await server.pass(1_000);
      // A leave that takes much longer than the join that follows it.
      server.latencyMs = ({ type }) => (type === 'leave' ? 1_500 : 100);
      first.close();
      await server.pass(pauseMs);
      const again = system.client.room(pauseMs % 200 === 0 ? 'x' : id);
      await server.pass(5_000);
      expect(server.present).toEqual(['x']);
      again.send('heard');
      await server.pass(1_000);
      expect(contents(again)).toEqual(['heard sent']);
      expect(again.status).toBe('live');
    },
  );

  test('in one view keeps it open for the other views, and in the last view leaves it', async () => {
    const { id } = server.room('x');
    await start(system);
    await server.pass(1_000);
    const [one, two, three] = [system.client.room(id), system.client.room(id), system.client.room('X')];
    await server.pass(1_000);
    expect(server.received.filter(({ type }) => type === 'join')).toHaveLength(2);
    one.close();
    one.close();
    three.close();
    await server.pass(1_000);
    expect([one.status, two.status, three.status]).toEqual(['closed', 'live', 'closed']);
    expect(server.present).toEqual(['x']);
    two.send('still here');
    await server.pass(1_000);
    expect(contents(two)).toEqual(['still here sent']);
    two.close();
    await server.pass(2_000);
    expect(server.present).toEqual([]);
  });

  test('does not leave it before its messages are sent', async () => {
    server.room('x');
    await start(system);
    await server.pass(1_000);
    const room = system.client.room('x');
    room.send('last words');
    room.close();
    await server.pass(3_000);
    expect(server.texts('x')).toEqual(['last words']);
    expect(server.present).toEqual([]);
  });
});

describe('a room', () => {
  test('is joined once when it is asked for by name, by id and in other spellings, and other rooms open too', async () => {
    const { id } = server.room('General');
    server.room('other');
    await start(system);
    const handles = ['general', id, 'GENERAL', id.toUpperCase(), 'ｇｅｎｅｒａｌ'].map((key) =>
      system.client.room(key),
    );
    const other = system.client.room('other');
    handles.forEach((handle, index) => handle.send(`text ${index}`));
    await server.pass(6_000);
    expect([...handles, other].map(({ status }) => status)).toEqual(Array(6).fill('live'));
    expect(new Set(handles.map(({ roomId }) => roomId))).toEqual(new Set([id]));
    expect(server.texts('General')?.toSorted()).toEqual([0, 1, 2, 3, 4].map((index) => `text ${index}`));
    expect(handles[0]?.getSnapshot()).toBe(handles[1]?.getSnapshot());
    expect(system.client.state).toBe('live');
    for (const handle of handles) handle.close();
    await server.pass(2_000);
    expect(server.present).toEqual(['other']);
  });

  test('that the server refuses is closed with the problem, and other rooms open', async () => {
    server.room('open');
    await start(system);
    const refused = system.client.room('99999999-9999-4999-8999-999999999999');
    const open = system.client.room('open');
    await server.pass(2_000);
    expect(refused.getSnapshot()).toMatchObject({ status: 'closed', problem: { code: 'not_found' } });
    expect(open.status).toBe('live');
    expect(server.rooms).toHaveLength(1);
  });

  test('that never answers is closed as timed out and keeps its messages, and other rooms are live', async () => {
    const outbox = storageOutboxStore(fakeStorage());
    system = (server = new FakeServer()).client({ outbox });
    const { id } = server.room('silent');
    server.room('open');
    server.loses = ({ type, room_id }) => (type === 'join' || type === 'ready') && room_id === id;
    await start(system);
    const silent = system.client.room(id);
    const open = system.client.room('open');
    silent.send('kept');
    await server.pass(90_000);
    expect(silent.getSnapshot()).toMatchObject({ status: 'closed', problem: { code: 'timed_out' } });
    expect(open.status).toBe('live');
    server.loses = () => false;
    const again = system.client.room(id);
    await server.pass(2_000);
    expect(again.status).toBe('live');
    expect(server.texts('silent')).toEqual(['kept']);
  });
});

describe('a renamed room', () => {
  test('is joined by its id after a reconnect, and when it is opened again by its old name', async () => {
    const x = server.room('x');
    await start(system);
    const room = system.client.room('x');
    await server.pass(1_000);
    system.client.disconnect();
    room.send('written offline');
    x.name = 'renamed';
    system.client.connect();
    await server.pass(2_000);
    expect(server.rooms.map(({ name }) => name)).toEqual(['renamed']);
    expect(room.getSnapshot()).toMatchObject({ status: 'live', room_id: x.id, name: 'renamed' });
    room.close();
    await server.pass(2_000);
    const again = system.client.room('x');
    await server.pass(2_000);
    expect(server.rooms).toHaveLength(1);
    expect(again.roomId).toBe(x.id);
    expect(server.texts('renamed')).toEqual(['written offline']);
  });
});

describe('an unsent message', () => {
  async function queueOffline(name: string, options: { everOpen: boolean }) {
    const storage = fakeStorage();
    server = new FakeServer();
    system = server.client({ outbox: storageOutboxStore(storage) });
    await start(system);
    await server.pass(100);
    const room = system.client.room(name);
    if (options.everOpen) await server.pass(1_000);
    system.client.disconnect();
    room.send('secret');
    return { storage, reload: () => server.client({ outbox: storageOutboxStore(storage) }) };
  }

  test('is sent after a reload to the room it was written for although that was renamed in the meantime', async () => {
    const { reload } = await queueOffline('plans', { everOpen: true });
    const [room] = server.rooms;
    (room as { name: string }).name = 'renamed';
    const after = reload();
    await start(after);
    const view = after.client.room('plans');
    await server.pass(3_000);
    expect(server.rooms.map(({ name }) => name)).toEqual(['renamed']);
    expect(server.texts('renamed')).toEqual(['secret']);
    expect(view.roomId).toBe(room?.id);
  });

  test('for a room that was deleted in the meantime is kept as failed, and is sent nowhere', async () => {
    const { storage, reload } = await queueOffline('plans', { everOpen: true });
    const [room] = server.rooms;
    server.delete(room as (typeof server.rooms)[number]);
    const after = reload();
    await start(after);
    await server.pass(3_000);
    expect(server.rooms).toEqual([]);
    expect(storage.length).toBe(1);
    expect(await after.client.unsent()).toEqual([
      expect.objectContaining({ content: 'secret', problem: expect.objectContaining({ code: 'not_found' }) }),
    ]);
    const again = after.client.room(room?.id ?? '');
    await server.pass(2_000);
    expect(contents(again)).toEqual(['secret failed']);
    again.discard(again.messages[0]?.client_id ?? '');
    expect(storage.length).toBe(0);
  });

  test('creates the room of that name only if the client never knew its id', async () => {
    const { reload } = await queueOffline('fresh', { everOpen: false });
    server.rooms = [];
    const after = reload();
    await start(after);
    await server.pass(3_000);
    expect(server.texts('fresh')).toEqual(['secret']);
  });
});
