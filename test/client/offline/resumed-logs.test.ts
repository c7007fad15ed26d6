/** Random logs that two tabs store and resume from, compared with the log of the server. */
import { expect, test } from 'vitest';
import { completeOf } from '../../../client/src/offline/room-cache.ts';
import { RoomDatabase } from '../../../client/src/offline/room-database.ts';
import type { KnownRows } from '../../../client/src/offline/stored-room.ts';
import {
  applyEvent,
  applyHistoryEnd,
  emptyLog,
  shownMessages,
  storedLog,
  type HistoryRequest,
  type LogEvent,
  type RoomLog,
} from '../../../client/src/room-log.ts';
import { createGenerator } from '../random-draws.ts';
import { ann } from '../server-events.ts';
import { ServerLog, type Step } from '../server-log.ts';
import { databaseName, openFakeBrowser } from './fake-browser.ts';

const roomId = '00000000-0000-4000-8000-000000000000';
const limit = 5;

interface TabState {
  log: RoomLog;
  known: KnownRows | undefined;
}

/** Applies an answer of the server. Returns whether it was the last page. */
function resume(tab: TabState, server: ServerLog): boolean {
  const { frontier } = tab.log;
  const request: HistoryRequest =
    frontier === undefined ? { kind: 'newest', limit } : { kind: 'after', after: frontier, limit };
  const { events, end } = server.answer(request);
  for (const event of events) tab.log = applyEvent(tab.log, event);
  tab.log = applyHistoryEnd(tab.log, request, end);
  return request.kind === 'newest' || !end.has_more;
}

async function store(tab: TabState, database: RoomDatabase): Promise<void> {
  const { frontier, floor, hasOlder } = tab.log;
  if (frontier === undefined) return;
  const facts = { room_id: roomId, name: 'x', marker: undefined, readers: new Map() };
  const room = { ...facts, frontier, floor, hasOlder, messages: completeOf(tab.log) };
  const { known } = tab;
  const change = { room, names: [], known, isReset: false, usedAtMs: 0 };
  const rows = await database.write(ann.id, change);
  if (rows === 'foreign') throw new Error('The database belongs to another user.');
  tab.known = rows;
}

async function load(tab: TabState, database: RoomDatabase): Promise<void> {
  const stored = await database.read(ann.id, { roomId, names: [] });
  tab.log = stored === undefined ? emptyLog : storedLog(stored.room);
  tab.known = stored?.known;
}

/** Returns what two tabs show in the end, each with what the server has. */
async function run(seed: number): Promise<{ shown: unknown; expected: unknown }[]> {
  openFakeBrowser();
  const draw = createGenerator(seed);
  const server = new ServerLog();
  const database = await RoomDatabase.open({ name: databaseName, closed: () => {} });
  await database.begin(ann.id);
  const tabs: TabState[] = [0, 1].map(() => ({ log: emptyLog, known: undefined }));
  const deliver = (event: LogEvent): void => {
    for (const tab of tabs) if (draw(4) > 0) tab.log = applyEvent(tab.log, event);
  };
  const kinds: Step['kind'][] = ['message', 'message', 'edit', 'edit', 'delete', 'member', 'void', 'gap'];
  for (let step = 0; step < 60; step += 1) {
    const tab = tabs[draw(2)] as TabState;
    switch (draw(8)) {
      case 0:
        resume(tab, server);
        break;
      case 1:
      case 2:
        await store(tab, database);
        break;
      case 3:
        await load(tab, database);
        break;
      case 4:
        server.fillGaps().forEach(deliver);
        break;
      default: {
        const kind = kinds[draw(kinds.length)] as Step['kind'];
        const event = server.write({ kind, target: draw(9), becomesMessage: draw(2) === 0 });
        if (event !== undefined) deliver(event);
      }
    }
  }
  server.fillGaps();
  const shown = [];
  for (const tab of tabs) {
    await load(tab, database);
    for (let page = 0; page < 100 && !resume(tab, server); page += 1);
    const { floor } = tab.log;
    const expected = server.shown().filter(({ seq }) => seq >= floor);
    shown.push({ shown: shownMessages(tab.log), expected });
  }
  database.close();
  return shown;
}

test('a log that was stored by either of two tabs and resumed is the log of the server', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    for (const { shown, expected } of await run(seed))
      expect({ seed, shown }).toEqual({ seed, shown: expected });
  }
});
