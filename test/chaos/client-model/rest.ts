/**
 * What follows the last step: waiting until everything has settled, closing all rooms, and letting authors come back
 * for unsent texts. Each wait is bounded; the evidence shows what did not happen in time.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { storageOutboxStore, type OutboxEntry } from '../../../client/src/index.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { differenceFrom, isDefinite, isTabSettled } from './check-views.ts';
import type { PresenceEvidence, RestingView, RoomEvidence, TabEvidence } from './evidence.ts';
import type { Fixture } from './fixture.ts';
import type { Pace } from './pace.ts';
import { isAsExpected, readPresence, usersByOpenRoom } from './presence.ts';
import type { Device } from './tab.ts';
import type { Users } from './users.ts';
import type { ViewRecorder } from './view-recorder.ts';

const presenceTimeoutMs = 25_000;
/** Tabs from this number on are used by no step. */
const firstReturningTab = 100;

export interface Rest {
  users: Users;
  fixture: Fixture;
  pace: Pace;
  /** In the run's time. */
  settleTimeoutMs: number;
}

export interface Settled {
  views: ReadonlyMap<ViewRecorder, RestingView | undefined>;
  tabs: readonly TabEvidence[];
  rooms: readonly RoomEvidence[];
}

/**
 * Waits until every view and client is in a definite state and shows the content of the table. Returns what it saw
 * last, since later writes in the background may change it.
 */
export async function untilSettled({ users, fixture, pace, settleTimeoutMs }: Rest): Promise<Settled> {
  const deadlineMs = pace.now() + settleTimeoutMs;
  await Promise.race([users.tabs.finishTracked(), pace.delay(settleTimeoutMs)]);
  for (;;) {
    const rooms = await fixture.readRooms();
    const views = new Map(users.views.map((view) => [view, view.atRest()]));
    const tabs = users.tabs.evidence();
    const areViewsSettled = [...views.values()].every((view) => view === undefined || isSettled(view, rooms));
    if ((areViewsSettled && tabs.every(isTabSettled)) || pace.now() >= deadlineMs)
      return { views, tabs, rooms };
    await delay(150);
  }
}

function isSettled(view: RestingView, rooms: readonly RoomEvidence[]): boolean {
  const { status, reason, pending, roomId, messages } = view;
  if (status !== 'live') return isDefinite(status, reason);
  const room = rooms.find((one) => one.roomId === roomId);
  return pending.length === 0 && room !== undefined && differenceFrom(messages, room) === undefined;
}

/** Reads the users present in each room, before and after all clients close their rooms. */
export async function watchPresence(
  runtime: FaultyRuntime,
  { users, fixture, pace }: Rest,
): Promise<PresenceEvidence[]> {
  const rooms = (await fixture.readRooms()).filter(({ isDeleted }) => !isDeleted);
  const waitForPresence = async (
    when: PresenceEvidence['when'],
    expect: () => Map<string, Set<string>>,
  ): Promise<PresenceEvidence[]> => {
    const deadlineMs = pace.now() + presenceTimeoutMs;
    for (;;) {
      const presence = await readPresence({ runtime, fixture, rooms, expected: expect(), when });
      if (presence.every(isAsExpected) || pace.now() >= deadlineMs) return presence;
      await delay(100);
    }
  };
  const open = await waitForPresence('while rooms are open', () => usersByOpenRoom(users));
  closeRooms(users);
  return [...open, ...(await waitForPresence('after all rooms were closed', () => new Map()))];
}

function closeRooms(users: Users): void {
  for (const view of users.views) if (view.isOpen) view.close();
  // A client also opens rooms by itself, to send what waits for them.
  for (const { client } of users.tabs.open.values())
    for (const room of client.getSnapshot().rooms) room.close();
}

/** Signs each author in again on the device that holds unsent texts of theirs, until those are sent. */
export async function drainOutboxes({ users, fixture, pace, settleTimeoutMs }: Rest): Promise<void> {
  for (const slot of users.tabs.open.keys()) users.closeTab(slot);
  await Promise.all(users.tabs.devices.map((device) => drain(device)));

  async function drain(device: Device): Promise<void> {
    for (const { id, username, password } of fixture.users) {
      const hasUnsent = (): boolean => waitingOn(device).some(({ user_id }) => user_id === id);
      if (!hasUnsent()) continue;
      const slot = firstReturningTab + device.number;
      await users.tabs.add(slot, device).client.signIn(username, password);
      const deadlineMs = pace.now() + settleTimeoutMs;
      while (hasUnsent() && pace.now() < deadlineMs) await delay(50);
      users.closeTab(slot);
    }
  }
}

/** Records for each text whether it still waits or has failed, from the outboxes and views. */
export function recordOutboxes(users: Users): void {
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

/** A store over this storage answers at once. */
function listOutbox({ storage }: Device): OutboxEntry[] {
  return storageOutboxStore(storage).list() as OutboxEntry[];
}
