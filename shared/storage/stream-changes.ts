/**
 * Which changes the table stream passes on, and what each of them means: the filter of the stream, the function that
 * handles its records and the in-memory table of the tests all read this table.
 */
import type { UserRevocation } from '../domain/accounts/revocation.ts';
import type { Connection } from '../domain/model/connections.ts';
import type { LogEntry } from '../domain/model/log.ts';
import type { Member } from '../domain/model/rooms.ts';
import { mapCodec } from './attributes.ts';
import { connection, parseConnection } from './entities/connection.ts';
import { erasureStep } from './entities/erasure-step.ts';
import { fileStep } from './entities/file-step.ts';
import { logEntry } from './entities/log-entry.ts';
import { parseEntry } from './log-entry-codec.ts';
import { isLeaving, member, parseMember } from './entities/member.ts';
import { parseRevocationNotice, revocationNotice } from './entities/revocation.ts';
import { session } from './entities/session.ts';
import type { Item } from './item.ts';
import type { Key } from './keys.ts';
import { outbox, outboxMarks } from './outbox.ts';

export type ChangeEvent = 'INSERT' | 'MODIFY' | 'REMOVE';

/** A change of one item, as it was before and as it is after; absent when there was no item. */
export interface ItemChange {
  key: Key;
  before: Item | undefined;
  after: Item | undefined;
  /** DynamoDB deleted the item because its `ttl` had passed. */
  isExpired: boolean;
}

export const eventOf = ({ before, after }: Pick<ItemChange, 'before' | 'after'>): ChangeEvent =>
  before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';

/** A filter of the stream: the events that it passes on, of items with that sort key or mark. */
export interface StreamFilter {
  events: ChangeEvent[];
  sortKey?: string;
  sortKeyPrefix?: string;
  mark?: { attribute: string; values: readonly string[] };
}

/** A change is passed on when one of these matches. Lambda takes at most five. */
export const streamFilters = {
  connections: { events: ['INSERT', 'REMOVE'], sortKey: connection.sk },
  outbox: { events: ['INSERT'], mark: { attribute: outbox.name, values: Object.values(outboxMarks) } },
  members: { events: ['MODIFY'], sortKeyPrefix: member.sortKeyPrefix },
  sessions: { events: ['REMOVE'], sortKeyPrefix: session.sortKeyPrefix },
} satisfies Record<string, StreamFilter>;

/** Whether the stream passes a change on. */
export function isPassedOn(change: Pick<ItemChange, 'key' | 'before' | 'after'>): boolean {
  const event = eventOf(change);
  const filters: StreamFilter[] = Object.values(streamFilters);
  return filters.some(
    ({ events, sortKey, sortKeyPrefix, mark }) =>
      events.includes(event) &&
      (sortKey === undefined || change.key.sk === sortKey) &&
      (sortKeyPrefix === undefined || change.key.sk.startsWith(sortKeyPrefix)) &&
      (mark === undefined || mark.values.some((value) => value === change.after?.[mark.attribute])),
  );
}

const { userId, sessionId } = session.attributes;
const sessionIds = mapCodec({ userId, sessionId });

/** What the kinds of changes tell. */
interface ChangeFacts {
  connection_opened: { connection: Connection };
  connection_closed: { connection: Connection };
  entry_stored: { entry: LogEntry };
  erasure_started: { userId: string };
  files_changed: { keep: string[]; remove: string[] };
  removal_started: { roomId: string; userId: string };
  marker_moved: { member: Member; isBack: boolean };
  session_ended: { userId: string; sessionId: string };
  tokens_revoked: { revocation: UserRevocation };
}

export type TableChange = {
  [Kind in keyof ChangeFacts]: { kind: Kind } & ChangeFacts[Kind];
}[keyof ChangeFacts];

interface ChangeRow<Facts> {
  entity: { name: string; partsOf(key: Key): unknown };
  event: ChangeEvent;
  passedOnBy: keyof typeof streamFilters;
  /** For the generated documentation. */
  handling: string;
  /** Undefined when nothing follows from the change. The item is the one after the change, or the deleted one. */
  read(item: Item, change: ItemChange): Facts | undefined;
}

export const streamChanges: { [Kind in keyof ChangeFacts]: ChangeRow<ChangeFacts[Kind]> } = {
  connection_opened: {
    entity: connection,
    event: 'INSERT',
    passedOnBy: 'connections',
    handling: 'sends the welcome, and `user_join` when it is the first of its user in a room',
    read: (item) => ({ connection: parseConnection(item) }),
  },
  connection_closed: {
    entity: connection,
    event: 'REMOVE',
    passedOnBy: 'connections',
    handling: 'removes its subscriptions, and sends `user_leave` when it was the last of its user in a room',
    read: (item) => ({ connection: parseConnection(item) }),
  },
  entry_stored: {
    entity: logEntry,
    event: 'INSERT',
    passedOnBy: 'outbox',
    handling:
      'publishes the entry, notifies an added member and watched inboxes, closes the sockets of a removed member, and has the files of attachments kept or removed',
    read: (item) => ({ entry: parseEntry(item) }),
  },
  erasure_started: {
    entity: erasureStep,
    event: 'INSERT',
    passedOnBy: 'outbox',
    handling: 'invokes `cleanup`, which erases what a deleted account left in rooms',
    read(item) {
      const { userId } = erasureStep.parse(item);
      return { userId };
    },
  },
  files_changed: {
    entity: fileStep,
    event: 'INSERT',
    passedOnBy: 'outbox',
    handling: 'invokes `cleanup`, which keeps the new objects and removes the old ones',
    read(item) {
      const { keep = [], remove = [] } = fileStep.parse(item);
      return { keep, remove };
    },
  },
  tokens_revoked: {
    entity: revocationNotice,
    event: 'INSERT',
    passedOnBy: 'outbox',
    handling: 'closes the sockets of the revoked sessions',
    read: (item) => ({ revocation: parseRevocationNotice(item) }),
  },
  removal_started: {
    entity: member,
    event: 'MODIFY',
    passedOnBy: 'members',
    handling: 'completes the removal if the function that began it failed',
    read(item, { before }) {
      if (before === undefined || isLeaving(before) || !isLeaving(item)) return undefined;
      const { roomId, userId } = member.parse(item);
      return { roomId, userId };
    },
  },
  marker_moved: {
    entity: member,
    event: 'MODIFY',
    passedOnBy: 'members',
    handling: 'sends `message_read`, or `message_unread` when it moved back',
    read(item, { before }) {
      const [from, moved] = [before && parseMember(before), parseMember(item)];
      const [seqBefore, seq] = [from?.lastRead?.seq ?? 0, moved?.lastRead?.seq ?? 0];
      return moved === undefined || seq === seqBefore
        ? undefined
        : { member: moved, isBack: seq < seqBefore };
    },
  },
  session_ended: {
    entity: session,
    event: 'REMOVE',
    passedOnBy: 'sessions',
    handling: 'closes the sockets of the session, unless it expired',
    read(item, { isExpired }) {
      if (isExpired) return undefined;
      return sessionIds.parse(item);
    },
  },
};
