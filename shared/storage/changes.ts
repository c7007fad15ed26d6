/** From a record of the table's stream to what happened, in the domain's words. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { UserRevocation } from '../domain/accounts/revocation.ts';
import type { Connection, LogEntry, Member } from '../domain/model.ts';
import { toConnection } from './connection-store.ts';
import { describeKey, memberPrefix, revocationNoticePrefix } from './keys.ts';
import { toEntry } from './log-items.ts';
import { toMember } from './member-store.ts';
import type { Item } from './item.ts';
import { toRevocation } from './revocation-store.ts';

export type TableChange =
  | { kind: 'connection_opened'; connection: Connection }
  | { kind: 'connection_closed'; connection: Connection }
  | { kind: 'entry_stored'; entry: LogEntry }
  | { kind: 'purge_continued'; roomId: string; step: number }
  | { kind: 'erasure_continued'; userId: string; step: number }
  | { kind: 'marker_moved'; member: Member }
  | { kind: 'removal_started'; roomId: string; userId: string }
  | { kind: 'session_ended'; userId: string; sessionId: string }
  | { kind: 'tokens_revoked'; revocation: UserRevocation };

/** What DynamoDB itself calls itself when it deletes an item whose time has come. */
const ttlPrincipal = 'dynamodb.amazonaws.com';

/** Undefined for a change that nothing follows from. */
export function toChange(record: DynamoDBRecord): TableChange | undefined {
  const before = imageOf(record.dynamodb?.OldImage);
  const after = imageOf(record.dynamodb?.NewImage);
  const item = after ?? before;
  if (item === undefined) return undefined;
  const { prefix, sk } = describeKey({ pk: item['pk'] as string, sk: item['sk'] as string });
  switch (prefix) {
    case 'CONN':
      if (before === undefined) return { kind: 'connection_opened', connection: toConnection(item) };
      return after === undefined
        ? { kind: 'connection_closed', connection: toConnection(before) }
        : undefined;
    case 'LOG':
      return before === undefined && after !== undefined ? entryStored(after) : undefined;
    case 'ROOM':
      return sk.startsWith(memberPrefix) && before && after ? memberChanged(before, after) : undefined;
    case 'ERASE':
      return before === undefined
        ? {
            kind: 'erasure_continued',
            userId: item['user_id'] as string,
            step: item['step'] as number,
          }
        : undefined;
    case 'REVOKED':
      return before === undefined && sk.startsWith(revocationNoticePrefix)
        ? { kind: 'tokens_revoked', revocation: toRevocation(item) }
        : undefined;
    case 'ACCOUNT':
      return after === undefined && before ? sessionEnded(record, before) : undefined;
    default:
      return undefined;
  }
}

/**
 * Records that must be reacted to in their order. Connections go together by their user, so that of two that end at
 * once one is seen to be the last; entries by their room; everything else by its item.
 */
export function groupOf({ dynamodb }: DynamoDBRecord): string {
  const { pk, sk } = imageOf(dynamodb?.Keys) as { pk: string; sk: string };
  const { prefix } = describeKey({ pk, sk });
  if (prefix === 'LOG') return pk;
  if (prefix !== 'CONN') return `${pk} ${sk}`;
  const image = imageOf(dynamodb?.NewImage) ?? imageOf(dynamodb?.OldImage);
  return `connections of ${String(image?.['user_id'])}`;
}

function imageOf(image: NonNullable<DynamoDBRecord['dynamodb']>['Keys']): Item | undefined {
  return image && unmarshall(image as Record<string, AttributeValue>);
}

function entryStored(item: Item): TableChange {
  if (item['kind'] === 'purge') {
    return { kind: 'purge_continued', roomId: item['room_id'] as string, step: item['step'] as number };
  }
  return { kind: 'entry_stored', entry: toEntry(item) };
}

function memberChanged(before: Item, after: Item): TableChange | undefined {
  if (before['removing_at'] === undefined && after['removing_at'] !== undefined) {
    return {
      kind: 'removal_started',
      roomId: after['room_id'] as string,
      userId: after['user_id'] as string,
    };
  }
  const member = toMember(after);
  if (member === undefined || before['last_read_seq'] === after['last_read_seq']) return undefined;
  return { kind: 'marker_moved', member };
}

function sessionEnded(record: DynamoDBRecord, before: Item): TableChange | undefined {
  const byTime =
    (record as { userIdentity?: { principalId?: string } }).userIdentity?.principalId === ttlPrincipal;
  if (byTime || before['session_id'] === undefined) return undefined;
  return {
    kind: 'session_ended',
    userId: before['user_id'] as string,
    sessionId: before['session_id'] as string,
  };
}
