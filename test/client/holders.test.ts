/** Holders of one room: each opens and closes it for itself, at any moment and latency. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Room } from '../../client/src/index.ts';
import { FakeServer, start } from './fake-server.ts';
import { FakeSocket, type FakeSystem } from './fake-system.ts';
import { createGenerator } from './random-draws.ts';
import { ann } from './server-events.ts';

let server: FakeServer;
let system: FakeSystem;

beforeEach(async () => {
  server = new FakeServer();
  system = server.client();
  server.room('x');
  await start(system);
  await server.pass(1_000);
});

const count = (type: string): number => server.received.filter((frame) => frame.type === type).length;

test('a room is left a second after its last holder has closed it', async () => {
  const [one, two] = [system.client.room('x'), system.client.room('x')];
  await server.pass(1_000);
  one.close();
  one.close();
  await server.pass(2_000);
  expect([one.status, two.status, count('leave')]).toEqual(['closed', 'live', 0]);
  two.close();
  await server.pass(900);
  expect(server.present).toEqual(['x']);
  await server.pass(500);
  expect(server.present).toEqual([]);
});

test('a room that is opened again within a second is neither left nor joined, and is live at once', async () => {
  for (const pauseMs of [0, 100, 900]) {
    const room = system.client.room('x');
    await server.pass(1_000);
    room.close();
    await server.pass(pauseMs);
    const again = system.client.room('x');
    expect(again.status).toBe('live');
    again.close();
  }
  await server.pass(900);
  expect([count('join'), count('leave')]).toEqual([1, 0]);
});

test('a view in the list of rooms shows the room while it is open, and closing it closes no holder’s view', async () => {
  const room = system.client.room('x');
  await server.pass(1_000);
  const [listed] = system.client.getSnapshot().rooms;
  const stop = listed?.subscribe(() => {});
  listed?.close();
  expect([room.status, listed?.status]).toEqual(['live', 'live']);
  room.close();
  await server.pass(2_000);
  expect([listed?.status, server.present]).toEqual(['closed', []]);
  stop?.();
});

test('a room that is opened again while its removed core is being left is joined after that', async () => {
  const { id } = server.room('y', { isPrivate: true });
  const removed = system.client.room(id);
  await server.pass(1_000);
  server.latencyMs = ({ type }) => (type === 'leave' ? 1_500 : 100);
  const entry = (type: string, seq: number) => ({
    type,
    room_id: id,
    seq,
    member: { ...ann, role: 'member' },
  });
  system.socket().push(entry('member_removed', 1));
  expect(removed.status).toBe('closed');
  const again = system.client.room(id);
  await server.pass(4_000);
  expect([again.status, server.present]).toEqual(['live', ['y']]);
});

describe('a leave whose answer is lost', () => {
  beforeEach(async () => {
    server.room('y');
    system.client.room('y');
    const room = system.client.room('x');
    await server.pass(1_000);
    let hasLost = false;
    server.loses = ({ type }) => type === 'left' && !hasLost && (hasLost = true);
    room.close();
    await server.pass(1_500);
  });

  test('holds the room up for ten seconds, and ends no socket', async () => {
    const again = system.client.room('x');
    await server.pass(10_500);
    expect([again.status, server.present, FakeSocket.all.length]).toEqual(['live', ['x', 'y'], 1]);
  });

  test('is repeated, and ends no socket', async () => {
    await server.pass(30_000);
    expect([count('leave'), server.present, FakeSocket.all.length]).toEqual([2, ['y'], 1]);
    const again = system.client.room('x');
    await server.pass(1_000);
    expect(again.status).toBe('live');
  });
});

test('a room that is open last is live soon and keeps its socket, however it was opened and closed before', async () => {
  const faults: string[] = [];
  for (let seed = 1; seed <= 60; seed += 1) faults.push(...(await run(seed)));
  expect(faults).toEqual([]);
}, 60_000);

/** Opens, closes and subscribes 30 times in one schedule. Returns what was late or lost. */
async function run(seed: number): Promise<string[]> {
  const draw = createGenerator(seed);
  const pick = <T>(values: readonly T[]): T => values[draw(values.length)] as T;
  const own = new FakeServer();
  const { client } = own.client();
  const rooms = ['x', 'y'].map((name) => own.room(name));
  const maxLatencyMs = pick([0, 50, 200, 1_000]);
  const isEven = draw(2) === 0;
  own.latencyMs = () => (isEven ? maxLatencyMs : draw(maxLatencyMs + 1));
  await start({ client });
  await own.pass(500);
  const views: Room[] = [];
  const steps: string[] = [];
  for (let step = 0; step < 30; step += 1) {
    const view = views.length === 0 ? undefined : pick(views);
    const kind = pick(['open', 'open', 'open', 'close', 'close', 'subscribe']);
    steps.push(kind);
    if (kind === 'open') views.push(client.room(pick(['x', 'y', 'X', rooms[0]?.id ?? ''])));
    else if (kind === 'close') view?.close();
    else {
      const stop = view?.subscribe(() => {});
      if (draw(2) === 0) stop?.();
    }
    if (draw(3) > 0) continue;
    const pauseMs = pick([20, 100, 980, 1_000, 1_020, 1_200, 3_000]);
    steps.push(`${pauseMs} ms`);
    await own.pass(pauseMs);
  }
  const last = client.room('x');
  // A leave or join that is under way, a leave of the other room, and the join.
  const boundMs = 6 * maxLatencyMs + 200;
  await own.pass(boundMs);
  const { status } = last;
  const sockets = FakeSocket.all.length;
  client.disconnect();
  if (status === 'live' && sockets === 1) return [];
  return [`seed ${seed}: ${status} after ${boundMs} ms, ${sockets} sockets (${steps.join(', ')})`];
}
