/** Builds with one deliberate defect each, with the scenario that must find it and the counts that show it. */

import type { SourcePatch } from '../chaos/harness/patched-bundles.ts';
import type { Scenario } from '../chaos/harness/scenario.ts';
import { acknowledgedMeansDurable } from '../chaos/scenarios/acknowledged-means-durable.ts';
import { atLeastOnceIsEnough } from '../chaos/scenarios/at-least-once-is-enough.ts';
import { lateWriters } from '../chaos/scenarios/late-writers.ts';
import { noHoleThatLasts } from '../chaos/scenarios/no-hole-that-lasts.ts';
import { oneOrder } from '../chaos/scenarios/one-order.ts';
import { repeatsAreOne } from '../chaos/scenarios/repeats-are-one.ts';
import { troubledSockets } from '../chaos/scenarios/troubled-sockets.ts';

export interface BrokenBuild {
  /** Completes "a build whose …", as in "a build whose history skips an entry". */
  whose: string;
  patches: readonly SourcePatch[];
  scenario: Scenario<any>;
  /** Options of the scenario's short size that are enough to show the defect. */
  adjust?: Record<string, number>;
  /** Counts that must not be zero. */
  shownBy: readonly string[];
}

export const brokenBuilds: readonly BrokenBuild[] = [
  {
    whose: 'send is acknowledged before it is stored',
    patches: [
      {
        file: 'shared/domain/messages/send-message.ts',
        find: 'const put = await log.putMessage(entry, contentHash);',
        replace: `const put = { stored: true, contentHash, seq: 0, reason: '' };
          setTimeout(() => log.putMessage(entry, contentHash).catch(() => {}), 40);`,
      },
    ],
    scenario: acknowledgedMeansDurable,
    adjust: { rooms: 1, typedPerRoom: 0, sendsPerClient: 6, probability: 0.3 },
    shownBy: ['lost'],
  },
  {
    whose: 'send ignores the client_id',
    patches: [
      {
        file: 'shared/storage/log-store.ts',
        find: 'if (clientId === undefined) {',
        replace: 'if (entry.seq > 0) {',
      },
    ],
    scenario: repeatsAreOne,
    adjust: { clientIdsPerSender: 10 },
    shownBy: ['doubled'],
  },
  {
    whose: 'history skips an entry',
    patches: [
      {
        file: 'shared/realtime/send-history.ts',
        find: 'const query = { roomId: head.roomId, limit, select: isVisible, head, budget };',
        replace: `const select = (entry) => isVisible(entry) && entry.seq % 3 !== 0;
          const query = { roomId: head.roomId, limit, select, head, budget };`,
      },
    ],
    scenario: oneOrder,
    adjust: { clientsPerRoom: 2, stepsPerClient: 8 },
    shownBy: ['missed'],
  },
  {
    whose: 'frames name another seq than the log',
    patches: [
      {
        file: 'shared/realtime/frames.ts',
        find: `    seq: entry.seq,
    message: entry.isDeleted ? deletedContent : entry.content,`,
        replace: `    seq: entry.seq % 5 === 0 ? entry.seq - 1 : entry.seq,
    message: entry.isDeleted ? deletedContent : entry.content,`,
      },
    ],
    scenario: oneOrder,
    adjust: { clientsPerRoom: 2, stepsPerClient: 8 },
    shownBy: ['outOfOrder'],
  },
  {
    whose: 'gaps are never filled',
    patches: [
      {
        file: 'shared/domain/messages/log-gaps.ts',
        find: 'if (clock.now() - gap.at < gapAgeMs) return',
        replace: 'if (gap.from > 0) return',
      },
    ],
    scenario: noHoleThatLasts,
    shownBy: ['unfilled'],
  },
  {
    whose: 'late writer believes that it has stored its entry',
    patches: [
      {
        file: 'shared/domain/messages/send-message.ts',
        find: "if (put.reason === 'seq_taken') return 'seq_taken';",
        replace: "if (put.reason === 'seq_taken') return { entry, duplicate: false };",
      },
    ],
    scenario: lateWriters,
    shownBy: ['lost'],
  },
  {
    whose: 'late writer overwrites the void entry',
    patches: [
      {
        file: 'shared/storage/entities/log-entry.ts',
        find: 'table.transact([putNew(entry), { put: sendKey, condition: isNew }])',
        replace: 'table.transact([{ put: entryItem(entry) }, { put: sendKey, condition: isNew }])',
      },
    ],
    scenario: lateWriters,
    adjust: { lateWriters: 24, sendsPerClient: 16 },
    shownBy: ['miscounted'],
  },
  {
    whose: 'table stream never reports a failure',
    patches: [
      {
        file: 'functions/table-stream/index.ts',
        find: 'failed.map((itemIdentifier) => ({ itemIdentifier }))',
        replace: '[]',
      },
    ],
    scenario: atLeastOnceIsEnough,
    adjust: { messages: 12, subscribersOfLargeRoom: 2 },
    shownBy: ['poisonNotAlone'],
  },
  {
    whose: 'fan-out skips a socket now and then',
    patches: [
      {
        file: 'shared/realtime/fan-out.ts',
        find: '      await sendToRecipient(ports, recipient, frames);',
        replace: `      globalThis.posts = (globalThis.posts ?? 0) + 1;
      if (globalThis.posts % 6 !== 0) await sendToRecipient(ports, recipient, frames);`,
      },
    ],
    scenario: atLeastOnceIsEnough,
    adjust: { messages: 40, subscribersOfLargeRoom: 2 },
    shownBy: ['unheard'],
  },
  {
    whose: 'history continues after a frame that was not delivered',
    patches: [
      {
        file: 'shared/realtime/send-events.ts',
        find: "if (outcome !== 'sent') return outcome;",
        replace: "if (outcome === 'gone') return outcome;",
      },
    ],
    scenario: troubledSockets,
    adjust: { newcomers: 24, sendsPerClient: 4 },
    shownBy: ['missed'],
  },
];
