/** Refresh families, as items that end by themselves. */
import type { Session } from '../domain/model.ts';
import type { SessionStore } from '../domain/ports/accounts.ts';
import { accessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { expiry, type Item } from './item.ts';
import { toTokenVersion } from './revocation-store.ts';
import type { Table } from './table.ts';

/** Each is kept until its last access token has ended as well, so that it can be found as long as it means anything. */
export function sessionStore(table: Table, { accessTokenLifetimeMs = 0 } = {}): SessionStore {
  const db = accessPatterns(table);
  const tokenAttributes = (session: Session): Item => ({
    current_hash: session.currentHash,
    current_ends_at: session.currentEndsAt,
    parent_hash: session.parentHash,
    rotated_at: session.rotatedAt,
    ttl: expiry(session.currentEndsAt + accessTokenLifetimeMs),
  });
  return {
    async create(session) {
      await db.createSession({
        ...keys.session(session.userId, session.sessionId),
        user_id: session.userId,
        session_id: session.sessionId,
        username: session.username,
        token_version: session.tokenVersion,
        created_at: session.createdAt,
        ends_at: session.endsAt,
        user_agent: session.userAgent,
        ...tokenAttributes(session),
      });
    },
    async get(userId, sessionId) {
      const item = await db.session(userId, sessionId);
      return item && toSession(item);
    },
    async page(userId, limit, after) {
      const startAfter = after === undefined ? undefined : keys.session(userId, after);
      const { items, last } = await db.sessions(userId, limit, startAfter);
      const sessions = items.map(toSession);
      return { items: sessions, next: last && sessions.at(-1)?.sessionId };
    },
    async rotate(session, fromHash) {
      const { userId, sessionId } = session;
      return (await db.rotateSession(userId, sessionId, tokenAttributes(session), fromHash)).ok;
    },
    async end(userId, sessionId) {
      await db.endSession(userId, sessionId);
    },
    async removeMany(userId, sessionIds) {
      await db.removeItems(sessionIds.map((sessionId) => keys.session(userId, sessionId)));
    },
  };
}

function toSession(item: Item): Session {
  return {
    sessionId: item['session_id'] as string,
    userId: item['user_id'] as string,
    username: item['username'] as string,
    createdAt: item['created_at'] as number,
    tokenVersion: toTokenVersion(item),
    currentHash: item['current_hash'] as string,
    currentEndsAt: item['current_ends_at'] as number,
    ...(item['parent_hash'] === undefined ? {} : { parentHash: item['parent_hash'] as string }),
    ...(item['rotated_at'] === undefined ? {} : { rotatedAt: item['rotated_at'] as number }),
    endsAt: item['ends_at'] as number,
    ...(item['user_agent'] === undefined ? {} : { userAgent: item['user_agent'] as string }),
  };
}
