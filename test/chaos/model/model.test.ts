import { describe, expect, it } from 'vitest';
import type { SourcePatch } from '../harness/patched-bundles.ts';
import { runModelScenarios } from '../scenarios/the-model.ts';
import type { Command, ModelScenario } from './commands.ts';
import { loadRunScenario } from './load-scenario.ts';

const patch = (file: string, find: string, replace: string): SourcePatch[] => [{ file, find, replace }];

/** Faults of kinds that scenarios find soon. */
const broken: [string, SourcePatch[]][] = [
  [
    'a message that is acknowledged and not stored',
    patch(
      'shared/domain/messages/send-message.ts',
      'const put = await log.putMessage(entry, contentHash);',
      'const put = head.seq % 5 === 3 ? { stored: true as const } : await log.putMessage(entry, contentHash);',
    ),
  ],
  [
    'a client_id that is ignored',
    patch('shared/storage/log-store.ts', 'if (clientId === undefined) {', 'if (clientId !== "") {'),
  ],
  [
    'a hole that is never filled',
    patch('shared/domain/messages/log-gaps.ts', 'if (clock.now() - gap.at < gapAgeMs)', 'if (gap.at > 0)'),
  ],
  [
    'a socket that is passed over',
    patch(
      'shared/realtime/fan-out.ts',
      'await fanOut(ports, await readSubscribers(ports, roomId, shards), events);',
      'await fanOut(ports, (await readSubscribers(ports, roomId, shards)).slice(0, 2), events);',
    ),
  ],
  [
    'a history that skips an entry',
    patch(
      'shared/realtime/send-history.ts',
      'const firstOmitted = page.entries[events.length];',
      'const firstOmitted = page.entries[events.length]; events.splice(1, 1);',
    ),
  ],
  [
    'a message_count that counts what came to nothing',
    patch('shared/domain/views.ts', 'Math.max(0, head.taken - head.voids)', 'head.taken'),
  ],
  [
    'an unread count that includes own messages',
    patch(
      'shared/domain/messages/unread.ts',
      '[dead.seqs, own.seqs, archivedDead, archivedOwn]',
      '[dead.seqs, archivedDead]',
    ),
  ],
  [
    'an unread count that includes deleted messages',
    patch(
      'shared/domain/messages/unread.ts',
      '[dead.seqs, own.seqs, archivedDead, archivedOwn]',
      '[own.seqs, archivedOwn]',
    ),
  ],
];

const by = { who: 1, room: 0, overHttp: true, death: undefined };
const overlapping = { ...by, overlaps: true };
const calm = { ...by, overlaps: false };
const send: Command = { kind: 'send', key: undefined, otherContent: false, ...calm };

/** Steps that went wrong once, with what made them right. */
const mended: [string, Command[], SourcePatch[]][] = [
  [
    'a socket that leaves a room while it joins it again is not left behind in its subscribers',
    [
      { kind: 'leave', who: 0, room: 0, overlaps: true },
      { kind: 'join', who: 0, room: 0, resume: 'seen', overlaps: false },
    ],
    patch(
      'shared/realtime/open-room.ts',
      'if (access === undefined || current === undefined || open === undefined || open.isRemoved === true) {',
      'if (access === undefined || current === undefined) {',
    ),
  ],
  [
    'somebody who is removed and added at the same time is what the log says last',
    [
      { kind: 'add', target: 2, death: undefined, overlaps: true },
      { kind: 'remove', target: 2, death: undefined, overlaps: false },
    ],
    patch(
      'shared/storage/entities/room.ts',
      '${condition.if} AND (attribute_not_exists(members_seq) OR members_seq < :seq)',
      '${condition.if}',
    ),
  ],
  [
    'nothing happens to a message after its deletion',
    [send, { kind: 'delete', pick: 0, ...overlapping }, { kind: 'edit', pick: 0, ...calm }],
    patch(
      'shared/storage/entities/log-entry.ts',
      'isUnchangedSince(entry.seq),\n      },\n      headSteps.addDeletedMessage',
      'isUnchangedSince(Number.MAX_SAFE_INTEGER),\n      },\n      headSteps.addDeletedMessage',
    ),
  ],
];

/** The first of the orders in which the steps can happen that goes wrong. */
async function findWrong(
  commands: Command[],
  patches: SourcePatch[],
  orders = ordersTried,
): Promise<number | undefined> {
  const runScenario = await loadRunScenario(patches);
  for (let seed = 1; seed <= orders; seed += 1) {
    const scenario: ModelScenario = { commands, seed };
    if ((await runScenario(scenario)).divergences.length > 0) return seed;
  }
  return undefined;
}

const ordersTried = 60;
/** Some go wrong in few of the orders only. */
const ordersSearched = 1_000;

const tell = (seed: number) => runModelScenarios(seed, { scenarios: 4, commands: 20 });

describe('the model', { timeout: 120_000 }, () => {
  it.each(broken)('finds %s', async (_what, patches) => {
    const { divergence } = await runModelScenarios(1, { scenarios: 60, commands: 40 }, patches);
    expect(divergence).toBeDefined();
  });

  it.each(mended)('shows that %s', async (_what, commands, patches) => {
    expect(await findWrong(commands, [])).toBeUndefined();
    expect(await findWrong(commands, patches, ordersSearched)).toBeDefined();
  });

  it('tells the same scenarios for the same seed', async () => {
    const first = await tell(7);
    expect(await tell(7)).toEqual(first);
    expect((await tell(8)).facts).not.toEqual(first.facts);
  });
});
