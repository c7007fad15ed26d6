import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MembershipEntry } from '../../../shared/domain/model/log.ts';
import { keys } from './stored-keys.ts';
import { memberOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, start } from '../../kit/memory-chat/system.ts';
import { startTable } from './started-table.ts';

const { documents, tableName, members, log, openRoom } = await startTable();

describe('an owner whose role was stored under its former name, creator,', () => {
  let roomId: string;
  let entry: MembershipEntry;

  beforeEach(async () => {
    const { room } = await openRoom({}, bob);
    roomId = room.roomId;
    await documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: keys.member(roomId, ann.userId),
        UpdateExpression: 'SET #role = :creator',
        ExpressionAttributeNames: { '#role': 'role' },
        ExpressionAttributeValues: { ':creator': 'creator' },
      }),
    );
    const member = { ...memberOf(room, bob), role: 'creator' as 'owner' };
    entry = { kind: 'member_updated', roomId, seq: 1, at: start, messageSeqs: 0, outbox: true, member };
  });

  it('is read as the owner, alone and in the lists', async () => {
    expect(await members.get(roomId, ann.userId)).toMatchObject({ role: 'owner' });
    const { items } = await members.list(roomId, 10, undefined);
    expect(items.find(({ userId }) => userId === ann.userId)).toMatchObject({ role: 'owner' });
  });

  it('can neither leave nor be removed', async () => {
    await expect(members.startRemoval(roomId, ann.userId)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('can pass the role on', async () => {
    const role = { roomId, from: ann.userId, to: bob.userId };
    expect(await members.passRole(role, entry)).toBe('passed');
    expect(await members.get(roomId, ann.userId)).toMatchObject({ role: 'member' });
    expect(await members.get(roomId, bob.userId)).toMatchObject({ role: 'owner' });
  });

  it('is shown as the owner by entries of the log that say creator', async () => {
    await members.passRole({ roomId, from: ann.userId, to: bob.userId }, entry);
    expect(await log.get(roomId, 1)).toMatchObject({ member: { role: 'owner' } });
  });
});
