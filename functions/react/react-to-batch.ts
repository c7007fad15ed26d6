/** One batch of the stream: changes of one thing in their order, different things at the same time. */
import type { DynamoDBRecord } from 'aws-lambda';
import { each } from '../../shared/realtime/each.ts';
import { endSession } from '../../shared/realtime/take-out.ts';
import { groupOf, toChange, type TableChange } from '../../shared/storage/changes.ts';
import type { Dependencies } from './dependencies.ts';
import { closeConnection } from './reactions/close-connection.ts';
import { continuePurge } from './reactions/continue-purge.ts';
import { publishStoredEntry } from './reactions/publish-stored-entry.ts';
import { tellMarker } from './reactions/tell-marker.ts';
import { welcome } from './reactions/welcome.ts';

const groupsAtOnce = 32;

/**
 * Sequence numbers of the records whose reaction failed. After a failure the rest of its group is left alone: the
 * stream comes back from there.
 */
export async function reactToBatch(
  ports: Dependencies,
  records: DynamoDBRecord[],
  onError: (error: unknown, record: DynamoDBRecord) => void,
): Promise<string[]> {
  const failed: string[] = [];
  await each(grouped(records), groupsAtOnce, async (group) => {
    for (const record of group) {
      try {
        const change = toChange(record);
        if (change !== undefined && !isOvertaken(change, record, group)) await react(ports, change);
      } catch (error) {
        onError(error, record);
        failed.push(record.dynamodb?.SequenceNumber ?? '');
        return;
      }
    }
  });
  return failed;
}

function grouped(records: DynamoDBRecord[]): DynamoDBRecord[][] {
  const groups = new Map<string, DynamoDBRecord[]>();
  for (const record of records) {
    const name = groupOf(record);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [record]);
    else group.push(record);
  }
  return [...groups.values()];
}

/** Of several moves of one marker in a batch only the last is worth telling. */
function isOvertaken(change: TableChange, record: DynamoDBRecord, group: DynamoDBRecord[]): boolean {
  return change.kind === 'marker_moved' && group.at(-1) !== record;
}

function react(ports: Dependencies, change: TableChange): Promise<void> {
  switch (change.kind) {
    case 'connection_opened':
      return welcome(ports, change.connectionId);
    case 'connection_closed':
      return closeConnection(ports, change.connection);
    case 'entry_stored':
      return publishStoredEntry(ports, change.entry);
    case 'purge_continued':
      return continuePurge(ports, change.roomId, change.step);
    case 'marker_moved':
      return tellMarker(ports, change.member);
    case 'session_ended':
      return endSession(ports, change.userId, change.sessionId);
  }
}
