/** Unsent messages keep the order of writing, whatever the clock says and however many tabs share the outbox. */
import { expect, test } from 'vitest';
import { storageOutboxStore } from '../../client/src/index.ts';
import { FakeServer, start } from './fake-server.ts';
import { fakeStorage } from './fake-storage.ts';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

async function offline(options: { storage: ReturnType<typeof fakeStorage>; server?: FakeServer }) {
  const server = options.server ?? new FakeServer();
  const system = server.client({ outbox: storageOutboxStore(options.storage) });
  await system.client.signIn('ann', 'secret');
  return { server, system, room: system.client.room('x') };
}

test('messages written in one tick are sent in their order after a reload', async () => {
  const storage = fakeStorage();
  const before = await offline({ storage });
  before.server.room('x');
  for (const line of lines(12)) before.room.send(line);
  const { server } = before;
  await start(server.client({ outbox: storageOutboxStore(storage) }));
  await server.pass(20_000);
  expect(server.texts('x')).toEqual(lines(12));
});

test('a clock that is set back does not change the order', async () => {
  const storage = fakeStorage();
  const { server, system, room } = await offline({ storage });
  server.room('x');
  room.send('line 1');
  const now = system.clock.now();
  system.clock.now = () => now - 3_600_000;
  room.send('line 2');
  await start(server.client({ outbox: storageOutboxStore(storage) }));
  system.clock.now = () => now;
  await server.pass(5_000);
  expect(server.texts('x')).toEqual(lines(2));
});

test('messages written after a reload come after those kept in the store, also after another reload', async () => {
  const storage = fakeStorage();
  const first = await offline({ storage });
  first.server.room('x');
  for (const line of ['line 1', 'line 2']) first.room.send(line);
  const { server } = first;
  const second = await offline({ storage, server });
  // The client has not read the outbox yet.
  second.room.send('line 3');
  const third = await offline({ storage, server });
  third.room.send('line 4');
  await start(server.client({ outbox: storageOutboxStore(storage) }));
  await server.pass(9_000);
  expect(server.texts('x')).toEqual(lines(4));
});

test('messages of two tabs that share the outbox are sent in the order of writing', async () => {
  const storage = fakeStorage();
  const one = await offline({ storage });
  one.server.room('x');
  const { server } = one;
  const two = await offline({ storage, server });
  for (const [index, line] of lines(6).entries()) (index % 2 === 0 ? one : two).room.send(line);
  await start(server.client({ outbox: storageOutboxStore(storage) }));
  await server.pass(20_000);
  expect(server.texts('x')).toEqual(lines(6));
});

test('a message that another tab discarded is not sent', async () => {
  const storage = fakeStorage();
  const one = await offline({ storage });
  one.server.room('x');
  const { server } = one;
  one.room.send('regretted');
  const two = await offline({ storage, server });
  await server.pass(100);
  one.room.discard(one.room.messages[0]?.client_id ?? '');
  two.system.client.connect();
  await server.pass(3_000);
  expect(server.texts('x')).toEqual([]);
  expect(two.room.messages).toEqual([]);
});
