/** Sessions, each with its family of refresh tokens. */
import type { Session } from '../../domain/model/accounts.ts';
import type { SessionStore } from '../../domain/ports/accounts.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, optional, text, withDefault } from '../attributes.ts';
import { defineEntity, isNew } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import type { Table } from '../table.ts';

export const session = defineEntity({
  name: 'session',
  description: 'one sign-in with its family of refresh tokens',
  pk: 'ACCOUNT#{userId}',
  sk: 'SESSION#{sessionId}',
  attributes: {
    userId: text('user_id'),
    sessionId: text('session_id'),
    username: text('username'),
    createdAtMs: number('created_at'),
    tokenVersion: withDefault(number('token_version'), 0),
    currentHash: text('current_hash'),
    currentEndsAtMs: number('current_ends_at'),
    parentHash: optional(text('parent_hash')),
    rotatedAtMs: optional(number('rotated_at')),
    endsAtMs: number('ends_at'),
    userAgent: optional(text('user_agent')),
  },
  endsBy: 'with its last access token',
});

/** A session is kept until its last access token has ended, so that it can be ended as long as that matters. */
export function sessionStore(table: Table, { accessTokenLifetimeMs = 0 } = {}): SessionStore {
  const ttlOf = ({ currentEndsAtMs }: Session): Item => ({
    ttl: expiry(currentEndsAtMs + accessTokenLifetimeMs),
  });
  return {
    create: accessPattern('PutItem', 'Stores a session.', async (value) => {
      await table.put({ ...session.key(value), ...session.encode(value), ...ttlOf(value) }, isNew);
    }),
    get: accessPattern('GetItem', 'Reads a session.', async (userId, sessionId) => {
      const item = await table.get(session.key({ userId, sessionId }));
      return item && session.parse(item);
    }),
    page: accessPattern(
      'Query',
      "Reads a page of a user's sessions, after a given one.",
      async (userId, limit, after) => {
        const { items, last } = await table.page({
          partition: session.partition({ userId }),
          prefix: session.sortKeyPrefix,
          limit,
          startAfter: after === undefined ? undefined : { ...session.key({ userId, sessionId: after }) },
        });
        const sessions = items.map((item) => session.parse(item));
        return { items: sessions, next: last && sessions.at(-1)?.sessionId };
      },
    ),
    rotate: accessPattern(
      'UpdateItem',
      'Replaces the current refresh token if it is the one that was presented.',
      async (value, fromHash) => {
        const { currentHash, currentEndsAtMs, parentHash, rotatedAtMs } = value;
        const set = session.encode({ currentHash, currentEndsAtMs, parentHash, rotatedAtMs });
        const isCurrent = { if: 'current_hash = :from', values: { ':from': fromHash } };
        return (await table.update(session.key(value), { set: { ...set, ...ttlOf(value) } }, isCurrent)).ok;
      },
    ),
    end: accessPattern('DeleteItem', 'Deletes a session.', async (userId, sessionId) => {
      await table.remove(session.key({ userId, sessionId }));
    }),
    removeMany: accessPattern(
      'BatchWriteItem',
      'Deletes several sessions; may do a part of it and fail.',
      async (userId, sessionIds) => {
        await table.removeMany(sessionIds.map((sessionId) => session.key({ userId, sessionId })));
      },
    ),
  };
}
