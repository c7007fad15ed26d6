/** The list of the user's rooms, as it is shown after a reload before the server answers. */
import { beforeEach, expect, test } from 'vitest';
import { memoryTokenStore } from '../../../client/src/index.ts';
import { createFakeSystem, type FakeSystem } from '../fake-system.ts';
import { mine as listedRoom } from '../rooms/list-fixture.ts';
import { ann, roomId } from '../server-events.ts';
import { openDatabase, openFakeBrowser, until } from './fake-browser.ts';

const list = 'GET /chat/rooms/mine/';
const otherId = '11111111-1111-4111-8111-222222222222';

const mine = (id: string, name: string) => listedRoom(id, name, { unread_count: 3 });

beforeEach(() => void openFakeBrowser());

const names = ({ client }: FakeSystem): string[] =>
  client.rooms.getSnapshot().rooms.map(({ room_name }) => room_name);

/** A device on which the list was loaded. */
async function createDevice() {
  const tokens = memoryTokenStore();
  const load = (): FakeSystem => createFakeSystem({ tokens, cache: true });
  const system = load();
  system.answers.set(list, () => Response.json([mine(roomId, 'general'), mine(otherId, 'other')]));
  await system.client.signIn('ann', 'secret');
  system.client.rooms.subscribe(() => {});
  await system.clock.advance(300);
  await until(() => expect(names(system)).toEqual(['general', 'other']));
  const database = await openDatabase();
  await until(async () => {
    await system.clock.advance(500);
    expect(await database.readList(ann.id)).toHaveLength(2);
  });
  return { load, system, database };
}

/** Loads the page again without a network. */
async function reloadOffline(load: () => FakeSystem): Promise<FakeSystem> {
  const system = load();
  system.answers.set(list, undefined);
  system.client.rooms.subscribe(() => {});
  await system.client.findUser();
  return system;
}

test('the list shows the stored rooms as stale without a network, and those of the server later', async () => {
  const { load } = await createDevice();
  const system = await reloadOffline(load);
  await until(() => expect(names(system)).toEqual(['general', 'other']));
  expect(system.client.rooms.getSnapshot()).toMatchObject({ status: 'stale', unread: 6 });
  system.answers.set(list, () => Response.json([mine(otherId, 'renamed')]));
  await system.client.rooms.refresh();
  expect(names(system)).toEqual(['renamed']);
});

test('a room that the user was removed from is not in the stored list', async () => {
  const { load, database } = await createDevice();
  await database.remove(ann.id, roomId);
  const system = await reloadOffline(load);
  await until(() => expect(names(system)).toEqual(['other']));
});

test('the list is removed when the user signs out', async () => {
  const { load, system, database } = await createDevice();
  await system.client.signOut();
  expect(await database.readList(ann.id)).toBeUndefined();
  const after = await reloadOffline(load);
  await after.client.signIn('ann', 'secret');
  await after.clock.advance(1_000);
  expect(names(after)).toEqual([]);
});
