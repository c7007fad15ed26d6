/** The list of rooms until its code is there, which is loaded when something first uses the list. */
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { LiveRoomList, LiveRoomListPorts } from '../../../client/src/rooms/live-room-list.ts';
import { settle } from '../fake-system.ts';
import { bob, roomId } from '../server-events.ts';
import { ListFixture, mine, otherId } from './list-fixture.ts';

const code = '../../../client/src/rooms/live-room-list.ts';

let fixture: ListFixture;
beforeEach(async () => {
  fixture = new ListFixture({ listOnDemand: true });
  const { client, socket } = fixture.system;
  await client.signIn('ann', 'secret');
  client.connect();
  await settle();
  socket().accept();
  await settle();
});

/** Lets the code arrive when the returned function is called, which resolves when the client has used it. */
function holdCode(): () => Promise<void> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let use = (): void => {};
  const used = new Promise<void>((resolve) => (use = resolve));
  vi.doMock(code, async (importActual) => {
    const actual = await importActual<{ LiveRoomList: typeof LiveRoomList }>();
    await released;
    return {
      LiveRoomList: class extends actual.LiveRoomList {
        constructor(ports: LiveRoomListPorts) {
          super(ports);
          use();
        }
      },
    };
  });
  onTestFinished(() => {
    vi.doUnmock(code);
  });
  return async () => {
    release();
    await used;
    await settle();
  };
}

/** Lets requests of the code fail until `find` is called. */
function loseCode() {
  let requests = 0;
  vi.doMock(code, () => {
    requests += 1;
    throw new TypeError('Failed to fetch dynamically imported module');
  });
  const find = (): void => {
    vi.doUnmock(code);
  };
  onTestFinished(find);
  return { requests: () => requests, find };
}

/** Waits until the list has changed. */
function nextChange(): Promise<void> {
  const { rooms } = fixture.system.client;
  return new Promise((resolve) => {
    const stop = rooms.subscribe(() => {
      stop();
      resolve();
    });
  });
}

const inboxCommands = (): number => fixture.system.socket().ofType('inbox').length;

const { unread_count: _, last_read_message_id: __, last_message: ___, ...details } = mine('third', 'made');

describe('the list of rooms whose code is being loaded', () => {
  test('shows afterwards what has happened until then, over the socket and over HTTP', async () => {
    const arrive = holdCode();
    const { client, answers } = fixture.system;
    client.rooms.subscribe(() => undefined);
    await settle();
    expect(fixture.snapshot()).toMatchObject({ status: 'loading', rooms: [], problem: undefined });
    fixture.listed = [mine('third', 'made'), mine(roomId, 'general')];
    answers.set('POST /chat/rooms/create/', () => Response.json(details, { status: 201 }));
    await client.http.createRoom({ room_name: 'made' });
    await fixture.push({ type: 'room_deleted', room_id: otherId, seq: 9, room: details });
    await arrive();
    expect([inboxCommands(), fixture.loads()]).toEqual([1, 0]);
    await fixture.acceptInbox();
    expect([fixture.names(), fixture.snapshot().status]).toEqual([['made', 'general'], 'live']);
    expect(fixture.loads()).toBe(1);
  });

  test('is the same object until then, also for listeners that come and go at once', async () => {
    const arrive = holdCode();
    const { rooms } = fixture.system.client;
    const before = rooms.getSnapshot();
    let changes = 0;
    rooms.subscribe(() => (changes += 1))();
    rooms.subscribe(() => (changes += 1));
    await arrive();
    expect([changes, inboxCommands()]).toEqual([0, 1]);
    expect(rooms.getSnapshot()).toBe(before);
    await fixture.acceptInbox();
    expect([changes, fixture.loads()]).toEqual([1, 1]);
  });

  test('requests nothing when the last listener is gone by then', async () => {
    const arrive = holdCode();
    fixture.system.client.rooms.subscribe(() => undefined)();
    await fixture.system.clock.advance(2_000);
    await arrive();
    expect([inboxCommands(), fixture.loads()]).toEqual([0, 0]);
    fixture.system.client.rooms.subscribe(() => undefined);
    expect(inboxCommands()).toBe(1);
  });

  test('is that of the user who is signed in by then', async () => {
    const arrive = holdCode();
    const { client, socket } = fixture.system;
    client.rooms.subscribe(() => undefined);
    await settle();
    await client.signOut();
    await arrive();
    expect([fixture.loads(), fixture.snapshot().status]).toEqual([0, 'loading']);
    await client.signIn('bob', 'secret');
    await settle();
    socket().accept();
    await settle();
    await fixture.acceptInbox(bob);
    expect(fixture.snapshot()).toMatchObject({ status: 'live', unread: 3 });
  });

  test('can be requested without a listener', async () => {
    const arrive = holdCode();
    const requested = fixture.system.client.rooms.refresh();
    await arrive();
    await requested;
    expect(fixture.snapshot()).toMatchObject({ status: 'stale', unread: 3 });
    await fixture.system.client.signOut();
    expect(fixture.snapshot()).toMatchObject({ status: 'loading', rooms: [] });
  });
});

describe('the list of rooms whose code cannot be loaded', () => {
  test('shows the problem, requests the code again, and goes on as if nothing had happened', async () => {
    const { requests, find } = loseCode();
    const failed = nextChange();
    fixture.system.client.rooms.subscribe(() => undefined);
    await failed;
    const { status, problem } = fixture.snapshot();
    expect([status, problem?.code, problem?.retryable]).toEqual(['loading', 'unreachable', true]);
    expect(problem?.cause).toBeInstanceOf(Error);
    // The pause doubles with each failure, and ends at random in its second half.
    for (const [delayMs, expected] of [
      [2_000, 2],
      [4_000, 3],
    ] as const) {
      const failedAgain = nextChange();
      await fixture.system.clock.advance(delayMs);
      await failedAgain;
      expect(requests()).toBe(expected);
    }
    find();
    const found = nextChange();
    await fixture.system.clock.advance(8_000);
    await found;
    expect(fixture.snapshot()).toMatchObject({ status: 'loading', problem: undefined });
    await fixture.acceptInbox();
    expect(fixture.snapshot()).toMatchObject({ status: 'live', unread: 3, problem: undefined });
  });

  test('requests the code at once when the network is back, and when the application asks for the list', async () => {
    const { requests, find } = loseCode();
    const { client } = fixture.system;
    await nextChange();
    const failedAgain = nextChange();
    client.reconnectNow();
    await failedAgain;
    await client.rooms.refresh();
    expect([requests(), fixture.snapshot().problem?.code]).toEqual([3, 'unreachable']);
    find();
    await client.rooms.refresh();
    expect([fixture.loads(), fixture.snapshot().rooms.length]).toEqual([1, 2]);
  });

  test('does not request the code again without a listener', async () => {
    const { requests } = loseCode();
    await nextChange();
    await fixture.passAlive(3);
    await vi.dynamicImportSettled();
    expect(requests()).toBe(1);
    expect(fixture.snapshot().problem?.code).toBe('unreachable');
  });
});
