/** Tickets by the hash of their secret, as items that end by themselves. */
import type { TicketStore } from '../domain/ports/sockets.ts';
import { accessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { expiry } from './item.ts';
import { toTokenVersion } from './revocation-store.ts';
import type { Table } from './table.ts';

export function ticketStore(table: Table): TicketStore {
  const db = accessPatterns(table);
  return {
    async put(hash, { userId, username, sessionId, tokenVersion, tokenEndsAt, endsAt }) {
      await db.putTicket({
        ...keys.ticket(hash),
        user_id: userId,
        username,
        session_id: sessionId,
        token_version: tokenVersion,
        token_ends_at: tokenEndsAt,
        ends_at: endsAt,
        ttl: expiry(endsAt),
      });
    },
    async take(hash) {
      const { ok, item } = await db.takeTicket(hash);
      if (!ok) return undefined;
      return {
        userId: item['user_id'] as string,
        username: item['username'] as string,
        sessionId: item['session_id'] as string,
        tokenVersion: toTokenVersion(item),
        tokenEndsAt: item['token_ends_at'] as number,
        endsAt: item['ends_at'] as number,
      };
    },
  };
}
