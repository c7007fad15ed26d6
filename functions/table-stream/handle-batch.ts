/** One batch of the stream: changes of one thing in their order, different things at the same time. */
import type { DynamoDBRecord } from 'aws-lambda';
import { forEachConcurrent } from '../../shared/realtime/for-each-concurrent.ts';
import { closeRevoked, closeSession } from '../../shared/realtime/evict.ts';
import { groupOf, toChange, type TableChange } from '../../shared/storage/changes.ts';
import type { Dependencies } from './dependencies.ts';
import { closeConnections } from './handlers/close-connections.ts';
import { continuePurge } from './handlers/continue-purge.ts';
import { continueErasure } from './handlers/continue-erasure.ts';
import { finishRemovalOfMember } from './handlers/finish-removal.ts';
import { publishStoredEntries } from './handlers/publish-stored-entries.ts';
import { publishReadMarker } from './handlers/publish-read-marker.ts';
import { welcome } from './handlers/welcome.ts';

const groupsAtOnce = 32;

interface Step {
  record: DynamoDBRecord;
  handle: (ports: Dependencies) => Promise<void>;
}

/**
 * Sequence numbers of the records whose reaction failed. After a failure the rest of its group is left alone: the
 * stream comes back from there.
 */
export async function handleBatch(
  ports: Dependencies,
  records: DynamoDBRecord[],
  onError: (error: unknown, record: DynamoDBRecord) => void,
): Promise<string[]> {
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
  await forEachConcurrent(inOrder(changes), groupsAtOnce, async (steps) => {
    for (const { record, handle } of steps) {
      try {
        await handle(ports);
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

function grouped(changes: RecordedChange[]): RecordedChange[][] {
  const groups = new Map<string, RecordedChange[]>();
  for (const change of changes) {
    const name = groupOf(change.record);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [change]);
    else group.push(change);
  }
  return [...groups.values()];
}

/** What is to be done one after the other. Of users who only left, all of it is one thing. */
function inOrder(changes: RecordedChange[]): Step[][] {
  const groups = grouped(changes);
  const [leaving, others] = [groups.filter(isLeaving), groups.filter((group) => !isLeaving(group))];
  const left = new Set(leaving.flat());
  return [
    ...(left.size === 0 ? [] : [[closing(changes.filter((one) => left.has(one)))]]),
    ...others.map(steps),
  ];
}

const isLeaving = (group: RecordedChange[]): boolean =>
  group.every(({ change }) => change.kind === 'connection_closed');

function closing(closed: RecordedChange[]): Step {
  const connections = closed.flatMap(({ change }) =>
    change.kind === 'connection_closed' ? [change.connection] : [],
  );
  return {
    // The first of them, so that a failure brings all of them back.
    record: (closed[0] as RecordedChange).record,
    handle: (ports) => closeConnections(ports, connections),
  };
}

/** Entries of a room are published together; of several moves of one marker only the last is worth telling. */
function steps(group: RecordedChange[]): Step[] {
  const entries = group.flatMap(({ change }) => (change.kind === 'entry_stored' ? [change.entry] : []));
  const [first] = entries;
  const together: Step[] =
    first === undefined
      ? []
      : [
          {
            // The first of them, so that a failure brings all of them back.
            record: (group.find(({ change }) => change.kind === 'entry_stored') as RecordedChange).record,
            handle: (ports) => publishStoredEntries(ports, first.roomId, entries),
          },
        ];
  const alone = group
    .filter(({ change }) => change.kind !== 'entry_stored')
    .filter(({ change }, at, rest) => change.kind !== 'marker_moved' || at === rest.length - 1);
  return [...together, ...alone.map(({ record, change }) => ({ record, handle: handlerFor(change) }))];
}

function handlerFor(change: TableChange): Step['handle'] {
  switch (change.kind) {
    case 'connection_opened':
      return (ports) => welcome(ports, change.connection);
    case 'connection_closed':
      return (ports) => closeConnections(ports, [change.connection]);
    case 'entry_stored':
      return (ports) => publishStoredEntries(ports, change.entry.roomId, [change.entry]);
    case 'purge_continued':
      return (ports) => continuePurge(ports, change.roomId, change.step);
    case 'erasure_continued':
      return (ports) => continueErasure(ports, change.userId, change.step);
    case 'marker_moved':
      return (ports) => publishReadMarker(ports, change.member);
    case 'removal_started':
      return (ports) => finishRemovalOfMember(ports, change.roomId, change.userId);
    case 'session_ended':
      return (ports) => closeSession(ports, change.userId, change.sessionId);
    case 'tokens_revoked':
      return (ports) => closeRevoked(ports, change.revocation);
  }
}
