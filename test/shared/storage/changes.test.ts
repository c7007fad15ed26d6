import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { groupOf, toChange } from '../../../shared/storage/changes.ts';
import { connectionItem } from '../../../shared/storage/entities/connection.ts';
import { erasureStepItem } from '../../../shared/storage/entities/erasure-step.ts';
import { entryItem } from '../../../shared/storage/entities/log-entry.ts';
import { memberItem } from '../../../shared/storage/entities/member.ts';
import { revocationItems } from '../../../shared/storage/entities/revocation.ts';
import { memberOf, roomId, roomOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, start, uuid } from '../../kit/memory-chat/system.ts';
import { keys } from './stored-keys.ts';
import { record } from './stream-records.ts';

const connection = connectionOf(ann, 'c1');
const member = memberItem(memberOf(roomOf(), ann));
const entry = {
  kind: 'message' as const,
  roomId,
  seq: 3,
  at: start,
  messageSeqs: 1,
  outbox: true,
  userId: ann.userId,
  username: 'ann',
  content: 'hi',
  isDeleted: false,
};
const session = { ...keys.session(ann.userId, uuid(9)), user_id: ann.userId, session_id: uuid(9) };

describe('toChange', () => {
  it('returns connections that were opened or closed, but not ones that changed', () => {
    const item = connectionItem(connection);
    expect(toChange(record({ after: item }))).toEqual({ kind: 'connection_opened', connection });
    expect(toChange(record({ before: item }))).toEqual({ kind: 'connection_closed', connection });
    expect(toChange(record({ before: item, after: item }))).toBeUndefined();
  });

  it('returns a connection that expired as closed', () => {
    expect(toChange(record({ before: connectionItem(connection), byTime: true }))).toMatchObject({
      kind: 'connection_closed',
    });
  });

  it('returns an entry that was stored, but not one that was changed or purged', () => {
    expect(toChange(record({ after: entryItem(entry) }))).toEqual({ kind: 'entry_stored', entry });
    expect(toChange(record({ before: entryItem(entry), after: entryItem(entry) }))).toBeUndefined();
    expect(toChange(record({ before: entryItem(entry) }))).toBeUndefined();
  });

  it('returns an erasure step that was stored, but not one that expired or changed', () => {
    const step = erasureStepItem(ann.userId, start);
    const told = { kind: 'erasure_started', userId: ann.userId };
    expect(toChange(record({ after: step }))).toEqual(told);
    expect(toChange(record({ before: step, byTime: true }))).toBeUndefined();
    expect(toChange(record({ before: step, after: step }))).toBeUndefined();
  });

  it('returns a read marker that moved, but no other change of a member', () => {
    const marked = { ...member, last_read_seq: 3, last_read_count: 2, last_read_at: start };
    expect(toChange(record({ before: member, after: marked }))).toEqual({
      kind: 'marker_moved',
      member: memberOf(roomOf(), ann, { lastRead: { seq: 3, messageSeqs: 2, at: start } }),
      isBack: false,
    });
    const none = { ...marked, last_read_seq: 0, last_read_count: 0 };
    expect(toChange(record({ before: marked, after: none }))).toMatchObject({ isBack: true });
    expect(toChange(record({ before: none, after: marked }))).toMatchObject({ isBack: false });
    expect(toChange(record({ before: marked, after: { ...marked, role: 'owner' } }))).toBeUndefined();
    expect(toChange(record({ after: member }))).toBeUndefined();
    expect(toChange(record({ before: member }))).toBeUndefined();
  });

  it('returns the removal of a member once, when it begins', () => {
    const leaving = { ...member, removing_at: start };
    expect(toChange(record({ before: member, after: leaving }))).toEqual({
      kind: 'removal_started',
      roomId,
      userId: ann.userId,
    });
    expect(
      toChange(record({ before: leaving, after: { ...leaving, removing_at: start + 1 } })),
    ).toBeUndefined();
    expect(toChange(record({ before: leaving }))).toBeUndefined();
  });

  it('returns a session that was ended, but not one that expired', () => {
    const ended = { kind: 'session_ended', userId: ann.userId, sessionId: uuid(9) };
    expect(toChange(record({ before: session }))).toEqual(ended);
    expect(toChange(record({ before: session, byTime: true }))).toBeUndefined();
    expect(toChange(record({ after: session }))).toBeUndefined();
    expect(toChange(record({ before: session, after: session }))).toBeUndefined();
    expect(
      toChange(record({ before: { ...keys.account(ann.userId), user_id: ann.userId } })),
    ).toBeUndefined();
  });

  it('returns revoked tokens for the notice, but not for the revocation itself', () => {
    const revocation = { userId: ann.userId, tokenVersion: 3, keptSessionId: uuid(9) };
    const [item, notice] = revocationItems({ ...revocation, revokedAtMs: start, expiresAtMs: start });
    expect(toChange(record({ after: notice }))).toEqual({ kind: 'tokens_revoked', revocation });
    expect(toChange(record({ before: notice, byTime: true }))).toBeUndefined();
    expect(toChange(record({ after: item }))).toBeUndefined();
  });

  it.each([
    keys.head(roomId),
    keys.room(roomId),
    keys.user(ann.userId),
    keys.ticket('h'),
    keys.subscriber('t', 0, 'c'),
    keys.sendKey('r', 'u', 'c'),
    keys.limit('s', 1),
    keys.formerMember(roomId, 'u'),
  ])('returns undefined for a change of $pk $sk', (key) => {
    for (const images of [{ after: key }, { before: key }, { before: key, after: key }])
      expect(toChange(record(images))).toBeUndefined();
  });

  it('returns undefined for a record without an image', () => {
    expect(toChange({ dynamodb: { Keys: marshall(keys.head(roomId)) } } as DynamoDBRecord)).toBeUndefined();
  });
});

describe('groupOf', () => {
  it('puts the entries of one room in one group, and the changes of one item in another', () => {
    const group = (item: object) => groupOf(record({ after: item }));
    expect(group(entryItem(entry))).toBe(group(entryItem({ ...entry, seq: 4 })));
    expect(group(entryItem(entry))).not.toBe(group(entryItem({ ...entry, roomId: uuid(7) })));
    expect(group(keys.member(roomId, 'a'))).not.toBe(group(keys.member(roomId, 'b')));
    expect(group(keys.connection('a'))).toBe(group(keys.connection('a')));
  });

  it('puts the connections of one user in one group, whether opened or closed', () => {
    const [one, other] = ['c1', 'c2'].map((id) => connectionItem(connectionOf(ann, id)));
    const opened = groupOf(record({ after: one }));
    expect(groupOf(record({ before: one }))).toBe(opened);
    expect(groupOf(record({ before: other }))).toBe(opened);
    expect(groupOf(record({ after: connectionItem(connectionOf(bob, 'c3')) }))).not.toBe(opened);
  });
});
