/** Random schedules of views, messages, tabs and users at latencies of 0 to 2 s, on a simulated clock. */
import { expect, test } from 'vitest';
import { storageOutboxStore, storageTokenStore, type Room } from '../../client/src/index.ts';
import { FakeServer, start, type FakeRoom } from './fake-server.ts';
import { fakeStorage } from './fake-storage.ts';
import { FakeSocket, type FakeSystem } from './fake-system.ts';
import { openFakeBrowser } from './offline/fake-browser.ts';
import { createGenerator } from './random-draws.ts';

interface Written {
  text: string;
  user: string;
  /** The view's room when the text was written, if that was known. */
  roomId: string | undefined;
  /** The name or id that the view was opened with. */
  key: string;
}

/** @param cache whether the tabs keep their rooms in a database that they share */
async function run(seed: number, steps: number, cache: boolean): Promise<string[]> {
  if (cache) openFakeBrowser();
  const draw = createGenerator(seed);
  const server = new FakeServer();
  const log: string[] = [];
  server.latencyMs = () => draw(10) ** 2 * 24;
  const rooms = ['red', 'blue'].map((name) => server.room(name));
  const storage = fakeStorage();
  const tab = (): FakeSystem =>
    server.client({ tokens: storageTokenStore(storage), outbox: storageOutboxStore(storage), cache });
  let tabs = [tab()];
  const views: { room: Room; tab: FakeSystem; key: string }[] = [];
  const written: Written[] = [];
  await start(tabs[0] as FakeSystem);
  let user = 'ann';
  for (let step = 0; step < steps; step += 1) {
    const system = tabs[draw(tabs.length)] as FakeSystem;
    const view = views[draw(Math.max(1, views.length))];
    const room = rooms[draw(rooms.length)] as FakeRoom;
    switch (draw(13)) {
      case 0:
      case 1:
      case 2: {
        const key = [room.id, room.name, room.name.toUpperCase()][draw(3)] as string;
        log.push(`open ${key}`);
        views.push({ room: system.client.room(key), tab: system, key });
        break;
      }
      case 3:
      case 4:
        log.push(`close ${view?.key}`);
        view?.room.close();
        break;
      case 5:
      case 6:
      case 7:
        if (view === undefined) break;
        for (let count = draw(3); count >= 0; count -= 1) {
          const text = `text ${written.length}`;
          const { roomId } = view.room;
          try {
            view.room.send(text);
            written.push({ text, user, roomId, key: view.key });
            log.push(`send ${text} to ${view.key} ${roomId}`);
          } catch {
            log.push(`send to ${view.key} refused`);
          }
        }
        break;
      case 8: {
        log.push('cut');
        const sockets = FakeSocket.all.filter(({ readyState }) => readyState === 1);
        sockets[draw(Math.max(1, sockets.length))]?.cut();
        break;
      }
      case 9:
        if (draw(2) === 0) system.client.disconnect();
        else system.client.connect();
        break;
      case 10:
        log.push('reload');
        system.client.disconnect();
        tabs = [...tabs.filter((other) => other !== system), tab()].slice(-2);
        for (const old of views.splice(0)) if (tabs.includes(old.tab)) views.push(old);
        tabs.at(-1)?.client.connect();
        await tabs.at(-1)?.client.findUser();
        break;
      case 11:
        if (draw(3) > 0) break;
        user = user === 'ann' ? 'bob' : 'ann';
        log.push(`sign in ${user}`);
        await system.client.signIn(user, 'secret');
        break;
      case 12:
        log.push(`rename ${room.name}`);
        room.name = `${room.name.split('-')[0]}-${step}`;
        break;
    }
    await server.pass(draw(4) * 200);
  }
  log.push('rest');
  for (const system of tabs) system.client.connect();
  for (const name of ['ann', 'bob']) {
    await tabs[0]?.client.signIn(name, 'secret');
    for (const system of tabs) await system.client.findUser();
    await server.pass(60_000);
  }
  const faults: string[] = [];
  const stored = server.rooms.flatMap(({ id, texts }) => texts.map((text) => ({ ...text, id })));
  for (const { text, user: author, roomId, key } of written) {
    const found = stored.filter(({ content }) => content === text);
    if (found.length !== 1) faults.push(`${text} for ${key} is stored ${found.length} times`);
    if (found[0] !== undefined && found[0].user !== author)
      faults.push(`${text} of ${author} by ${found[0].user}`);
    if (roomId !== undefined && found[0] !== undefined && found[0].id !== roomId)
      faults.push(`${text} for ${roomId} is in ${found[0].id}`);
  }
  for (const { id, texts } of server.rooms) {
    for (const author of ['ann', 'bob']) {
      const numbers = texts
        .filter((text) => text.user === author)
        .map(({ content }) => Number(content.slice(5)));
      // Two tabs keep their own order each, also while one of them is offline.
      if (tabs.length === 1 && numbers.some((number, index) => number < (numbers[index - 1] ?? -1)))
        faults.push(`${id} holds ${numbers.join()} of ${author}`);
    }
  }
  for (const { room, key } of views) {
    if (!['live', 'closed'].includes(room.status)) faults.push(`${key} is ${room.status}`);
    const shown = room.messages.filter(({ state }) => state === 'sent').map(({ content }) => content);
    const texts = server.rooms.find(({ id }) => id === room.roomId)?.texts.map(({ content }) => content);
    if (room.status === 'live' && shown.join() !== texts?.join())
      faults.push(`${key} shows ${shown.join()} instead of ${texts?.join()}`);
  }
  for (const { room } of views) room.close();
  await server.pass(30_000);
  if (server.present.length > 0) faults.push(`still in ${server.present.join()}`);
  return faults.length === 0 ? [] : [`seed ${seed}`, ...faults, ...log];
}

const runs = Number(process.env['CLIENT_SCHEDULES'] ?? 25);

test.each([
  ['', false],
  [', with rooms that are stored', true],
])(
  'no message is lost, doubled, sent to another room or sent as another user%s',
  async (_, cache) => {
    for (let seed = 1; seed <= runs; seed += 1) expect(await run(seed, 40, cache)).toEqual([]);
  },
  600_000,
);
