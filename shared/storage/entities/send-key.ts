/** Send keys: they make a send with a `client_id` idempotent. */
import * as limits from '../../contract/limits.ts';
import type { MessageEntry } from '../../domain/model/log.ts';
import type { HashedSend, StoredSend } from '../../domain/ports/log.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import type { Table } from '../table.ts';

const dayMs = 24 * 60 * 60 * 1_000;

export const sendKey = defineEntity({
  name: 'send key',
  description: 'which seq a send with that `client_id` has, and the keyed hash of its content',
  pk: 'SENT#{roomId}#{userId}',
  sk: '{clientId}',
  attributes: { seq: number('seq'), contentHash: text('content_hash') },
  endsBy: '7 days after the send',
});

export const sendKeyItem = (
  { roomId, userId, seq, at }: MessageEntry,
  { clientId, contentHash }: { clientId: string; contentHash: string },
): Item => ({
  ...sendKey.key({ roomId, userId, clientId }),
  ...sendKey.encode({ seq, contentHash }),
  ttl: expiry(at + limits.sendKeyLifetimeDays * dayMs),
});

export const sendKeyItems = (table: Table) => ({
  find: accessPattern(
    'GetItem',
    'Reads the send key of a message whose attachments can no longer be sent.',
    async (send: Pick<HashedSend, 'roomId' | 'userId' | 'clientId'>): Promise<StoredSend | undefined> => {
      const item = await table.get(sendKey.key(send));
      return item && sendKey.parse(item);
    },
  ),
});
