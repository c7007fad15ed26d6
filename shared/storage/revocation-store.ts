/** Ended sessions, remembered until their last token has expired, as items that expire by themselves. */
import {
  isRevokedBy,
  type Revocation,
  type TokenHolder,
  type UserRevocation,
} from '../domain/accounts/revocation.ts';
import type { RevocationStore } from '../domain/ports/accounts.ts';
import { accessPatterns } from './access-patterns.ts';
import { keys } from './keys.ts';
import { expiry, type Item } from './item.ts';
import type { Table } from './table.ts';

/** Long enough for every retry of a reaction. */
const noticeKeptMs = 7 * 24 * 60 * 60 * 1_000;

export function revocationStore(table: Table): RevocationStore {
  const db = accessPatterns(table);
  return {
    async revoke(sessionId, until) {
      await db.revokeSession({ ...keys.revocation(sessionId), ttl: expiry(until) });
    },
    async isRevoked(holder) {
      return isRevokedIn(await db.revocations(holder.userId, holder.sessionId), holder);
    },
    async findOfUser(userId) {
      const item = await db.userRevocation(userId);
      return item && toRevocation(item);
    },
  };
}

/** Judges by what was read: the session's own item, which is there or not, and that of its user. */
export function isRevokedIn(items: readonly Item[], holder: TokenHolder): boolean {
  const find = ({ pk, sk }: { pk: string; sk: string }) =>
    items.find((item) => item['pk'] === pk && item['sk'] === sk);
  const ofUser = find(keys.userRevocation(holder.userId));
  return (
    find(keys.revocation(holder.sessionId)) !== undefined ||
    (ofUser !== undefined && isRevokedBy(toRevocation(ofUser), holder))
  );
}

/** The item that every check reads, and the notice from which the reaction closes sockets. */
export function revocationItems({
  userId,
  tokenVersion,
  keptSessionId,
  revokedAt,
  expiresAt,
}: Revocation): Item[] {
  const revocation = { user_id: userId, token_version: tokenVersion, kept_session_id: keptSessionId };
  return [
    { ...keys.userRevocation(userId), ...revocation, ttl: expiry(expiresAt) },
    {
      ...keys.revocationNotice(userId, tokenVersion),
      ...revocation,
      outbox: 'stream',
      ttl: expiry(revokedAt + noticeKeptMs),
    },
  ];
}

export function toRevocation(item: Item): UserRevocation {
  const keptSessionId = item['kept_session_id'] as string | undefined;
  return {
    userId: item['user_id'] as string,
    tokenVersion: toTokenVersion(item),
    ...(keptSessionId === undefined ? {} : { keptSessionId }),
  };
}

/** What was stored by earlier releases has none: it is as old as can be. */
export function toTokenVersion(item: Item): number {
  return (item['token_version'] as number | undefined) ?? 0;
}
