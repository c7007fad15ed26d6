/**
 * Every question asked of the table and every change made to it, one a line. Items go in and come out as they
 * are stored; the stores beside this file turn them into what the domain speaks of.
 */
import type { Change } from './change-expression.ts';
import type { Condition } from './condition.ts';
import {
  formerMemberPrefix,
  idsBehind,
  keys,
  lookupIndex,
  lookups,
  memberPrefix,
  partitions,
  ranges,
  seqKey,
  seqKeyEnd,
  sessionPrefix,
  type Key,
} from './keys.ts';
import type { Item } from './item.ts';
import { isNotOwner, isOwner } from './member-role.ts';
import type { EndReason, OpenRoom } from '../domain/model.ts';
import type { SeqPurpose } from '../domain/ports/log.ts';
import type { SubscriptionKey } from '../domain/ports/sockets.ts';
import type { Step, Table } from './table.ts';

const isNew: Condition = { if: 'attribute_not_exists(pk)' };
const exists: Condition = { if: 'attribute_exists(pk)' };
const isNotEnded: Condition = { if: 'attribute_exists(pk) AND attribute_not_exists(ended)' };
const roomIsOpen: Condition = { if: 'attribute_exists(pk) AND attribute_not_exists(closed_at)' };
const roomIsThere: Condition = { if: 'attribute_exists(pk) AND attribute_not_exists(deleted_at)' };
/** A name's item that no other room holds, or whose rest is over. */
const nameIsFree = (roomId: string, at: number): Required<Pick<Condition, 'if' | 'values'>> => ({
  if: 'attribute_not_exists(pk) OR room_id = :room OR rests_until < :at',
  values: { ':room': roomId, ':at': at },
});
const nameIsOwn = (roomId: string): Condition => ({
  if: 'attribute_not_exists(pk) OR room_id = :room',
  values: { ':room': roomId },
});
const isLeaving: Condition = { if: 'attribute_exists(removing_at)' };
const belongs: Condition = { if: 'attribute_exists(pk) AND attribute_not_exists(removing_at)' };

/** A message that is there, and that no later change was made to. */
const unchangedSince = (seq: number): Condition => ({
  if: 'attribute_exists(pk) AND attribute_not_exists(deleted_at) AND (attribute_not_exists(edit_seq) OR edit_seq < :seq)',
  values: { ':seq': seq },
});

const messagesVoided = (roomId: string, seqs: number[]): Step => ({
  update: keys.head(roomId),
  change: { add: { voids: seqs.length, dead_seqs: new Set(seqs) } },
  condition: exists,
});

/** Seqs that go to the archive together, ascending, and the last of them. */
export interface SeqBlock {
  seqs: number[];
  last: number;
}

/** What is archived never seems to end lower than it does, in whatever order archivers finish. */
const archivedBelow = (attribute: string, seq: number): Condition => ({
  if: `attribute_exists(pk) AND (attribute_not_exists(${attribute}) OR ${attribute} < :seq)`,
  values: { ':seq': seq },
});

/** Changes of a room's members are stored in the order of their seqs, so that the log tells who belongs to it. */
function memberCounted(roomId: string, by: 1 | 0 | -1, seq: number, condition: Condition): Step {
  return {
    update: keys.room(roomId),
    change: { add: { member_count: by }, set: { members_seq: seq } },
    condition: {
      if: `${condition.if} AND (attribute_not_exists(members_seq) OR members_seq < :seq)`,
      values: { ':seq': seq },
    },
  };
}

export function accessPatterns(table: Table) {
  return {
    // Users and their accounts
    user: (userId: string) => table.get(keys.user(userId)),
    userWithAccount: (userId: string) => table.getMany([keys.user(userId), keys.account(userId)]),
    usersByPrefix: (prefix: string, limit: number) =>
      table.all({
        partition: lookups.username(prefix).lookup_pk,
        prefix: lookups.username(prefix).lookup_sk,
        index: lookupIndex,
        limit,
      }),
    login: (username: string) => table.get(keys.login(username)),
    registerUser: (items: { login: Item; user: Item; account: Item }) =>
      table.transact(
        [items.login, items.user, items.account].map((item) => ({ put: item, condition: isNew })),
      ),
    updateUser: (userId: string, set: Item) => table.update(keys.user(userId), { set }, exists),

    renewHash: (username: string, isUnchanged: Condition, to: string) =>
      table.update(keys.login(username), { set: { password_hash: to } }, isUnchanged),
    revokeTokens: (username: string, isUnchanged: Condition, set: Item, revocation: Item[]) =>
      table.transact([
        { update: keys.login(username), change: { set }, condition: isUnchanged },
        ...revocation.map((item) => ({ put: item })),
      ]),
    eraseUser: (erased: {
      userId: string;
      email: string;
      login: Item;
      isUnchanged: Condition;
      step: Item;
      revocation: Item[];
    }) =>
      table.transact([
        { put: erased.login, condition: erased.isUnchanged },
        { remove: keys.user(erased.userId) },
        { remove: keys.account(erased.userId) },
        // Written by releases in which an address was unique.
        ...(erased.email === '' ? [] : [{ remove: keys.email(erased.email) }]),
        { put: erased.step },
        ...erased.revocation.map((item) => ({ put: item })),
      ]),

    // Sessions
    session: (userId: string, sessionId: string) => table.get(keys.session(userId, sessionId)),
    sessions: (userId: string, limit: number, startAfter: Key | undefined) =>
      table.page({
        partition: partitions.account(userId),
        prefix: sessionPrefix,
        limit,
        startAfter: startAfter && { ...startAfter },
      }),
    createSession: (item: Item) => table.put(item, isNew),
    rotateSession: (userId: string, sessionId: string, set: Item, fromHash: string) =>
      table.update(
        keys.session(userId, sessionId),
        { set },
        { if: 'current_hash = :from', values: { ':from': fromHash } },
      ),
    endSession: (userId: string, sessionId: string) => table.remove(keys.session(userId, sessionId)),

    revokeSession: (item: Item) => table.put(item),
    userRevocation: (userId: string) => table.get(keys.userRevocation(userId)),
    revocations: (userId: string, sessionId: string) =>
      table.getMany([keys.userRevocation(userId), keys.revocation(sessionId)]),

    // Rooms
    room: (roomId: string) => table.get(keys.room(roomId)),
    roomWithMember: (roomId: string, userId: string) =>
      table.getMany([keys.room(roomId), keys.head(roomId), keys.member(roomId, userId)]),
    rooms: (roomIds: string[]) => table.getMany(roomIds.map(keys.room), { consistent: false }),
    head: (roomId: string) => table.get(keys.head(roomId)),
    roomsWithHeads: (roomIds: string[]) =>
      table.getMany(
        roomIds.flatMap((roomId) => [keys.room(roomId), keys.head(roomId)]),
        { consistent: false },
      ),
    heads: (roomIds: string[], consistent: boolean) => table.getMany(roomIds.map(keys.head), { consistent }),
    roomIdByName: (name: string) => table.get(keys.roomName(name)),
    publicRooms: (limit: number, startAfter: Item | undefined) =>
      table.page({ partition: lookups.publicRoom('').lookup_pk, index: lookupIndex, limit, startAfter }),
    createRoom: (names: Step[], others: Item[]) =>
      table.transact([...names, ...others.map((item) => ({ put: item, condition: isNew }))]),
    changeRoom: (change: { entry: Item; room: Step; more: Step[] }) =>
      table.transact([{ put: change.entry, condition: isNew }, change.room, ...change.more]),
    roomChange: ({ roomId, name }: { roomId: string; name: string }, change: Change): Step => ({
      update: keys.room(roomId),
      change,
      condition: { if: `${roomIsThere.if} AND room_name = :name`, values: { ':name': name } },
    }),
    takeName: (item: Item, at: number): Step => {
      const { if: isFree, values } = nameIsFree(item['room_id'] as string, at);
      // The old name of a public room is taken by choosing it.
      const isForward = '(attribute_exists(freed_at) AND attribute_not_exists(rests_until))';
      return { put: item, condition: { if: `${isFree} OR ${isForward}`, values } };
    },
    takeLook: (item: Item, at: number): Step => ({
      put: item,
      condition: nameIsFree(item['room_id'] as string, at),
    }),
    giveUpName: (item: Item): Step => ({ put: item, condition: nameIsOwn(item['room_id'] as string) }),
    freeName: (item: Item): Step => ({
      remove: { pk: item['pk'] as string, sk: item['sk'] as string },
      condition: nameIsOwn(item['room_id'] as string),
    }),
    addShards: (roomId: string, from: number, to: number) =>
      table.update(
        keys.head(roomId),
        { set: { shards: to } },
        { if: 'shards = :from', values: { ':from': from } },
      ),
    closeLog: (roomId: string, at: number): Step => ({
      update: keys.head(roomId),
      change: { set: { closed_at: at } },
      condition: roomIsOpen,
    }),

    // Members
    member: (roomId: string, userId: string) => table.get(keys.member(roomId, userId)),
    members: (roomId: string, limit: number, startAfter: Key | undefined) =>
      table.page({
        partition: partitions.room(roomId),
        prefix: memberPrefix,
        limit,
        startAfter: startAfter && { ...startAfter },
      }),
    memberships: (userId: string, limit: number, after: string | undefined) =>
      table.page({
        partition: lookups.membership(userId, '').lookup_pk,
        index: lookupIndex,
        limit,
        ...idsBehind(after),
      }),
    joinRoom: (member: Item) => table.put(member, isNew),
    countMember: (roomId: string, by: 1 | -1) =>
      table.update(keys.room(roomId), { add: { member_count: by } }, roomIsThere),
    addMember: (roomId: string, member: Item, entry: Item, seq: number) =>
      table.transact([
        { put: member, condition: isNew },
        memberCounted(roomId, 1, seq, roomIsThere),
        { put: entry, condition: isNew },
      ]),
    startRemoval: (roomId: string, userId: string, at: number, evenOwner: boolean) =>
      table.update(
        keys.member(roomId, userId),
        { set: { removing_at: at } },
        evenOwner ? exists : isNotOwner,
      ),
    passRole: (role: { roomId: string; from: string; to: string }, entry: Item, seq: number) =>
      table.transact([
        {
          update: keys.member(role.roomId, role.to),
          change: { set: { role: 'owner' } },
          condition: belongs,
        },
        {
          update: keys.member(role.roomId, role.from),
          change: { set: { role: 'member' } },
          condition: isOwner,
        },
        memberCounted(role.roomId, 0, seq, roomIsThere),
        { put: entry, condition: isNew },
      ]),
    removeMember: (roomId: string, userId: string, entry: Item, seq: number) =>
      table.transact([
        { remove: keys.member(roomId, userId), condition: isLeaving },
        memberCounted(roomId, -1, seq, exists),
        { put: entry, condition: isNew },
        {
          put: {
            ...keys.formerMember(roomId, userId),
            ...lookups.leftRoom(userId, roomId),
            room_id: roomId,
            user_id: userId,
          },
        },
      ]),
    moveMarker: (roomId: string, userId: string, set: Item, seq: number) =>
      table.update(
        keys.member(roomId, userId),
        { set },
        {
          if: `${belongs.if} AND (attribute_not_exists(last_read_seq) OR last_read_seq < :seq)`,
          values: { ':seq': seq },
        },
      ),

    // Erasing what a deleted account left in rooms
    leftRooms: (userId: string, limit: number, after: string | undefined) =>
      table.page({
        partition: lookups.leftRoom(userId, '').lookup_pk,
        index: lookupIndex,
        limit,
        ...idsBehind(after),
      }),
    formerMember: (roomId: string, userId: string) => table.get(keys.formerMember(roomId, userId)),
    noteRenamed: (roomId: string, userId: string, upTo: number) =>
      table.update(keys.formerMember(roomId, userId), { set: { renamed_to: upTo } }, exists),
    forgetFormerMember: (roomId: string, userId: string) => table.remove(keys.formerMember(roomId, userId)),
    forgetMember: (roomId: string, userId: string) => table.remove(keys.member(roomId, userId)),
    renameInEntry: (roomId: string, seq: number, set: Item) =>
      table.update(keys.entry(roomId, seq), { set }, exists),
    renameCreator: (roomId: string, userId: string, name: string) =>
      table.update(
        keys.room(roomId),
        { set: { creator_username: name } },
        { if: 'creator_id = :u', values: { ':u': userId } },
      ),
    eraseStep: (item: Item) => table.put(item),

    // The log
    takeSeq: (roomId: string, { forMessage, endsRight = false }: SeqPurpose, at: number) =>
      table.update(
        keys.head(roomId),
        {
          add: forMessage ? { seq: 1, taken: 1 } : { seq: 1 },
          set: { last_at: at },
          increment: {
            ...(forMessage ? { last_message_seq: { from: 'seq', by: 1 } } : {}),
            ...(endsRight ? { rights_seq: { from: 'seq', by: 1 } } : {}),
          },
        },
        roomIsOpen,
      ),
    putEntry: (entry: Item) => table.put(entry, isNew),
    putEntryOnce: (entry: Item, sendKey: Item) =>
      table.transact([
        { put: entry, condition: isNew },
        { put: sendKey, condition: isNew },
      ]),
    putEdit: (entry: Item, target: Key, set: Item, seq: number) =>
      table.transact([
        { put: entry, condition: isNew },
        {
          update: target,
          change: { set },
          condition: unchangedSince(seq),
        },
      ]),
    putDeletion: (entry: Item, roomId: string, targetSeq: number, at: number, seq: number) =>
      table.transact([
        { put: entry, condition: isNew },
        {
          update: keys.entry(roomId, targetSeq),
          change: { set: { deleted_at: at }, remove: ['content'] },
          condition: unchangedSince(seq),
        },
        {
          update: keys.head(roomId),
          change: { add: { dead_seqs: new Set([targetSeq]) } },
          condition: exists,
        },
      ]),
    putVoids: (entries: Item[], roomId: string, messageSeqs: number[]) =>
      table.transact([
        ...entries.map((entry): Step => ({ put: entry, condition: isNew })),
        ...(messageSeqs.length === 0 ? [] : [messagesVoided(roomId, messageSeqs)]),
      ]),
    entry: (roomId: string, seq: number) => table.get(keys.entry(roomId, seq)),
    entries: (wanted: { roomId: string; seq: number }[], consistent: boolean) =>
      table.getMany(
        wanted.map(({ roomId, seq }) => keys.entry(roomId, seq)),
        { consistent },
      ),
    entriesUp: (roomId: string, after: number, before: number, limit: number) =>
      table.all({
        partition: partitions.log(roomId),
        from: seqKey(after + 1),
        to: before === Number.MAX_SAFE_INTEGER ? seqKeyEnd : seqKey(before - 1),
        limit,
      }),
    entriesDown: (roomId: string, before: number, limit: number) =>
      table.all({
        partition: partitions.log(roomId),
        from: seqKey(1),
        to: before === Number.MAX_SAFE_INTEGER ? seqKeyEnd : seqKey(before - 1),
        limit,
        descending: true,
      }),

    // What unread counts leave out
    headWithOwnSeqs: (roomId: string, userId: string) =>
      table.getMany([keys.head(roomId), keys.ownSeqs(roomId, userId)]),
    ownSeqs: (userId: string, roomIds: string[]) =>
      table.getMany(
        roomIds.map((roomId) => keys.ownSeqs(roomId, userId)),
        { consistent: false },
      ),
    recordOwnSeq: (roomId: string, userId: string, seq: number) =>
      table.update(keys.ownSeqs(roomId, userId), { add: { seqs: new Set([seq]) } }),
    archiveOwnSeqs: (roomId: string, userId: string, { seqs, last }: SeqBlock) =>
      table.update(keys.ownSeqsUpTo(roomId, userId, last), { add: { seqs: new Set(seqs) } }),
    forgetOwnSeqs: (roomId: string, userId: string, { seqs, last }: SeqBlock, archivedTo: number) =>
      table.update(
        keys.ownSeqs(roomId, userId),
        { deleteFrom: { seqs: new Set(seqs) }, ...(last > archivedTo && { set: { archived_to: last } }) },
        last > archivedTo ? archivedBelow('archived_to', last) : exists,
      ),
    archivedOwnSeqs: (roomId: string, userId: string, after: number) =>
      table.page({
        partition: partitions.unread(roomId),
        ...ranges.ownSeqs(userId, after + 1),
        descending: true,
      }),
    archiveDeadSeqs: (roomId: string, bucket: number, offsets: number[]) =>
      table.update(keys.deadSeqs(roomId, bucket), {
        add: { offsets: new Set(offsets) },
        set: { bucket },
      }),
    forgetDeadSeqs: (roomId: string, { seqs, last }: SeqBlock, archivedTo: number) =>
      table.update(
        keys.head(roomId),
        {
          deleteFrom: { dead_seqs: new Set(seqs) },
          ...(last > archivedTo && { set: { dead_archived_to: last } }),
        },
        last > archivedTo ? archivedBelow('dead_archived_to', last) : exists,
      ),
    archivedDeadSeqs: (roomId: string, fromBucket: number) =>
      table.page({
        partition: partitions.unread(roomId),
        ...ranges.deadSeqs(fromBucket),
        descending: true,
      }),

    // Purging a deleted room
    membersLeft: (roomId: string, limit: number) =>
      table.page({ partition: partitions.room(roomId), prefix: memberPrefix, limit }),
    formerMembersLeft: (roomId: string, limit: number) =>
      table.page({ partition: partitions.room(roomId), prefix: formerMemberPrefix, limit }),
    entriesLeft: (roomId: string, limit: number) => table.page({ partition: partitions.log(roomId), limit }),
    unreadLeft: (roomId: string, limit: number) =>
      table.page({ partition: partitions.unread(roomId), limit }),
    ownSeqsLeft: (roomId: string, userId: string, limit: number) =>
      table.page({ partition: partitions.unread(roomId), prefix: keys.ownSeqs(roomId, userId).sk, limit }),
    removeItems: (doomed: Key[]) => table.removeMany(doomed),
    purgeStep: (item: Item) => table.put(item),

    // Connections and subscriptions
    connection: (connectionId: string) => table.get(keys.connection(connectionId)),
    connections: (connectionIds: string[]) => table.getMany(connectionIds.map(keys.connection)),
    connectionsThere: (connectionIds: string[]) =>
      table.getMany(connectionIds.map(keys.connection), { only: 'connection_id' }),
    admission: (
      connectionId: string | undefined,
      { userId, sessionId }: { userId: string; sessionId: string },
      room: { roomId: string; userId: string } | undefined,
    ) =>
      table.getMany([
        ...(connectionId === undefined ? [] : [keys.connection(connectionId)]),
        keys.userRevocation(userId),
        keys.revocation(sessionId),
        ...(room === undefined
          ? []
          : [keys.room(room.roomId), keys.head(room.roomId), keys.member(room.roomId, room.userId)]),
      ]),
    openConnection: (item: Item) => table.put(item, isNew),
    changeConnection: (connectionId: string, change: Change) =>
      table.update(keys.connection(connectionId), change, exists),
    extendConnection: (connectionId: string, set: Item, now: number) =>
      table.update(
        keys.connection(connectionId),
        { set },
        {
          if: 'attribute_not_exists(ended) AND lease_ends_at > :now AND token_ends_at > :now',
          values: { ':now': now },
        },
      ),
    endConnection: (connectionId: string, reason: EndReason, at: number) =>
      table.update(keys.connection(connectionId), { set: { ended: reason, token_ends_at: at } }, exists),
    openRoomOn: (connectionId: string, roomId: string, room: OpenRoom) =>
      table.update(
        keys.connection(connectionId),
        { set: { [`rooms.${roomId}`]: room } },
        room.joinReceivedAt === undefined
          ? isNotEnded
          : {
              if: `${isNotEnded.if} AND (attribute_not_exists(left_rooms.#room) OR left_rooms.#room < :received)`,
              names: { '#room': roomId },
              values: { ':received': room.joinReceivedAt },
            },
      ),
    rejoinRoomOn: (connectionId: string, roomId: string, joinReceivedAt: number) =>
      table.update(
        keys.connection(connectionId),
        { set: { [`rooms.${roomId}.joinReceivedAt`]: joinReceivedAt } },
        { if: `${isNotEnded.if} AND attribute_exists(rooms.#room)`, names: { '#room': roomId } },
      ),
    noteLeave: (
      connectionId: string,
      { roomId, receivedAt, forget }: { roomId: string; receivedAt: number; forget: string[] },
    ) =>
      table.update(
        keys.connection(connectionId),
        { set: { [`left_rooms.${roomId}`]: receivedAt }, remove: forget.map((id) => `left_rooms.${id}`) },
        { if: 'attribute_exists(pk) AND attribute_exists(left_rooms)' },
      ),
    leaveRoomOn: (connectionId: string, roomId: string, receivedAt: number) =>
      table.update(
        keys.connection(connectionId),
        { remove: [`rooms.${roomId}`] },
        {
          if: 'attribute_exists(rooms.#room) AND (attribute_not_exists(rooms.#room.#received) OR rooms.#room.#received < :until)',
          names: { '#room': roomId, '#received': 'joinReceivedAt' },
          values: { ':until': receivedAt + 1 },
        },
      ),
    changeOpenRoom: (connectionId: string, roomId: string, set: Partial<OpenRoom>) =>
      table.update(
        keys.connection(connectionId),
        {
          set: Object.fromEntries(
            Object.entries(set).map(([name, value]) => [`rooms.${roomId}.${name}`, value]),
          ),
        },
        { if: 'attribute_exists(rooms.#room)', names: { '#room': roomId } },
      ),
    removeConnection: (connectionId: string) => table.remove(keys.connection(connectionId)),
    addSubscriber: (item: Item) => table.put(item),
    extendSubscriber: (topic: string, shard: number, connectionId: string, set: Item) =>
      table.update(keys.subscriber(topic, shard, connectionId), { set }, isNotEnded),
    endSubscriber: ({ topic, shard, connectionId }: SubscriptionKey, reason: EndReason, at: number) =>
      table.update(
        keys.subscriber(topic, shard, connectionId),
        { set: { ended: reason, token_ends_at: at } },
        exists,
      ),
    removeSubscriber: (topic: string, shard: number, connectionId: string) =>
      table.remove(keys.subscriber(topic, shard, connectionId)),
    removeJoinedSubscriber: ({ topic, shard, connectionId }: SubscriptionKey, receivedUntil: number) =>
      table.remove(keys.subscriber(topic, shard, connectionId), {
        if: 'attribute_not_exists(join_received_at) OR join_received_at < :until',
        values: { ':until': receivedUntil + 1 },
      }),
    removeSubscribers: (places: { topic: string; shard: number; connectionId: string }[]) =>
      table.removeMany(
        places.map(({ topic, shard, connectionId }) => keys.subscriber(topic, shard, connectionId)),
      ),
    subscribers: (topic: string, shard: number) =>
      table.all({ partition: partitions.subscribers(topic, shard) }),

    // Tickets and limits
    putTicket: (item: Item) => table.put(item, isNew),
    takeTicket: (hash: string) => table.remove(keys.ticket(hash), exists),
    limitCounts: (limits: Key[]) => table.getMany(limits),
    hitLimit: (key: Key, ttl: number) => table.update(key, { add: { hits: 1 }, set: { ttl } }),
    loginPause: (scope: string) => table.get(keys.loginPause(scope)),
    replaceLoginPause: (scope: string, from: Item | undefined, set: Item) =>
      table.update(
        keys.loginPause(scope),
        { set },
        from === undefined
          ? isNew
          : {
              if: 'pause_ms = :pause AND next_at = :next',
              values: { ':pause': from['pause_ms'], ':next': from['next_at'] },
            },
      ),
    resetLoginPause: (scope: string) =>
      table.update(keys.loginPause(scope), { set: { pause_ms: 0 } }, exists),
    spend: (key: Key, add: Record<string, number>, ttl: number) => table.update(key, { add, set: { ttl } }),
    takeBackHit: (key: Key) => table.update(key, { add: { hits: -1 } }, exists),
  };
}

export type AccessPatterns = ReturnType<typeof accessPatterns>;
