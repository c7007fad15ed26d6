/** One run: carries out a schedule, waits until everything has settled, and collects the evidence. */

import { setTimeout as delay } from 'node:timers/promises';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Evidence } from './evidence.ts';
import { createFixture } from './fixture.ts';
import { Pace } from './pace.ts';
import { drainOutboxes, recordOutboxes, untilSettled, watchPresence, type Rest } from './rest.ts';
import type { Schedule } from './schedule.ts';
import type { Breakage } from './tab.ts';
import { Users } from './users.ts';

export interface RunOptions {
  runtime: FaultyRuntime;
  schedule: Schedule;
  /** Called for each tab. */
  breakage?: (() => Breakage) | undefined;
  /** Whether the tabs of a device share a socket; by default false. */
  sharesConnection?: boolean | undefined;
}

/** A view that has not settled after this counts as stuck; in the run's time. */
const settleTimeoutMs = 90_000;

export async function runSchedule({
  runtime,
  schedule,
  breakage,
  sharesConnection = false,
}: RunOptions): Promise<Evidence> {
  const fixture = await createFixture(runtime, schedule.seed);
  const pace = new Pace();
  const following = pace.follow(runtime, fixture.observer);
  const users = new Users({ runtime, fixture, schedule, pace, breakage, sharesConnection });
  const rest: Rest = { users, fixture, pace, settleTimeoutMs };
  try {
    await users.tabs.openFirstTabs();
    for (const step of schedule.steps) {
      users.perform(step);
      if (step.pauseMs > 0) await delay(step.pauseMs);
    }
    users.tabs.endFaults();
    const settled = await untilSettled(rest);
    const presence = await watchPresence(runtime, rest);
    await drainOutboxes(rest);
    recordOutboxes(users);
    return {
      texts: users.texts,
      rooms: await fixture.readRooms(),
      roomsAtRest: settled.rooms,
      views: users.views.map((view) => view.evidence(settled.views.get(view))),
      tabs: settled.tabs,
      presence,
    };
  } finally {
    users.stop();
    pace.stop();
    await following;
  }
}
