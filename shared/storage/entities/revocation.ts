/** Revocations: sessions that ended before their last token did, one by one or all of a user at once. */
import {
  isRevokedBy,
  type Revocation,
  type TokenHolder,
  type UserRevocation,
} from '../../domain/accounts/revocation.ts';
import type { RevocationStore } from '../../domain/ports/accounts.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, optional, text, withDefault } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { expiry, type Item } from '../item.ts';
import { findItem, type Key } from '../keys.ts';
import { outbox } from '../outbox.ts';
import type { Table } from '../table.ts';

/** Longer than the table stream retries a record. */
const noticeKeptMs = 7 * 24 * 60 * 60 * 1_000;

export const sessionRevocation = defineEntity({
  name: 'revocation of a session',
  description: 'a session that ended early',
  pk: 'REVOKED#{sessionId}',
  sk: 'REVOKED',
  attributes: {},
  endsBy: 'with the last access token of the session',
});

const userRevocationAttributes = {
  userId: text('user_id'),
  tokenVersion: withDefault(number('token_version'), 0),
  keptSessionId: optional(text('kept_session_id')),
};

export const userRevocation = defineEntity({
  name: 'revocation of a user',
  description: 'the end of all sessions of a user up to a token version; every check of a token reads it',
  pk: 'REVOKED#{userId}',
  sk: 'USER',
  attributes: userRevocationAttributes,
  endsBy: 'with the longest session',
});

export const revocationNotice = defineEntity({
  name: 'revocation notice',
  description: "a change for the table stream, which closes the sockets of a user's revoked sessions",
  pk: 'REVOKED#{userId}',
  sk: 'NOTICE#{tokenVersion}',
  attributes: { ...userRevocationAttributes, outbox },
  endsBy: '7 days later',
});

/** Both items of a revocation: the one that every check reads, and the notice for the table stream. */
export const revocationItems = (revocation: Revocation): [Item, Item] => [
  {
    ...userRevocation.key(revocation),
    ...userRevocation.encode(revocation),
    ttl: expiry(revocation.expiresAtMs),
  },
  {
    ...revocationNotice.key(revocation),
    ...revocationNotice.encode({ ...revocation, outbox: true }),
    ttl: expiry(revocation.revokedAtMs + noticeKeptMs),
  },
];

export const parseRevocationNotice = (item: Item): UserRevocation => userRevocation.parse(item);

/** The items by which {@link isRevokedIn} judges. */
export const revocationKeys = ({ userId, sessionId }: Pick<TokenHolder, 'userId' | 'sessionId'>): Key[] => [
  userRevocation.key({ userId }),
  sessionRevocation.key({ sessionId }),
];

/** Whether the items that were read, among others, revoke the token. */
export function isRevokedIn(items: readonly Item[], holder: TokenHolder): boolean {
  const ofUser = findItem(items, userRevocation.key(holder));
  return (
    findItem(items, sessionRevocation.key(holder)) !== undefined ||
    (ofUser !== undefined && isRevokedBy(userRevocation.parse(ofUser), holder))
  );
}

export const revocationStore = (table: Table): RevocationStore => ({
  revoke: accessPattern(
    'PutItem',
    'Stores the revocation of one session.',
    async (sessionId, expiresAtMs) => {
      await table.put({ ...sessionRevocation.key({ sessionId }), ttl: expiry(expiresAtMs) });
    },
  ),
  isRevoked: accessPattern(
    'BatchGetItem',
    'Reads the revocations of a session and of its user.',
    async (holder) => {
      return isRevokedIn(await table.getMany(revocationKeys(holder)), holder);
    },
  ),
  findOfUser: accessPattern('GetItem', 'Reads the revocation of a user.', async (userId) => {
    const item = await table.get(userRevocation.key({ userId }));
    return item && userRevocation.parse(item);
  }),
});
