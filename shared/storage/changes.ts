/** Reads records of the table stream. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { connection } from './entities/connection.ts';
import { logEntry } from './entities/log-entry.ts';
import type { Item } from './item.ts';
import { keyOf } from './keys.ts';
import { eventOf, streamChanges, type ItemChange, type TableChange } from './stream-changes.ts';

export type { TableChange } from './stream-changes.ts';

/** By which DynamoDB names itself when it deletes an item whose `ttl` has passed. */
const ttlPrincipal = 'dynamodb.amazonaws.com';

/** Returns what a record means; undefined when nothing follows from it. */
export function toChange(record: DynamoDBRecord): TableChange | undefined {
  const before = imageOf(record.dynamodb?.OldImage);
  const after = imageOf(record.dynamodb?.NewImage);
  const item = after ?? before;
  if (item === undefined) return undefined;
  const change: ItemChange = { key: keyOf(item), before, after, isExpired: isExpired(record) };
  const event = eventOf(change);
  for (const [kind, row] of Object.entries(streamChanges)) {
    if (row.event !== event || row.entity.partsOf(change.key) === undefined) continue;
    const facts = row.read(item, change);
    // The row of a kind reads the facts of that kind.
    if (facts !== undefined) return { kind, ...facts } as TableChange;
  }
  return undefined;
}

/**
 * The group of a record: records of one group must be handled in their order. Connections form a group by their user,
 * so that of two that end at once one is seen to be the last; entries by their room; other items each their own.
 */
export function groupOf({ dynamodb }: DynamoDBRecord): string {
  const key = keyOf(imageOf(dynamodb?.Keys) ?? {});
  if (logEntry.partsOf(key) !== undefined) return key.pk;
  if (connection.partsOf(key) === undefined) return `${key.pk} ${key.sk}`;
  const image = imageOf(dynamodb?.NewImage) ?? imageOf(dynamodb?.OldImage);
  return `connections of ${String(image?.['user_id'])}`;
}

function isExpired(record: DynamoDBRecord & { userIdentity?: { principalId?: string } }): boolean {
  return record.userIdentity?.principalId === ttlPrincipal;
}

function imageOf(image: NonNullable<DynamoDBRecord['dynamodb']>['Keys']): Item | undefined {
  return image && unmarshall(image as Record<string, AttributeValue>);
}
