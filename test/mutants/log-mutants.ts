/** Mutants that break what is promised for messages and the log of a room. */

import { acknowledgedMeansDurable } from '../chaos/scenarios/acknowledged-means-durable.ts';
import { atLeastOnceDelivery } from '../chaos/scenarios/at-least-once-delivery.ts';
import { lateWriters } from '../chaos/scenarios/late-writers.ts';
import { noLastingGap } from '../chaos/scenarios/no-lasting-gap.ts';
import { oneOrder } from '../chaos/scenarios/one-order.ts';
import { repeatedSends } from '../chaos/scenarios/repeated-sends.ts';
import { failingSockets } from '../chaos/scenarios/failing-sockets.ts';
import { searchDeleted } from '../chaos/scenarios/search-deleted.ts';
import type { Mutant } from './mutant.ts';
import { replacing } from './replacing.ts';

/** How long clients may take to receive everything. Short, because with a defect most of them never do. */
const patienceMs = 3_500;

export const logMutants: readonly Mutant[] = [
  {
    defect: 'acknowledges a message before it is stored',
    replacement: replacing('shared/storage/log-store.ts', 'acknowledge-before-storing.ts'),
    scenario: acknowledgedMeansDurable,
    adjust: { patienceMs, rooms: 1, typedPerRoom: 0, sendsPerClient: 6, probability: 0.3 },
    shownBy: ['lost'],
  },
  {
    defect: 'ignores the client_id of a message',
    replacement: replacing('shared/storage/log-store.ts', 'ignore-client-id.ts'),
    scenario: repeatedSends,
    adjust: { clientIdsPerSender: 10 },
    shownBy: ['doubled'],
  },
  {
    defect: 'skips an entry in a history',
    replacement: replacing('shared/realtime/send-history.ts', 'skip-in-history.ts'),
    scenario: oneOrder,
    adjust: { patienceMs, clientsPerRoom: 2, stepsPerClient: 8 },
    shownBy: ['missed'],
  },
  {
    defect: 'sends frames with another seq than the log has',
    replacement: replacing('shared/realtime/frames.ts', 'misnumber-frames.ts'),
    scenario: oneOrder,
    adjust: { patienceMs, clientsPerRoom: 2, stepsPerClient: 8 },
    shownBy: ['outOfOrder'],
  },
  {
    defect: 'never fills a gap',
    replacement: replacing('shared/domain/thresholds.ts', 'never-fill-gaps.ts'),
    scenario: noLastingGap,
    adjust: { patienceMs },
    shownBy: ['unfilled'],
  },
  {
    defect: 'acknowledges the message of a writer whose gap has been filled',
    replacement: replacing('shared/storage/log-store.ts', 'report-taken-seq-as-stored.ts'),
    scenario: lateWriters,
    adjust: { patienceMs },
    shownBy: ['lost'],
  },
  {
    defect: 'overwrites a void entry with the message of a late writer',
    replacement: replacing('shared/storage/log-store.ts', 'overwrite-void-entries.ts'),
    scenario: lateWriters,
    adjust: { patienceMs, lateWriters: 24, sendsPerClient: 16 },
    shownBy: ['miscounted'],
  },
  {
    defect: 'reports no failed record of the table stream',
    replacement: replacing('functions/table-stream/handle-batch.ts', 'report-no-failures.ts'),
    scenario: atLeastOnceDelivery,
    adjust: { patienceMs, messages: 12, subscribersOfLargeRoom: 2 },
    shownBy: ['poisonNotStored'],
  },
  {
    defect: 'skips some subscribers in a fan-out without reporting it',
    replacement: replacing('shared/realtime/send-events.ts', 'skip-some-posts.ts'),
    scenario: atLeastOnceDelivery,
    adjust: { patienceMs, messages: 40, subscribersOfLargeRoom: 2 },
    shownBy: ['notReceived'],
  },
  {
    defect: 'continues a history after a frame that was not delivered',
    replacement: replacing('shared/realtime/send-events.ts', 'continue-after-failed-post.ts'),
    scenario: failingSockets,
    adjust: { patienceMs, newcomers: 24, sendsPerClient: 4 },
    shownBy: ['missed'],
  },
  {
    defect: 'searches on a replica that lags behind',
    replacement: replacing('shared/domain/search/room-reading.ts', 'search-on-a-lagging-replica.ts'),
    scenario: searchDeleted,
    adjust: { messagesPerRoom: 8, probability: 0 },
    shownBy: ['goneFound'],
  },
  {
    defect: 'searches deleted messages, too',
    replacement: replacing('shared/domain/search/criteria.ts', 'search-deleted-messages.ts'),
    scenario: searchDeleted,
    adjust: { messagesPerRoom: 8, probability: 0 },
    shownBy: ['goneFound'],
  },
];
