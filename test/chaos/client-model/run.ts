/** One run: a schedule carried out, then rest, and what it left behind. */

import { setTimeout as delay } from 'node:timers/promises';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Evidence } from './evidence.ts';
import { createFixture } from './fixture.ts';
import { Pace } from './pace.ts';
import { drainOutboxes, noteOutboxes, untilSettled, watchPresence, type Rest } from './rest.ts';
import type { Schedule } from './schedule.ts';
import type { Breakage } from './tab.ts';
import { Users } from './users.ts';

export interface RunOptions {
  runtime: FaultyRuntime;
  schedule: Schedule;
  /** Made anew for each tab. */
  breakage?: (() => Breakage) | undefined;
}

/** After this, in the run's time, what has not come to rest counts as stuck. */
const patienceMs = 90_000;

export async function runSchedule({ runtime, schedule, breakage }: RunOptions): Promise<Evidence> {
  const fixture = await createFixture(runtime, schedule.seed);
  const pace = new Pace();
  const following = pace.follow(runtime, fixture.observer);
  const users = new Users({ runtime, fixture, schedule, pace, breakage });
  const rest: Rest = { users, fixture, pace, patienceMs };
  try {
    await users.tabs.start();
    for (const step of schedule.steps) {
      users.perform(step);
      if (step.pauseMs > 0) await delay(step.pauseMs);
    }
    users.tabs.calm();
    const settled = await untilSettled(rest);
    const presence = await watchPresence(runtime, rest);
    await drainOutboxes(rest);
    noteOutboxes(users);
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
