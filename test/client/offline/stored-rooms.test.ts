/** Rooms that are stored in the browser, and shown after a reload before the server answers. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryTokenStore, type Room } from '../../../client/src/index.ts';
import { openFakePage } from '../fake-page.ts';
import { createFakeSystem, openRoom, settle, welcome, type FakeSystem } from '../fake-system.ts';
import { ack, ann, bob, historyEnd, ready, refusal, roomId, said } from '../server-events.ts';
import { databaseName, openDatabase, openFakeBrowser, readStored, until } from './fake-browser.ts';

beforeEach(() => void openFakeBrowser());

const contents = ({ messages }: Room): string[] => messages.map(({ content }) => content);

const stored = async (): Promise<string[] | undefined> =>
  (await readStored(ann.id, { roomId }))?.messages.map(({ content }) => content);

/** A client whose tokens outlive reloads. */
function createDevice() {
  const tokens = memoryTokenStore();
  const load = (): FakeSystem => createFakeSystem({ tokens, cache: true });
  return { tokens, load };
}

/** Writes everything that waits to be written. */
async function write(system: FakeSystem, expected: string[]): Promise<void> {
  await system.clock.advance(500);
  await until(async () => expect(await stored()).toEqual(expected));
}

/** A device on which the room `general` was open with three messages. */
async function openStoredRoom() {
  const device = createDevice();
  const system = device.load();
  const room = await openStored(system, 3);
  await write(system, ['message 1', 'message 2', 'message 3']);
  return { ...device, system, room };
}

/** Opens the room for the first time. */
async function openStored(system: FakeSystem, messages: number): Promise<Room> {
  await system.client.signIn('ann', 'secret');
  const room = system.client.room('general');
  system.client.connect();
  await settle();
  system.socket().accept();
  await until(() => expect(system.socket().ofType('join')).toHaveLength(1));
  welcome(system.socket(), messages);
  return room;
}

/** Loads the page again, and waits until the room shows what is stored. */
async function reload(
  { load }: Pick<ReturnType<typeof createDevice>, 'load'>,
  key = 'general',
): Promise<{ system: FakeSystem; room: Room }> {
  const system = load();
  const room = system.client.room(key);
  await system.client.findUser();
  await until(() => expect(contents(room).length).toBeGreaterThan(0));
  return { system, room };
}

/** Connects, and returns the join. */
async function connect({ client, socket }: FakeSystem) {
  client.connect();
  await settle();
  socket().accept();
  await until(() => expect(socket().ofType('join')).toHaveLength(1));
  return socket().ofType('join')[0];
}

describe('a room that was open before a reload', () => {
  test('shows its messages without a network, and then requests only what it missed', async () => {
    const device = await openStoredRoom();
    const { system, room } = await reload(device);
    expect(room.getSnapshot()).toMatchObject({ status: 'opening', hasOlder: false });
    expect(contents(room)).toEqual(['message 1', 'message 2', 'message 3']);
    expect(await connect(system)).toMatchObject({ room: 'general', after: 3 });
    system.socket().push([
      ready(5),
      said(4),
      said(3, 'message 3'),
      {
        type: 'message_edited',
        message_id: 'm1',
        new_content: 'edited',
        edited_at: '2028',
        room_id: roomId,
        seq: 5,
      },
      historyEnd(5),
    ]);
    expect(room.status).toBe('live');
    expect(contents(room)).toEqual(['edited', 'message 2', 'message 3', 'message 4']);
    await write(system, ['edited', 'message 2', 'message 3', 'message 4']);
    const again = await reload(device, roomId);
    expect(again.room.getSnapshot()).toMatchObject({ name: 'general', room_id: roomId });
    expect(await connect(again.system)).toMatchObject({ room_id: roomId, after: 5 });
  });

  test('stores what is sent, edited and deleted, in one batch', async () => {
    const { system, room, load } = await openStoredRoom();
    room.send('mine');
    system.socket().push(ack(system.socket().ofType('message')[0], 4));
    system.socket().push({ type: 'message_deleted', message_id: 'm2', room_id: roomId, seq: 5 });
    system.answers.set('PATCH /chat/messages/m4/edit/', () =>
      Response.json({ ...messageOf(room, 'm4'), content: 'better', edited_at: '2028' }),
    );
    await room.edit('m4', 'better');
    const shown = contents(room);
    expect(shown).toEqual(['message 1', expect.stringContaining('deleted'), 'message 3', 'better']);
    await write(system, shown);
    expect(contents((await reload({ load })).room)).toEqual(shown);
  });

  test('is stored when the page is hidden, without waiting', async () => {
    const page = openFakePage();
    openFakeBrowser();
    const { system } = await openStoredRoom();
    system.socket().push(said(4));
    page.setVisible(false);
    await until(async () => expect(await stored()).toHaveLength(4));
  });

  test('keeps the unread count and the readers', async () => {
    const device = createDevice();
    const system = device.load();
    system.answers.set('GET /chat/rooms/mine/', () =>
      Response.json([
        { room_id: roomId, last_read_message_id: 'm1', unread_count: 2, last_message: { seq: 3 } },
      ]),
    );
    const room = await openStored(system, 3);
    await until(() => expect(room.unread).toBe(2));
    const read_at = '2028-01-01T00:00:00.000Z';
    system.socket().push({
      type: 'message_read',
      room_id: roomId,
      user_id: bob.id,
      username: 'bob',
      message_id: 'm3',
      read_at,
    });
    await write(system, ['message 1', 'message 2', 'message 3']);
    const after = await reload(device);
    expect(after.room.unread).toBe(2);
    expect(after.room.getSnapshot().readers.get(bob.id)).toMatchObject({ message_id: 'm3', read_at });
  });

  test('is discarded when the server cannot resume from it', async () => {
    const { load } = await openStoredRoom();
    const { system, room } = await reload({ load });
    await connect(system);
    system.socket().push([ready(1), historyEnd(1, { recovered: false })]);
    expect(contents(room)).toEqual([]);
    const [request] = system.socket().ofType('history');
    system.socket().push([said(1, 'new'), historyEnd(1, { ref: request?.['ref'] })]);
    expect(contents(room)).toEqual(['new']);
    await write(system, ['new']);
  });

  test('shows nothing of the room that had the name before', async () => {
    const other = '11111111-1111-4111-8111-222222222222';
    const { load } = await openStoredRoom();
    const { system, room } = await reload({ load });
    const join = await connect(system);
    system
      .socket()
      .push([
        { ...ready(9), room_id: other },
        said(9, 'of the other room', { room_id: other }),
        { ...historyEnd(9), room_id: other, ref: join?.['ref'] },
      ]);
    expect(contents(room)).not.toContain('message 1');
    const [request] = system.socket().ofType('history');
    expect(request).not.toHaveProperty('after');
    system
      .socket()
      .push([
        said(8, 'first', { room_id: other }),
        said(9, 'of the other room', { room_id: other }),
        historyEnd(9, { room_id: other, ref: request?.['ref'], first_seq: 1 }),
      ]);
    expect(contents(room)).toEqual(['first', 'of the other room']);
    await system.clock.advance(500);
    await until(async () => expect((await readStored(ann.id, { names: ['general'] }))?.room_id).toBe(other));
    expect(await stored()).toHaveLength(3);
  });
});

const messageOf = (room: Room, id: string) => {
  const {
    key: _,
    is_mine: __,
    state: ___,
    ...message
  } = room.messages.find(({ message_id }) => message_id === id) as Room['messages'][number];
  return message;
};

describe('a room that the user has no access to any more', () => {
  test('is removed from the store when the user is removed from it', async () => {
    const { system, room } = await openStoredRoom();
    system.socket().push({ type: 'member_removed', room_id: roomId, seq: 4, member: ann });
    expect(room.getSnapshot().problem?.code).toBe('removed');
    await until(async () => expect(await stored()).toBeUndefined());
    await system.clock.advance(1_000);
    expect(await stored()).toBeUndefined();
  });

  test.each(['forbidden', 'not_found'])(
    'is neither shown nor stored when the join is refused with %s',
    async (name) => {
      const { load } = await openStoredRoom();
      const { system, room } = await reload({ load });
      const join = await connect(system);
      system.socket().push(refusal(join, 4003, name));
      expect(room.getSnapshot()).toMatchObject({ status: 'closed', messages: [] });
      await until(async () => expect(await stored()).toBeUndefined());
    },
  );

  test('is removed from the store when it is deleted', async () => {
    const { system } = await openStoredRoom();
    system.socket().push({ type: 'room_deleted', room_id: roomId, seq: 4, room: {} });
    await until(async () => expect(await stored()).toBeUndefined());
  });
});

describe('the rooms of a user', () => {
  test('are removed before signOut resolves, also while another tab has the database open', async () => {
    const { system, load } = await openStoredRoom();
    await openDatabase();
    system.socket().push(said(4));
    await system.client.signOut();
    expect(await stored()).toBeUndefined();
    await system.clock.advance(1_000);
    expect(await stored()).toBeUndefined();
    const after = load();
    await after.client.signIn('ann', 'secret');
    const room = after.client.room('general');
    await after.clock.advance(1_000);
    expect(contents(room)).toEqual([]);
  });

  test('are not shown to the next user, and are removed when that user signs in', async () => {
    const { tokens, load } = await openStoredRoom();
    await tokens.clear();
    const bobs = load();
    await bobs.client.signIn('bob', 'secret');
    const room = bobs.client.room('general');
    await bobs.clock.advance(1_000);
    expect(contents(room)).toEqual([]);
    await until(async () => expect(await stored()).toBeUndefined());
  });

  test('are stored by no tab that has not noticed yet that the user signed out in another one', async () => {
    const { system, tokens } = await openStoredRoom();
    await tokens.clear();
    await (await openDatabase()).end(ann.id);
    system.socket().push(said(4));
    await system.clock.advance(500);
    await until(() => expect(system.client.user).toBeUndefined());
    expect(await stored()).toBeUndefined();
  });

  test('are stored again by a tab that is still signed in', async () => {
    const { system } = await openStoredRoom();
    await (await openDatabase()).begin(bob.id);
    expect(await stored()).toBeUndefined();
    system.socket().push(said(4));
    await write(system, ['message 1', 'message 2', 'message 3', 'message 4']);
  });
});

describe('a browser whose database fails', () => {
  const failing: [string, () => void][] = [
    ['is refused', () => vi.stubGlobal('indexedDB', { open: () => forbid() })],
    [
      'is full',
      () => vi.spyOn(IDBObjectStoreOf(), 'put').mockImplementation(() => forbid('QuotaExceededError')),
    ],
    ['cannot be read', () => vi.spyOn(IDBObjectStoreOf(), 'get').mockImplementation(() => forbid())],
  ];

  test.each(failing)('works in memory when it %s, and reports it once', async (_, fail) => {
    fail();
    const system = createDevice().load();
    const problems = new Set();
    system.client.subscribe(() => {
      const { storageProblem } = system.client.getSnapshot();
      if (storageProblem !== undefined) problems.add(storageProblem);
    });
    const room = await openStored(system, 3);
    await until(() => expect(problems.size).toBe(1));
    system.socket().push(said(4));
    await system.clock.advance(1_000);
    expect([room.status, contents(room).length]).toEqual(['live', 4]);
    expect([...problems]).toEqual([
      expect.objectContaining({ code: 'not_stored', detail: expect.stringContaining('rooms') }),
    ]);
    await system.client.signOut();
    expect(system.client.state).toBe('signed-out');
  });

  test('joins a room after a second, and signs out, when the database does not answer', async () => {
    vi.stubGlobal('indexedDB', { open: () => Object.assign(new EventTarget(), {}) });
    vi.stubGlobal('IDBRequest', EventTarget);
    const system = createDevice().load();
    await system.client.signIn('ann', 'secret');
    system.client.room('general');
    system.client.connect();
    await settle();
    system.socket().accept();
    await system.clock.advance(900);
    expect(system.socket().ofType('join')).toHaveLength(0);
    await system.clock.advance(100);
    expect(system.socket().ofType('join')).toHaveLength(1);
    const signingOut = system.client.signOut();
    await system.clock.advance(1_000);
    await signingOut;
    expect(system.client.state).toBe('signed-out');
  });
});

const forbid = (name = 'SecurityError'): never => {
  throw new DOMException('refused', name);
};

const IDBObjectStoreOf = () =>
  (globalThis as unknown as { IDBObjectStore: { prototype: { put(): unknown; get(): unknown } } })
    .IDBObjectStore.prototype;

test('a message written offline after a reload is sent after the older ones, once', async () => {
  const { load } = await openStoredRoom();
  const { system, room } = await reload({ load });
  room.send('written offline');
  expect(contents(room)).toEqual(['message 1', 'message 2', 'message 3', 'written offline']);
  await connect(system);
  system.socket().push([ready(3), historyEnd(3)]);
  const [sent] = system.socket().ofType('message');
  system.socket().push(ack(sent, 4));
  expect(contents(room)).toEqual(['message 1', 'message 2', 'message 3', 'written offline']);
  expect(system.socket().ofType('message')).toHaveLength(1);
});

test('nothing is stored without the option, or where there is no IndexedDB', async () => {
  for (const create of [
    () => createFakeSystem(),
    () => {
      vi.stubGlobal('indexedDB', undefined);
      return createFakeSystem({ cache: true });
    },
  ]) {
    const system = create();
    const room = await openRoom(system, 3);
    expect(room.status).toBe('live');
    expect(system.client.getSnapshot().storageProblem).toBeUndefined();
  }
  openFakeBrowser();
  const databases = await (
    globalThis as unknown as { indexedDB: { databases(): Promise<unknown[]> } }
  ).indexedDB.databases();
  expect(databases).toEqual([]);
  expect(databaseName).toContain('chat.test');
});
