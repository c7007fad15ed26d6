import { describe, expect, it } from 'vitest';
import { ChatError } from '../../../../shared/domain/chat-error.ts';
import { sendMessage } from '../../../../shared/domain/messages/send-message.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import { leaveRoom } from '../../../../shared/domain/rooms/membership/members.ts';
import { memoryChat, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { memberId } from '../../../kit/memory-chat/stored.ts';
import { ann, bob, uuid } from '../../../kit/memory-chat/system.ts';
import { addRoom, entriesOf, erase } from './erased-users.ts';

const say = (chat: MemoryChat, { userId, username }: Caller, roomId: string) =>
  sendMessage(chat, {
    roomId,
    userId,
    username,
    content: 'hi',
    clientId: undefined,
    isPublishedByStream: () => true,
    verify: undefined,
  });

/** Returns every stored entity that still contains the username. */
const traces = (chat: MemoryChat): string[] => {
  const entities = [...chat.state.rooms.values(), ...chat.state.members.values(), ...chat.state.entries()];
  return entities.map((entity) => JSON.stringify(entity)).filter((text) => text.includes('"ann"'));
};

describe('a deleted user', () => {
  it('is removed from rooms, and their username is replaced in everything they wrote', async () => {
    const chat = memoryChat();
    const mine = await addRoom(chat, { roomId: uuid(101) }, ann, bob);
    const bobs = await addRoom(
      chat,
      { roomId: uuid(102), creatorId: bob.userId, creatorUsername: 'bob' },
      bob,
      ann,
    );
    for (const roomId of [mine, bobs]) for (const who of [ann, bob]) await say(chat, who, roomId);
    expect(await erase(chat)).toEqual({ done: false });
    expect(await erase(chat)).toEqual({ done: true });
    expect(traces(chat)).toEqual([]);
    expect((await chat.members.listOfUser(ann.userId, 10, undefined)).items).toEqual([]);
    expect(entriesOf(chat, bobs)).toMatchObject([
      { userId: ann.userId, username: 'deleted user', content: 'hi' },
      { userId: bob.userId, username: 'bob' },
      { kind: 'member_removed', member: { userId: ann.userId, username: 'deleted user' } },
    ]);
  });

  it('leaves rooms to the other members, including rooms that they created', async () => {
    const chat = memoryChat();
    const shared = await addRoom(chat, { roomId: uuid(101), isPrivate: true }, ann, bob);
    const direct = await addRoom(chat, { roomId: uuid(102), isPrivate: true, isDirect: true }, ann, bob);
    const open = await addRoom(chat, { roomId: uuid(103) }, ann);
    await erase(chat);
    for (const roomId of [shared, direct, open]) {
      expect(await chat.rooms.get(roomId)).toMatchObject({
        creatorId: ann.userId,
        creatorUsername: 'deleted user',
      });
    }
    expect((await chat.members.list(shared, 9, undefined)).items.map(({ userId }) => userId)).toEqual([
      bob.userId,
    ]);
  });

  it('has private rooms without other members deleted', async () => {
    const chat = memoryChat();
    const alone = await addRoom(chat, { roomId: uuid(101), isPrivate: true }, ann);
    await erase(chat);
    expect(await chat.rooms.get(alone)).toBeUndefined();
    expect(entriesOf(chat, alone).at(-1)?.kind).toBe('room_deleted');
  });

  it('has such a room deleted also when a step died after their removal from it', async () => {
    const chat = memoryChat();
    const alone = await addRoom(chat, { roomId: uuid(101), isPrivate: true }, ann);
    const { markDeleted } = chat.rooms;
    chat.rooms.markDeleted = () => Promise.reject(new Error('died here'));
    await expect(erase(chat)).rejects.toThrow('died here');
    expect(await chat.members.get(alone, ann.userId)).toBeUndefined();
    chat.rooms.markDeleted = markDeleted;
    await erase(chat);
    expect(await chat.rooms.get(alone)).toBeUndefined();
  });

  it('has their username replaced also in rooms that they left before', async () => {
    const chat = memoryChat();
    const bobs = await addRoom(
      chat,
      { roomId: uuid(102), creatorId: bob.userId, creatorUsername: 'bob' },
      bob,
      ann,
    );
    await say(chat, ann, bobs);
    await leaveRoom(chat, ann, bobs);
    expect(traces(chat)).not.toEqual([]);
    await erase(chat);
    expect(traces(chat)).toEqual([]);
  });

  it('is erased from a long log in steps, each continuing where the last one ended', async () => {
    const chat = memoryChat();
    const roomId = await addRoom(chat, { roomId: uuid(101) }, ann, bob);
    for (let count = 0; count < 500; count += 1) await say(chat, ann, roomId);
    const { renameInLog } = chat.erasures;
    const startedAtMs: number[] = [];
    chat.erasures.renameInLog = async (...args) => {
      startedAtMs.push(chat.state.formerMembers.get(memberId(roomId, ann.userId)) ?? -1);
      chat.clock.pass(1_000);
      return renameInLog(...args);
    };
    const perStep: number[][] = [];
    for (let isDone = false; !isDone; perStep.push(startedAtMs.splice(0))) {
      isDone = (await erase(chat, 1_000)).done;
      expect(perStep.length).toBeLessThan(10);
    }
    expect(perStep).toEqual([[0], [200], [400], []]);
    expect(traces(chat)).toEqual([]);
  });

  it('is erased completely when a step dies at any point and is repeated', async () => {
    const verbs = ['renameInLog', 'renameCreator', 'forgetLeftRoom', 'listLeftRooms'] as const;
    for (const verb of verbs) {
      const chat = memoryChat();
      const roomId = await addRoom(chat, { roomId: uuid(101) }, ann, bob);
      await say(chat, ann, roomId);
      const working = chat.erasures[verb];
      Object.assign(chat.erasures, { [verb]: () => Promise.reject(new Error('died here')) });
      await expect(erase(chat)).rejects.toThrow('died here');
      Object.assign(chat.erasures, { [verb]: working });
      await erase(chat);
      expect(traces(chat)).toEqual([]);
    }
  });

  it('is erased from a room even when it is not yet listed as left', async () => {
    const chat = memoryChat();
    const roomId = await addRoom(chat, { roomId: uuid(101) }, ann, bob);
    await say(chat, ann, roomId);
    chat.erasures.listLeftRooms = async () => ({ items: [], next: undefined });
    await erase(chat);
    expect(traces(chat)).toEqual([]);
  });

  it('is erased from rooms where an earlier removal died half-way', async () => {
    const chat = memoryChat();
    const roomId = await addRoom(chat, { roomId: uuid(101) }, ann, bob);
    await say(chat, ann, roomId);
    await chat.members.startRemoval(roomId, ann.userId, { evenOwner: true });
    expect(await erase(chat)).toEqual({ done: false });
    expect(await erase(chat)).toEqual({ done: true });
    expect(traces(chat)).toEqual([]);
  });

  it('is removed from a room that is being purged, although its log takes no entry', async () => {
    const chat = memoryChat();
    const roomId = await addRoom(chat, { roomId: uuid(101) }, ann, bob);
    chat.log.takeSeq = () => Promise.reject(new ChatError('not_found'));
    await erase(chat);
    expect(await chat.members.get(roomId, ann.userId)).toBeUndefined();
    expect((await erase(chat)).done).toBe(true);
  });
});
