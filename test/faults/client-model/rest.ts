/**
 * What follows the last step: the run comes to rest, rooms are closed, and writers return for what still waits. Each
 * waits for what should come and goes on when it does not, which the evidence shows then.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { storageOutboxStore, type OutboxEntry } from '../../../client/index.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { differenceFrom, isDefinite } from './check.ts';
import type { PresenceEvidence, RestingView } from './evidence.ts';
import type { Fixture } from './fixture.ts';
import type { Pace } from './pace.ts';
import { isAsExpected, openRooms, readPresence } from './presence.ts';
import type { Device } from './tab.ts';
import type { Users } from './users.ts';

const presencePatienceMs = 25_000;
/** The numbers of tabs that no step uses. */
const returningTabs = 100;

export interface Rest {
  users: Users;
  fixture: Fixture;
  pace: Pace;
  /** Of the run's time. */
  patienceMs: number;
}

/** Waits until every view and client is in a definite state and shows what lies in the table. */
export async function untilSettled({ users, fixture, pace, patienceMs }: Rest): Promise<void> {
  const until = pace.now() + patienceMs;
  await Promise.race([users.tabs.finishBegun(), delay(pace.real(patienceMs))]);
  while (pace.now() < until) {
    const views = users.views.flatMap((view) => view.atRest() ?? []);
    const live = views.filter(({ status }) => status === 'live');
    const isQuiet =
      views.every(({ status, reason }) => isDefinite(status, reason)) &&
      live.every(({ pending }) => pending.length === 0) &&
      [...users.tabs.open.values()].every(({ client }) => ['live', 'signed-out'].includes(client.state));
    if (isQuiet && (await areCurrent(live, fixture))) return;
    await delay(100);
  }
}

async function areCurrent(views: readonly RestingView[], fixture: Fixture): Promise<boolean> {
  const roomIds = [...new Set(views.flatMap(({ roomId }) => roomId ?? []))];
  const logs = await Promise.all(roomIds.map((roomId) => fixture.readLog(roomId)));
  return views.every(({ roomId, messages }) => {
    const log = logs[roomIds.indexOf(roomId ?? '')];
    return log !== undefined && differenceFrom(messages, { label: '', log }) === undefined;
  });
}

/** Who is shown in each room, before and after every client closes its rooms. */
export async function watchPresence(
  runtime: FaultyRuntime,
  { users, fixture, pace }: Rest,
): Promise<PresenceEvidence[]> {
  const rooms = (await fixture.readRooms()).filter(({ isDeleted }) => !isDeleted);
  const look = async (
    when: PresenceEvidence['when'],
    expect: () => Map<string, Set<string>>,
  ): Promise<PresenceEvidence[]> => {
    const until = pace.now() + presencePatienceMs;
    for (;;) {
      const presence = await readPresence({ runtime, fixture, rooms, expected: expect(), when });
      if (presence.every(isAsExpected) || pace.now() >= until) return presence;
      await delay(100);
    }
  };
  const open = await look('while rooms are open', () => openRooms(users));
  closeRooms(users);
  return [...open, ...(await look('after all rooms were closed', () => new Map()))];
}

function closeRooms(users: Users): void {
  for (const view of users.views) if (view.isOpen) view.close();
  // Those that a client opened by itself, to send what waited for them.
  for (const { client } of users.tabs.open.values())
    for (const room of client.getSnapshot().rooms) room.close();
}

/** What still waits is sent when its writer comes back to the device. */
export async function drainOutboxes({ users, fixture, pace, patienceMs }: Rest): Promise<void> {
  for (const slot of users.tabs.open.keys()) users.closeTab(slot);
  await Promise.all(users.tabs.devices.map((device) => drain(device)));

  async function drain(device: Device): Promise<void> {
    for (const { id, username, password } of fixture.users) {
      const isWaiting = (): boolean => waitingOn(device).some(({ user_id }) => user_id === id);
      if (!isWaiting()) continue;
      const slot = returningTabs + device.number;
      await users.tabs.add(slot, device).client.signIn(username, password);
      const until = pace.now() + patienceMs;
      while (isWaiting() && pace.now() < until) await delay(50);
      users.closeTab(slot);
    }
  }
}

/** Writes down what became of each text, as the outboxes and views have it. */
export function noteOutboxes(users: Users): void {
  for (const written of users.texts) {
    const entries = users.tabs.devices.flatMap(listOutbox).filter(({ content }) => content === written.text);
    const view = users.views.findLast(({ failed }) => failed.has(written.text));
    written.isWaiting = entries.some(({ problem }) => problem === undefined);
    written.hasFailed =
      entries.some(({ problem }) => problem !== undefined) || view?.failed.get(written.text) === true;
  }
}

function waitingOn(device: Device): OutboxEntry[] {
  return listOutbox(device).filter(({ problem }) => problem === undefined);
}

/** A store over this kind of storage answers at once. */
function listOutbox({ storage }: Device): OutboxEntry[] {
  return storageOutboxStore(storage).list() as OutboxEntry[];
}
