/**
 * What follows the last step: the run comes to rest, rooms are closed, and writers return for what still waits. Each
 * waits for what should come and goes on when it does not, which the evidence shows then.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { storageOutboxStore, type OutboxEntry } from '../../../client/index.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { differenceFrom, isDefinite, isTabSettled } from './check.ts';
import type { PresenceEvidence, RestingView, RoomEvidence, TabEvidence } from './evidence.ts';
import type { Fixture } from './fixture.ts';
import type { Pace } from './pace.ts';
import { isAsExpected, openRooms, readPresence } from './presence.ts';
import type { Device } from './tab.ts';
import type { Users } from './users.ts';
import type { ViewRecorder } from './view-recorder.ts';

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

export interface Settled {
  views: ReadonlyMap<ViewRecorder, RestingView | undefined>;
  tabs: readonly TabEvidence[];
  rooms: readonly RoomEvidence[];
}

/**
 * Waits until every view and client is in a definite state and shows what lies in the table, and gives what it saw
 * last: what is written in the background may change it a moment later.
 */
export async function untilSettled({ users, fixture, pace, patienceMs }: Rest): Promise<Settled> {
  const until = pace.now() + patienceMs;
  await Promise.race([users.tabs.finishBegun(), pace.delay(patienceMs)]);
  for (;;) {
    const rooms = await fixture.readRooms();
    const views = new Map(users.views.map((view) => [view, view.atRest()]));
    const tabs = users.tabs.evidence();
    const areViewsSettled = [...views.values()].every((view) => view === undefined || isSettled(view, rooms));
    if ((areViewsSettled && tabs.every(isTabSettled)) || pace.now() >= until) return { views, tabs, rooms };
    await delay(150);
  }
}

function isSettled(view: RestingView, rooms: readonly RoomEvidence[]): boolean {
  const { status, reason, pending, roomId, messages } = view;
  if (status !== 'live') return isDefinite(status, reason);
  const room = rooms.find((one) => one.roomId === roomId);
  return pending.length === 0 && room !== undefined && differenceFrom(messages, room) === undefined;
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
    const view = users.views.findLast(({ failures }) => failures.has(written.text));
    written.isWaiting = entries.some(({ problem }) => problem === undefined);
    const kept = entries.find(({ problem }) => problem !== undefined);
    written.failedWith = kept?.problem?.code ?? view?.failures.get(written.text);
  }
}

function waitingOn(device: Device): OutboxEntry[] {
  return listOutbox(device).filter(({ problem }) => problem === undefined);
}

/** A store over this kind of storage answers at once. */
function listOutbox({ storage }: Device): OutboxEntry[] {
  return storageOutboxStore(storage).list() as OutboxEntry[];
}
