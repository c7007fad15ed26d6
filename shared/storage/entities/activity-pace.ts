/** Activity paces: when the activity of a room was last sent to watched inboxes, and when it is sent next. */
import type { ActivityPace } from '../../domain/model/inbox.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, withDefault } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry } from '../item.ts';
import type { Table } from '../table.ts';

export const activityPace = defineEntity({
  name: 'activity pace',
  description: 'when the activity of a room was last sent to watched inboxes',
  pk: 'ROOM#{roomId}',
  sk: 'ACTIVITY',
  attributes: {
    dueAtMs: withDefault(number('due_at'), 0),
    sentAtMs: withDefault(number('sent_at'), 0),
    sentSeq: withDefault(number('sent_seq'), 0),
  },
  endsBy: 'a day after the last activity',
});

const lifetimeMs = 24 * 3_600_000;

export const activityPaceItems = (table: Table) => ({
  pace: accessPattern('GetItem', 'Reads a pace.', async (roomId: string): Promise<ActivityPace> => {
    return activityPace.parse((await table.get(activityPace.key({ roomId }))) ?? {});
  }),
  setDue: accessPattern(
    'UpdateItem',
    'Stores when an invocation that was enqueued is due.',
    async (roomId: string, dueAtMs: number): Promise<void> => {
      const set = { ...activityPace.encode({ dueAtMs }), ttl: expiry(dueAtMs + lifetimeMs) };
      await table.update(activityPace.key({ roomId }), { set });
    },
  ),
  recordSent: accessPattern(
    'UpdateItem',
    'Stores when and up to which head the activity was sent.',
    async (
      roomId: string,
      { sentAtMs, sentSeq }: Pick<ActivityPace, 'sentAtMs' | 'sentSeq'>,
    ): Promise<void> => {
      const set = {
        ...activityPace.encode({ sentAtMs, sentSeq }),
        ttl: expiry(sentAtMs + lifetimeMs),
      };
      await table.update(activityPace.key({ roomId }), { set });
    },
  ),
});
