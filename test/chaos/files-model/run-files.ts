/** Runs random actions on files, and counts what is promised and does not hold. */
import type { Counts } from '../harness/scenario.ts';
import { change, check, declare, end, newState, post, send } from './files-actions.ts';
import { countAfterDays, countWrong, newWatch, observe, shownIn } from './files-checks.ts';
import { openFilesSystem, type FilesSystem } from './files-system.ts';

const hourMs = 3_600_000;

/** How often each action is taken. */
const actions = [
  [declare, 35],
  [send, 32],
  [check, 8],
  [post, 8],
  [change, 14],
  [end, 3],
] as const;

function someAction(random: () => number) {
  let place = random() * 100;
  for (const [action, share] of actions) if ((place -= share) < 0) return action;
  return declare;
}

export async function runFiles(seed: number, steps: number): Promise<Counts> {
  const watch = newWatch();
  let turn = 0;
  let system: FilesSystem | undefined;
  system = await openFilesSystem(seed, () => {
    // Every moment takes too long to look at, and any may be the one.
    if (system !== undefined && (turn += 1) % 3 === 0) observe(system, watch);
  });
  const state = newState(system);
  for (let step = 0; step < steps; step += 1) {
    const running = Array.from({ length: 1 + system.below(5) }, () => someAction(system.random)(state));
    await system.untilQuiet();
    await Promise.all(running);
    observe(system, watch);
    if (system.random() < 0.2) system.pass(system.below(7) * hourMs);
  }
  await system.untilQuiet();
  const wrong = countWrong(state, watch);
  const shown = shownIn(system).length;
  system.pass(72 * hourMs);
  return {
    done: {
      declared: state.declared.length,
      sent: state.sent.length,
      deleted: state.deleted.size,
      shown,
      purges: state.endedRooms.size,
      erasures: state.endedUsers.size,
      ...system.counts,
    },
    wrong: { ...wrong, ...countAfterDays(system) },
  };
}
