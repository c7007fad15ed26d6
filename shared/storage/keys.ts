/** The only place where keys of the table are joined. */
import { foldCase, foldRoomName } from '../contract/names.ts';

export interface Key {
  pk: string;
  sk: string;
}

/** The one index: people by the start of their name, public rooms by name, somebody's memberships. */
export const lookupIndex = 'lookup';

const seqDigits = 16;

export const seqKey = (seq: number): string => String(seq).padStart(seqDigits, '0');
/** Sorts above every seq, for ranges with an open end. */
export const seqKeyEnd = '9'.repeat(seqDigits);

const only = (prefix: string, id: string, name: string): Key => ({ pk: `${prefix}#${id}`, sk: name });

export const keys = {
  user: (userId: string) => only('USER', userId, 'PROFILE'),
  account: (userId: string) => only('ACCOUNT', userId, 'ACCOUNT'),
  session: (userId: string, sessionId: string) => only('ACCOUNT', userId, `${sessionPrefix}${sessionId}`),
  login: (username: string) => only('LOGIN', foldCase(username), 'LOGIN'),
  email: (address: string) => only('EMAIL', foldCase(address), 'EMAIL'),
  room: (roomId: string) => only('ROOM', roomId, 'ROOM'),
  head: (roomId: string) => only('ROOM', roomId, 'HEAD'),
  roomName: (name: string) => only('ROOMNAME', foldRoomName(name), 'ROOMNAME'),
  member: (roomId: string, userId: string) => only('ROOM', roomId, `${memberPrefix}${userId}`),
  formerMember: (roomId: string, userId: string) => only('ROOM', roomId, `${formerMemberPrefix}${userId}`),
  entry: (roomId: string, seq: number) => only('LOG', roomId, seqKey(seq)),
  purgeStep: (roomId: string, step: number) => only('LOG', roomId, `PURGE#${step}`),
  sendKey: (roomId: string, userId: string, clientId: string) =>
    only('SENT', `${roomId}#${userId}`, clientId),
  deadSeqs: (roomId: string, bucket: number) => only('UNREAD', roomId, `${deadPrefix}${seqKey(bucket)}`),
  ownSeqs: (roomId: string, userId: string) => only('UNREAD', roomId, `${ownPrefix}${userId}`),
  ownSeqsUpTo: (roomId: string, userId: string, seq: number) =>
    only('UNREAD', roomId, `${ownPrefix}${userId}#${seqKey(seq)}`),
  connection: (connectionId: string) => only('CONN', connectionId, 'CONN'),
  subscriber: (topic: string, shard: number, connectionId: string) =>
    only('LIVE', `${topic}#${shard}`, connectionId),
  revocation: (sessionId: string) => only('REVOKED', sessionId, 'REVOKED'),
  userRevocation: (userId: string) => only('REVOKED', userId, 'USER'),
  revocationNotice: (userId: string, tokenVersion: number) =>
    only('REVOKED', userId, `${revocationNoticePrefix}${tokenVersion}`),
  erasureStep: (userId: string, step: number) => only('ERASE', userId, `STEP#${step}`),
  ticket: (hash: string) => only('TICKET', hash, 'TICKET'),
  loginPause: (scope: string) => only('LIMIT', scope, 'TURN'),
  limit: (scope: string, windowStart: number) => only('LIMIT', scope, String(windowStart)),
} as const;

/** Sort keys of a room's members start with this. */
export const memberPrefix = 'MEMBER#';

/** And those of users who left a room, or were removed from it. */
export const formerMemberPrefix = 'FORMER#';

/** Sort keys of archived seqs of deleted messages and void entries; `ownPrefix`: of seqs by their sender. */
const deadPrefix = 'DEAD#';
const ownPrefix = 'OWN#';

/** Sort keys of an account's sessions. */
export const sessionPrefix = 'SESSION#';

/** Sort keys of what makes the reaction close the sockets of revoked sessions. */
export const revocationNoticePrefix = 'NOTICE#';

/** Partitions that are read as a whole or in part. */
export const partitions = {
  account: (userId: string) => `ACCOUNT#${userId}`,
  room: (roomId: string) => `ROOM#${roomId}`,
  log: (roomId: string) => `LOG#${roomId}`,
  unread: (roomId: string) => `UNREAD#${roomId}`,
  subscribers: (topic: string, shard: number) => `LIVE#${topic}#${shard}`,
} as const;

/** Parts of a partition that end where nothing follows any more. */
export const ranges = {
  ownSeqs: (userId: string, from: number) => ({
    from: `${ownPrefix}${userId}#${seqKey(from)}`,
    to: `${ownPrefix}${userId}#${seqKeyEnd}`,
  }),
  deadSeqs: (fromBucket: number) => ({
    from: `${deadPrefix}${seqKey(fromBucket)}`,
    to: `${deadPrefix}${seqKeyEnd}`,
  }),
} as const;

/** Keys of the index. */
export const lookups = {
  username: (username: string) => ({
    lookup_pk: `USERNAMES#${foldCase(username).slice(0, 1)}`,
    lookup_sk: foldCase(username),
  }),
  publicRoom: (name: string) => ({ lookup_pk: 'ROOMS#PUBLIC', lookup_sk: sortKeyOf(foldRoomName(name)) }),
  membership: (userId: string, roomId: string) => ({ lookup_pk: `MEMBEROF#${userId}`, lookup_sk: roomId }),
  leftRoom: (userId: string, roomId: string) => ({ lookup_pk: `LEFT#${userId}`, lookup_sk: roomId }),
} as const;

/** The range of sort keys that are ids, all of one length, behind that one. */
export function idsBehind(id: string | undefined): { from: string; to: string } | undefined {
  return id === undefined ? undefined : { from: `${id}~`, to: '~' };
}

/** Folding can make a name longer than the 1,024 bytes of a sort key; a character takes four at most. */
function sortKeyOf(text: string): string {
  return Array.from(text).slice(0, 256).join('');
}

/** The key of an item as it is stored. */
export const keyOf = (item: Record<string, unknown>): Key => ({
  pk: item['pk'] as string,
  sk: item['sk'] as string,
});

/** What a stream record's key speaks of. */
export function describeKey({ pk, sk }: Key): { prefix: string; id: string; sk: string } {
  const at = pk.indexOf('#');
  return { prefix: pk.slice(0, at), id: pk.slice(at + 1), sk };
}
