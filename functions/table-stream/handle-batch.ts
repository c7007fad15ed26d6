/** Handles one batch of the table stream: the changes of one thing in their order, different things concurrently. */
import type { DynamoDBRecord } from 'aws-lambda';
import type { LogEntry } from '../../shared/domain/model/log.ts';
import { waitForAll } from '../../shared/domain/wait-for-all.ts';
import { signOutRevoked, signOutSession } from '../../shared/realtime/evict.ts';
import { welcomeInLane } from '../../shared/realtime/welcome.ts';
import { forEachConcurrent } from '../../shared/realtime/for-each-concurrent.ts';
import { groupOf, toChange, type TableChange } from '../../shared/storage/changes.ts';
import type { Dependencies } from './dependencies.ts';
import { closeConnections } from './handlers/close-connections.ts';
import { finishRemovalOfMember } from './handlers/finish-removal.ts';
import { followFiles, followFilesOf } from './handlers/follow-files.ts';
import { publishReadMarker } from './handlers/publish-read-marker.ts';
import { publishUnread } from './handlers/publish-unread.ts';
import { publishStoredEntries } from './handlers/publish-stored-entries.ts';

const maxConcurrentGroups = 32;

/** How long the welcomes of one batch may take together: the records behind the batch wait for them. */
const maxWelcomeMs = 3_000;

/** One call of a handler, and the record to report when it fails. */
interface Step {
  record: DynamoDBRecord;
  handle: (ports: Dependencies, laneEndsAtMs: number) => Promise<void>;
}

/**
 * Returns the sequence numbers of the records whose handler failed. The rest of a group is skipped after a failure: the
 * stream delivers the batch again from the failed record on.
 */
export async function handleBatch(
  ports: Dependencies,
  records: DynamoDBRecord[],
  onError: (error: unknown, record: DynamoDBRecord) => void,
): Promise<string[]> {
  const laneEndsAtMs = ports.clock.now() + maxWelcomeMs;
  const failed: string[] = [];
  const fail = (error: unknown, record: DynamoDBRecord): void => {
    onError(error, record);
    failed.push(record.dynamodb?.SequenceNumber ?? '');
  };
  const changes = records.flatMap((record) => {
    try {
      const change = toChange(record);
      return change === undefined ? [] : [{ record, change }];
    } catch (error) {
      fail(error, record);
      return [];
    }
  });
  await forEachConcurrent(toGroupsOfSteps(changes), maxConcurrentGroups, async (steps) => {
    for (const { record, handle } of steps) {
      try {
        await handle(ports, laneEndsAtMs);
      } catch (error) {
        fail(error, record);
        return;
      }
    }
  });
  return failed;
}

interface RecordedChange {
  record: DynamoDBRecord;
  change: TableChange;
}

/** Groups changes by the thing that changed. */
function groupChanges(changes: RecordedChange[]): RecordedChange[][] {
  const groups = new Map<string, RecordedChange[]>();
  for (const change of changes) {
    const name = groupOf(change.record);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [change]);
    else group.push(change);
  }
  return [...groups.values()];
}

/** Returns the steps that must run one after the other, by group. All connections that only closed are one group. */
function toGroupsOfSteps(changes: RecordedChange[]): Step[][] {
  const groups = groupChanges(changes);
  const [closing, others] = [groups.filter(isClosing), groups.filter((group) => !isClosing(group))];
  const closed = new Set(closing.flat());
  return [
    ...(closed.size === 0 ? [] : [[closingStep(changes.filter((change) => closed.has(change)))]]),
    ...others.map(stepsOf),
  ];
}

const isClosing = (group: RecordedChange[]): boolean =>
  group.every(({ change }) => change.kind === 'connection_closed');

function closingStep(closed: RecordedChange[]): Step {
  const connections = closed.flatMap(({ change }) =>
    change.kind === 'connection_closed' ? [change.connection] : [],
  );
  return {
    // The first record, so that a failure brings all of them back.
    record: (closed[0] as RecordedChange).record,
    handle: (ports) => closeConnections(ports, connections),
  };
}

/**
 * Publishes the entries of a room together. Of several moves of one read marker in the same direction only the last is
 * published.
 */
function stepsOf(group: RecordedChange[]): Step[] {
  const entries = group.flatMap(({ change }) => (change.kind === 'entry_stored' ? [change.entry] : []));
  const [first] = entries;
  const publishing: Step[] =
    first === undefined
      ? []
      : [
          {
            // The first record of an entry, so that a failure brings all of them back.
            record: (group.find(({ change }) => change.kind === 'entry_stored') as RecordedChange).record,
            handle: (ports) => handleEntries(ports, first.roomId, entries),
          },
        ];
  const others = group
    .filter(({ change }) => change.kind !== 'entry_stored')
    .filter(({ change }, index, all) => !isMovedOn(change, all[index + 1]?.change));
  return [...publishing, ...others.map(({ record, change }) => ({ record, handle: handlerFor(change) }))];
}

const isMovedOn = (change: TableChange, next: TableChange | undefined): boolean =>
  change.kind === 'marker_moved' &&
  next !== undefined &&
  (next.kind !== 'marker_moved' || next.isBack === change.isBack);

/** Publishes entries and leaves their files to the cleanup function, neither of which waits for the other. */
async function handleEntries(ports: Dependencies, roomId: string, entries: LogEntry[]): Promise<void> {
  const published = entries.filter(({ outbox }) => outbox !== 'files');
  await waitForAll([
    followFilesOf(ports, entries),
    published.length === 0 ? undefined : publishStoredEntries(ports, roomId, published),
  ]);
}

function handlerFor(change: TableChange): Step['handle'] {
  switch (change.kind) {
    case 'connection_opened':
      return (ports, laneEndsAtMs) => welcomeInLane(ports, change.connection, laneEndsAtMs);
    case 'connection_closed':
      return (ports) => closeConnections(ports, [change.connection]);
    case 'entry_stored':
      return (ports) => handleEntries(ports, change.entry.roomId, [change.entry]);
    case 'erasure_started':
      return (ports) => ports.enqueueCleanup({ kind: 'erasure', userId: change.userId, step: 0 });
    case 'files_changed':
      return (ports) => followFiles(ports, { keep: change.keep, remove: change.remove, uploads: [] });
    case 'marker_moved':
      return (ports) =>
        change.isBack ? publishUnread(ports, change.member) : publishReadMarker(ports, change.member);
    case 'removal_started':
      return (ports) => finishRemovalOfMember(ports, change.roomId, change.userId);
    case 'session_ended':
      return (ports) => signOutSession(ports, change.userId, change.sessionId);
    case 'tokens_revoked':
      return (ports) => signOutRevoked(ports, change.revocation);
  }
}
