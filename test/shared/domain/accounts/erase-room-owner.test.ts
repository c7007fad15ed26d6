import { describe, expect, it } from 'vitest';
import { eraseUser } from '../../../../shared/domain/accounts/erase-user.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import { leaveRoom, removeMember } from '../../../../shared/domain/rooms/membership/members.ts';
import { updateRoom } from '../../../../shared/domain/rooms/update-room.ts';
import { memoryChat, memberOf, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat, uuid } from '../../../kit/memory-chat/system.ts';
import { type RoomRequest, addRoom, entriesOf, erase } from './erased-users.ts';

describe('a deleted user', () => {
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
});
