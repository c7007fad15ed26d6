/** Uploads, from their declaration until a message shows them, and what each user uploads in a day. */
import type { MessageEntry } from '../../domain/model/log.ts';
import type { Upload, UploadPlace } from '../../domain/model/uploads.ts';
import type { UploadStore } from '../../domain/ports/uploads.ts';
import { accessPattern } from '../access-pattern.ts';
import { map, number, oneOf, optional, text } from '../attributes.ts';
import { checkedUpload } from '../checked-upload.ts';
import type { Condition } from '../condition.ts';
import { defineEntity, isNew } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import { idsAfter, keyOf } from '../keys.ts';
import type { Step, Table } from '../table.ts';

/** Longer than an upload can be sent, so that the answers of a late send do not depend on when items are deleted. */
const keptMs = 25 * 60 * 60 * 1_000;

export const upload = defineEntity({
  name: 'upload',
  description: 'a file that a client has declared, with what its check has found',
  pk: 'UPLOAD#{roomId}',
  sk: '{uploadKey}',
  attributes: {
    roomId: text('room_id'),
    uploadKey: text('upload_key'),
    userId: text('user_id'),
    purpose: optional(oneOf('purpose', ['picture'])),
    name: text('file_name'),
    declaredType: text('declared_type'),
    declaredSize: number('declared_size'),
    alt: optional(text('alt')),
    createdAtMs: number('created_at'),
    attachableUntilMs: number('attachable_until'),
    state: oneOf('upload_state', ['awaited', 'ready', 'refused', 'attached']),
    file: optional(map('file', checkedUpload)),
    problem: optional(text('problem')),
    messageSeq: optional(number('message_seq')),
    checkBeganAtMs: optional(number('check_began_at')),
  },
  endsBy: 'with its message, or 25 hours after its declaration',
});

export const uploadDay = defineEntity({
  name: 'upload day',
  description: 'how many files and bytes one user declared in one day',
  pk: 'LIMIT#uploads/{userId}',
  sk: '{dayStart}',
  attributes: { files: number('upload_count'), bytes: number('upload_bytes') },
  endsBy: 'with its day',
});

const uploadItem = (value: Upload): Item => ({
  ...upload.key(value),
  ...upload.encode(value),
  ttl: expiry(value.createdAtMs + keptMs),
});

const isAwaited: Condition = {
  if: 'attribute_exists(pk) AND upload_state = :awaited',
  values: { ':awaited': 'awaited' },
};

const isNotAttached: Condition = {
  if: 'attribute_exists(pk) AND NOT upload_state = :attached',
  values: { ':attached': 'attached' },
};

const parseOrNone = (item: Item | undefined): Upload | undefined =>
  item === undefined ? undefined : upload.parse(item);

export const uploadSteps = {
  attach: accessPattern(
    'part of a transaction',
    'Attaches an upload to the message that is stored with it, if its user may still send it and has not.',
    (place: UploadPlace, { userId, at, seq }: Pick<MessageEntry, 'userId' | 'at' | 'seq'>): Step => ({
      update: upload.key(place),
      change: { set: upload.encode({ state: 'attached', messageSeq: seq }), remove: ['ttl'] },
      condition: {
        if: 'attribute_exists(pk) AND upload_state = :ready AND user_id = :user AND attachable_until > :now',
        values: { ':ready': 'ready', ':user': userId, ':now': at },
      },
    }),
  ),
  endWithPicture: accessPattern(
    'part of a transaction',
    'Ends the upload of a profile picture that its user shows from then on, if it is awaited.',
    (place: UploadPlace): Step => ({
      update: upload.key(place),
      change: { set: upload.encode({ state: 'attached' }) },
      condition: isAwaited,
    }),
  ),
};

export const uploadStore = (table: Table): UploadStore => ({
  reserve: accessPattern(
    'UpdateItem',
    "Counts a file for its user's day, unless the quota would be exceeded.",
    async (userId, { startsAtMs, endsAtMs }, bytes, quota) => {
      if (quota.files < 1 || bytes > quota.bytes) return false;
      const { ok } = await table.update(
        uploadDay.key({ userId, dayStart: startsAtMs }),
        { add: { upload_count: 1, upload_bytes: bytes }, set: { ttl: expiry(endsAtMs) } },
        {
          if: 'attribute_not_exists(pk) OR (upload_count < :files AND upload_bytes <= :bytes)',
          values: { ':files': quota.files, ':bytes': quota.bytes - bytes },
        },
      );
      return ok;
    },
  ),
  declare: accessPattern('PutItem', 'Stores a declared upload.', async (value) => {
    await table.put(uploadItem(value), isNew);
  }),
  get: accessPattern('GetItem', 'Reads an upload.', async (place: UploadPlace) =>
    parseOrNone(await table.get(upload.key(place))),
  ),
  getMany: accessPattern('BatchGetItem', 'Reads the uploads that a message names.', async (places) => {
    const items = await table.getMany(places.map((place) => upload.key(place)));
    return items.map((item) => upload.parse(item));
  }),
  beginCheck: accessPattern(
    'UpdateItem',
    'Records that a check begins, unless one began a moment ago or has ended.',
    async (place, now, restMs) => {
      const { ok } = await table.update(
        upload.key(place),
        { set: upload.encode({ checkBeganAtMs: now }) },
        {
          if: `${isAwaited.if} AND (attribute_not_exists(check_began_at) OR check_began_at <= :before)`,
          values: { ...isAwaited.values, ':before': now - restMs },
        },
      );
      return ok;
    },
  ),
  settle: accessPattern(
    'UpdateItem',
    'Records the result of a check, unless one was recorded before.',
    async (place, result) => {
      const settled =
        'file' in result
          ? ({ state: 'ready', ...result } as const)
          : ({ state: 'refused', ...result } as const);
      const outcome = await table.update(upload.key(place), { set: upload.encode(settled) }, isAwaited);
      return parseOrNone(outcome.item);
    },
  ),
  list: accessPattern('Query', "Reads a page of a room's uploads.", async (roomId, limit, after) => {
    const { items, last } = await table.page({
      partition: upload.partition({ roomId }),
      limit,
      ...idsAfter(after),
    });
    return { items: items.map((item) => upload.parse(item)), next: last && keyOf(last).sk };
  }),
  withdraw: accessPattern(
    'UpdateItem',
    'Refuses an upload that was not sent, because its user is deleted.',
    async (place) => {
      const set = upload.encode({ state: 'refused', problem: 'withdrawn' });
      const outcome = await table.update(upload.key(place), { set }, isNotAttached);
      return outcome.ok ? upload.parse(outcome.item) : undefined;
    },
  ),
  removeMany: accessPattern('BatchWriteItem', 'Deletes uploads.', (places) =>
    table.removeMany(places.map((place) => upload.key(place))),
  ),
});
