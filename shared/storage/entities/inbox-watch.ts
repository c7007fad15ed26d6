/** Inbox watches: the users who may have a socket that receives the activity of a room. */
import type { InboxWatch } from '../../domain/model/inbox.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, text } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry } from '../item.ts';
import { keyOf } from '../keys.ts';
import type { Table } from '../table.ts';

export const inboxWatch = defineEntity({
  name: 'inbox watch',
  description: 'a user who may have a socket that receives the activity of a room that it has not joined',
  pk: 'ROOM#{roomId}',
  sk: 'INBOX#{userId}',
  attributes: { userId: text('user_id'), untilMs: number('until') },
  endsBy: 'six hours after it was last renewed',
});

export const inboxWatchItems = (table: Table) => ({
  watchesOf: accessPattern(
    'BatchGetItem',
    'Reads until when the inbox of a user watches several rooms.',
    async (userId: string, roomIds: string[]): Promise<Map<string, number>> => {
      const items = await table.getMany(roomIds.map((roomId) => inboxWatch.key({ roomId, userId })));
      return new Map(
        items.flatMap((item) => {
          const parts = inboxWatch.partsOf(keyOf(item));
          return parts === undefined ? [] : [[parts.roomId, inboxWatch.parse(item).untilMs] as const];
        }),
      );
    },
  ),
  watch: accessPattern(
    'UpdateItem',
    'Stores or renews a watch.',
    async (roomId: string, watch: InboxWatch): Promise<void> => {
      const set = { ...inboxWatch.encode(watch), ttl: expiry(watch.untilMs) };
      await table.update(inboxWatch.key({ roomId, userId: watch.userId }), { set });
    },
  ),
  unwatch: accessPattern(
    'DeleteItem',
    'Deletes a watch that was not renewed since it was read.',
    async (roomId: string, { userId, untilMs }: InboxWatch): Promise<void> => {
      const condition = {
        if: '#until = :until',
        names: { '#until': 'until' },
        values: { ':until': untilMs },
      };
      await table.remove(inboxWatch.key({ roomId, userId }), condition);
    },
  ),
  watchers: accessPattern(
    'Query',
    'Reads the watches of a room.',
    async (roomId: string): Promise<InboxWatch[]> => {
      const partition = inboxWatch.partition({ roomId });
      const items = await table.all({ partition, prefix: inboxWatch.sortKeyPrefix });
      return items.map((item) => inboxWatch.parse(item));
    },
  ),
});
