import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eraseUser } from '../../../shared/domain/accounts/erase-user.ts';
import { sendMessage } from '../../../shared/domain/messages/send-message.ts';
import { editMessage } from '../../../shared/domain/messages/edit-message.ts';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import { leaveRoom } from '../../../shared/domain/rooms/membership/members.ts';
import { updateRoom } from '../../../shared/domain/rooms/update-room.ts';
import { subscriptionStore } from '../../../shared/storage/entities/subscription.ts';
import { uploadStore } from '../../../shared/storage/entities/upload.ts';
import { connectionStore } from '../../../shared/storage/connection-store.ts';
import { erasureStore } from '../../../shared/storage/erasure-store.ts';
import { contentHashes } from '../../../shared/lambda/content-hashes.ts';
import { memoryObjects } from '../../kit/memory-objects.ts';
import { ann } from '../../kit/memory-chat/system.ts';
import { memberOf } from '../../kit/memory-chat/chat.ts';
import { startTable } from './started-table.ts';

const { table, documents, tableName, rooms, members, log, unread, openRoom } = await startTable();
const { ScanCommand } = await import('@aws-sdk/lib-dynamodb');

const clock = { now: () => Date.now() };
const change = { name: 'deleted user', limit: 10, removeFiles: async () => undefined };
const ports = {
  rooms,
  members,
  unread,
  log,
  subscriptions: subscriptionStore(table),
  connections: connectionStore(table),
  erasures: erasureStore(table),
  budget: { charge: async () => undefined },
  uploads: uploadStore(table),
  objects: memoryObjects(clock),
  clock,
  contentHashes: contentHashes(async () => 'the key of the stack'),
  rates: { spend: async () => {} },
};

/** Returns a user for one test, with a name that is found wherever it is stored. */
function newCaller(): Caller {
  const userId = randomUUID();
  return { ...ann, userId, username: `name-of-${userId}` };
}

const say = async ({ userId, username }: Caller, roomId: string) =>
  (
    await sendMessage(ports, {
      roomId,
      userId,
      username,
      content: 'hi',
      clientId: undefined,
      isPublishedByStream: () => true,
      verify: undefined,
    })
  ).entry;

/** Returns the keys of all items that hold the name. */
async function traces({ username }: Caller): Promise<string[]> {
  const found: string[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(new ScanCommand({ TableName: tableName, ExclusiveStartKey }));
    for (const item of page.Items ?? [])
      if (JSON.stringify(item).includes(username)) found.push(`${item['pk']} ${item['sk']}`);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return found;
}

async function eraseAll({ userId }: Caller): Promise<void> {
  for (let step = 0; !(await eraseUser(ports, userId, Date.now() + 30_000)).done; step += 1)
    expect(step).toBeLessThan(5);
}

describe('an erased user', () => {
  it('has no item left that holds the username, whatever they did in rooms', async () => {
    const eve = newCaller();
    const { roomId: own } = await openRoom({ creatorId: eve.userId, creatorUsername: eve.username }, eve);
    const { roomId: others } = await openRoom({}, eve);
    const { roomId: left } = await openRoom({}, eve);
    for (const roomId of [own, others, left]) {
      const message = await say(eve, roomId);
      await say(ann, roomId);
      await editMessage(ports, {
        message,
        content: 'better',
        isPublishedByStream: () => true,
        verify: undefined,
      });
    }
    await updateRoom(ports, eve, own, { name: undefined, description: 'mine' });
    await leaveRoom(ports, eve, left);
    expect((await traces(eve)).length).toBeGreaterThan(8);
    await eraseAll(eve);
    expect(await traces(eve)).toEqual([]);
    expect((await members.listOfUser(eve.userId, 10, undefined)).items).toEqual([]);
    expect((await ports.erasures.listLeftRooms(eve.userId, 10, undefined)).items).toEqual([]);
    expect(await log.get(others, 1)).toMatchObject({
      userId: eve.userId,
      username: 'deleted user',
      content: 'better',
    });
    expect(await log.get(others, 2)).toMatchObject({ username: 'ann' });
    expect(await rooms.get(own)).toMatchObject({ creatorId: eve.userId, creatorUsername: 'deleted user' });
  });

  it('is renamed in a long log in steps, each of which continues where the last one ended', async () => {
    const eve = newCaller();
    const { roomId } = await openRoom({}, eve);
    for (let count = 0; count < 25; count += 1) await say(eve, roomId);
    await leaveRoom(ports, eve, roomId);
    const step = () => ports.erasures.renameInLog(roomId, eve.userId, change);
    const namesNow = async () => {
      const entries = await log.range(roomId, 0, 26, 100);
      return entries.filter((entry) => 'username' in entry && entry.username === 'deleted user').length;
    };
    const seen: [boolean, number][] = [];
    for (let count = 0; count < 3; count += 1) seen.push([(await step()).done, await namesNow()]);
    expect(seen).toEqual([
      [false, 10],
      [false, 20],
      [true, 25],
    ]);
  });

  it('leaves no own seqs behind, however many there are', async () => {
    const eve = newCaller();
    const { roomId } = await openRoom({}, eve);
    for (let seq = 1; seq <= 200; seq += 1) {
      const own = await unread.addOwn(roomId, eve.userId, seq);
      if (own.seqs.length > 96) await unread.archiveOwn(roomId, eve.userId, own);
    }
    await unread.addOwn(roomId, ann.userId, 201);
    const left = () => table.all({ partition: `UNREAD#${roomId}`, prefix: `OWN#${eve.userId}` });
    expect((await left()).length).toBeGreaterThan(1);
    expect(await ports.erasures.forgetOwnSeqs(roomId, eve.userId, 1)).toEqual({ done: false });
    await eraseAll(eve);
    expect(await left()).toEqual([]);
    expect((await unread.getOwn(ann.userId, [roomId])).get(roomId)?.seqs).toEqual([201]);
  });

  it('is not renamed in a room whose former member was deleted already', async () => {
    const eve = newCaller();
    const { roomId } = await openRoom({}, eve);
    await say(eve, roomId);
    await leaveRoom(ports, eve, roomId);
    await ports.erasures.forgetLeftRoom(roomId, eve.userId);
    expect(await ports.erasures.renameInLog(roomId, eve.userId, change)).toEqual({ done: true });
    expect(await log.get(roomId, 1)).toMatchObject({ username: eve.username });
    await ports.erasures.forgetLeftRoom(roomId, eve.userId);
  });

  it('does not bring back a room that is gone', async () => {
    const roomId = randomUUID();
    await ports.erasures.renameCreator(roomId, ann.userId, 'deleted user');
    expect(await rooms.get(roomId)).toBeUndefined();
  });
});

describe('a room that a user left', () => {
  it('is stored once as a former membership, until the user is erased or the room is purged', async () => {
    const eve = newCaller();
    const { room, roomId } = await openRoom({}, eve);
    await leaveRoom(ports, eve, roomId);
    await members.join(memberOf(room, eve));
    await leaveRoom(ports, eve, roomId);
    expect((await ports.erasures.listLeftRooms(eve.userId, 10, undefined)).items).toEqual([roomId]);
    while (!(await rooms.purge(roomId, 10)).done);
    expect((await ports.erasures.listLeftRooms(eve.userId, 10, undefined)).items).toEqual([]);
    const { Items = [] } = await documents.send(new ScanCommand({ TableName: tableName }));
    expect(
      Items.filter((item) => JSON.stringify(item).includes(roomId) && item['sk'] !== 'ROOMNAME'),
    ).toEqual([]);
  });
});
