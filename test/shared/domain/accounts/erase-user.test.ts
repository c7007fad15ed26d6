import { describe, expect, it } from 'vitest';
import { eraseUser } from '../../../../shared/domain/accounts/erase-user.ts';
import { ChatError } from '../../../../shared/domain/chat-error.ts';
import { sendMessage } from '../../../../shared/domain/messages/send-message.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import type { LogEntry } from '../../../../shared/domain/model/log.ts';
import { leaveRoom, removeMember } from '../../../../shared/domain/rooms/membership/members.ts';
import { updateRoom } from '../../../../shared/domain/rooms/update-room.ts';
import { memoryChat, memberOf, roomOf, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { memberId } from '../../../kit/memory-chat/stored.ts';
import { ann, bob, cat, uuid } from '../../../kit/memory-chat/system.ts';

type RoomRequest = Parameters<typeof roomOf>[0];

async function addRoom(chat: MemoryChat, request: RoomRequest, ...members: Caller[]): Promise<string> {
  const room = roomOf({ name: request!.roomId!, memberCount: members.length, ...request });
  await chat.rooms.create(
    room,
    members.map((caller) => memberOf(room, caller)),
    [],
  );
  return room.roomId;
}

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

const erase = (chat: MemoryChat, forMs = 60_000) => eraseUser(chat, ann.userId, chat.clock.now() + forMs);

/** Returns every stored entity that still contains the username. */
const traces = (chat: MemoryChat): string[] => {
  const entities = [...chat.state.rooms.values(), ...chat.state.members.values(), ...chat.state.entries()];
  return entities.map((entity) => JSON.stringify(entity)).filter((text) => text.includes('"ann"'));
};

const entriesOf = (chat: MemoryChat, roomId: string): LogEntry[] => chat.state.entries(roomId);

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

  describe('who owned a room', () => {
    const rolesIn = async (chat: MemoryChat, roomId: string) =>
      Object.fromEntries(
        (await chat.members.list(roomId, 9, undefined)).items.map(({ username, role }) => [username, role]),
      );
    const addRoomWithMembers = async (chat: MemoryChat, more: RoomRequest, joined: [Caller, number][]) => {
      const roomId = await addRoom(chat, { roomId: uuid(101), ...more }, ann);
      for (const [caller, joinedAtMs] of joined) {
        const room = (await chat.rooms.get(roomId))!;
        await chat.members.join(memberOf(room, caller, { joinedAtMs }));
      }
      return roomId;
    };

    it.each([true, false])('passes ownership to the oldest member (private: %s)', async (isPrivate) => {
      const chat = memoryChat();
      const roomId = await addRoomWithMembers(chat, { isPrivate }, [
        [bob, 20],
        [cat, 10],
      ]);
      await erase(chat);
      expect(await rolesIn(chat, roomId)).toEqual({ bob: 'member', cat: 'owner' });
      expect(entriesOf(chat, roomId).map(({ kind }) => kind)).toEqual(['member_updated', 'member_removed']);
      expect(entriesOf(chat, roomId)[0]).toMatchObject({
        outbox: true,
        member: { userId: cat.userId, role: 'owner' },
      });
      // The creator does not change.
      expect(await chat.rooms.get(roomId)).toMatchObject({ creatorId: ann.userId });
      await updateRoom(chat, cat, roomId, { name: undefined, description: 'mine now' });
      await removeMember(chat, cat, roomId, bob.userId).catch((error: unknown) => {
        if (isPrivate) throw error;
      });
      await expect(leaveRoom(chat, cat, roomId)).rejects.toMatchObject({ code: 'forbidden' });
    });

    it('passes ownership to the member with the lowest id when both joined at the same time', async () => {
      const chat = memoryChat();
      const roomId = await addRoomWithMembers(chat, { isPrivate: true }, [
        [cat, 10],
        [bob, 10],
      ]);
      const first = [bob, cat].sort((a, b) => (a.userId < b.userId ? -1 : 1))[0]!;
      await erase(chat);
      expect((await rolesIn(chat, roomId))[first.username]).toBe('owner');
    });

    it('passes ownership on once when a step dies at any point', async () => {
      for (const verb of ['startRemoval', 'passRole', 'remove'] as const) {
        const chat = memoryChat();
        const roomId = await addRoomWithMembers(chat, { isPrivate: true }, [[bob, 20]]);
        const working = chat.members[verb];
        let calls = 0;
        for (let died = 0; died < 3; died += 1) {
          calls = 0;
          Object.assign(chat.members, {
            [verb]: async (...args: never[]) => {
              calls += 1;
              if (calls > died) throw new Error('died here');
              return (working as (...all: never[]) => unknown).apply(chat.members, args);
            },
          });
          await erase(chat).catch(() => undefined);
        }
        Object.assign(chat.members, { [verb]: working });
        await erase(chat);
        expect(await rolesIn(chat, roomId)).toEqual({ bob: 'owner' });
        const updates = entriesOf(chat, roomId).filter(({ kind }) => kind === 'member_updated');
        expect(updates).toHaveLength(1);
      }
    });

    it('passes ownership to the next member when the successor leaves at the same moment', async () => {
      const chat = memoryChat();
      const roomId = await addRoomWithMembers(chat, { isPrivate: true }, [
        [bob, 10],
        [cat, 20],
      ]);
      const { passRole } = chat.members;
      chat.members.passRole = async (...args) => {
        chat.members.passRole = passRole;
        await leaveRoom(chat, bob, roomId);
        return passRole(...args);
      };
      await erase(chat);
      expect(await rolesIn(chat, roomId)).toEqual({ cat: 'owner' });
    });

    it('passes ownership to a member whose concurrent leave is then refused', async () => {
      const chat = memoryChat();
      const roomId = await addRoomWithMembers(chat, { isPrivate: true }, [[bob, 10]]);
      const { getWithMember } = chat.rooms;
      chat.rooms.getWithMember = async (...args) => {
        const seen = await getWithMember(...args);
        chat.rooms.getWithMember = getWithMember;
        await erase(chat);
        return seen;
      };
      await expect(leaveRoom(chat, bob, roomId)).rejects.toMatchObject({ code: 'forbidden' });
      expect(await rolesIn(chat, roomId)).toEqual({ bob: 'owner' });
    });

    it('passes ownership to a third member when the successor is erased too, later or at the same time', async () => {
      for (const isAtOnce of [false, true]) {
        const chat = memoryChat();
        const roomId = await addRoomWithMembers(chat, { isPrivate: true }, [
          [bob, 10],
          [cat, 20],
        ]);
        const eraseBob = () => eraseUser(chat, bob.userId, chat.clock.now() + 60_000);
        if (isAtOnce) await Promise.all([erase(chat), eraseBob()]);
        else for (const step of [() => erase(chat), eraseBob]) await step();
        expect(await rolesIn(chat, roomId)).toEqual({ cat: 'owner' });
      }
    });

    it('reads a bounded part of the members', async () => {
      const chat = memoryChat();
      const roomId = await addRoomWithMembers(chat, {}, [[bob, 10]]);
      let pages = 0;
      const { items } = await chat.members.list(roomId, 9, undefined);
      chat.members.list = async () => {
        pages += 1;
        return { items, next: 'more' };
      };
      await erase(chat);
      expect(pages).toBeLessThanOrEqual(20);
    });
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
