/**
 * Compares unread counts with a count of every message after each of thousands of random steps: sends that repeat,
 * overlap and are killed, deletions, edits, read markers that move forward and back, and members who join and leave.
 */
import { describe, expect, it } from 'vitest';
import { deleteMessage } from '../../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../../shared/domain/messages/edit-message.ts';
import { listUnread } from '../../../shared/domain/messages/list-unread.ts';
import { markUnread } from '../../../shared/domain/messages/mark-unread.ts';
import { listReaders, markRead } from '../../../shared/domain/messages/read-markers.ts';
import { sendMessage } from '../../../shared/domain/messages/send-message.ts';
import { encodeMessageId } from '../../../shared/domain/message-id.ts';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import { listMyRooms } from '../../../shared/domain/rooms/list-rooms.ts';
import { leaveRoom } from '../../../shared/domain/rooms/membership/members.ts';
import { stillAllowed } from '../../../shared/domain/rooms/verify-access.ts';
import type { Item } from '../../../shared/storage/item.ts';
import {
  recordOwnSeq,
  archiveAfterDeletion,
  archiveAfterSend,
} from '../../../shared/domain/messages/unread-seqs.ts';
import { memberOf, roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob, cat } from '../../kit/memory-chat/system.ts';
import { type Lifetime } from './turns.ts';
import { type System, openSystem } from './unread-system.ts';

const isPublishedByStream = () => false;

async function send(system: System, caller: Caller, clientId: string | undefined, lifetime?: Lifetime) {
  const { userId, username } = caller;
  const sending = { roomId, userId, username, content: clientId ?? 'hi', clientId, isPublishedByStream };
  const right = { action: 'sendMessage', roomId, userId } as const;
  return system.begin(async (ports) => {
    const sent = await sendMessage(ports, { ...sending, verify: stillAllowed(ports, right) });
    await archiveAfterSend(ports, sent, await recordOwnSeq(ports, sent.entry));
  }, lifetime);
}

/**
 * Counts the unread messages one by one. `unrecorded` are the reader's own whose writer was killed before it recorded
 * them.
 */
function countOneByOne(
  system: System,
  { userId }: Caller,
  marker: number,
): { others: number; unrecorded: number } {
  const own = new Set(system.own(userId));
  const left = system
    .log()
    .filter(
      (entry) =>
        entry['kind'] === 'message' && (entry['seq'] as number) > marker && entry['deleted_at'] === undefined,
    );
  return {
    others: left.filter((entry) => entry['user_id'] !== userId).length,
    unrecorded: left.filter((entry) => entry['user_id'] === userId && !own.has(entry['seq'] as number))
      .length,
  };
}

const people = [ann, bob, cat];

async function runSteps(
  seed: number,
  steps: number,
  breakSystem: (system: System) => void = () => undefined,
): Promise<{ compared: number; archived: number }> {
  const system = await openSystem(seed);
  breakSystem(system);
  const { random, below, atOnce, room } = system;
  /** By user, the seq up to which everything counts as read, and the furthest that others have seen of it. */
  const markers = new Map<string, number>();
  const receipts = new Map<string, number>();
  /** Users whose writer may have been killed between storing a message and recording its seq as their own. */
  const killed = new Set<string>();
  let compared = 0;
  let archived = 0;
  let ids = 0;

  const isMember = async ({ userId }: Caller) => (await atOnce.members.get(roomId, userId)) !== undefined;
  const messagesOf = (caller?: Caller): Item[] =>
    system
      .log()
      .filter(
        (entry) =>
          entry['kind'] === 'message' && (caller === undefined || entry['user_id'] === caller.userId),
      );
  const pickFrom = <T>(all: T[]): T | undefined => all[below(all.length)];

  async function step(): Promise<void> {
    const who = people[below(people.length)]!;
    const chance = random();
    if (!(await isMember(who))) {
      if (chance < 0.3) await atOnce.members.join(memberOf(room, who));
      return;
    }
    if (chance < 0.35) {
      void send(system, who, undefined);
    } else if (chance < 0.5) {
      const clientId = random() < 0.5 ? `id-${(ids += 1)}` : `id-${below(ids + 1)}`;
      for (let repeat = below(4); repeat >= 0; repeat -= 1) void send(system, who, clientId).catch(ignore);
    } else if (chance < 0.6) {
      const lifetime = { killAtTurn: 1 + below(4), killAfterStep: random() < 0.5 };
      const clientId = random() < 0.5 ? `id-${(ids += 1)}` : undefined;
      if ((await Promise.all([send(system, who, clientId, lifetime), system.untilQuiet()]))[0] === 'done')
        return;
      // A client without an answer repeats a send that has a client_id.
      if (clientId === undefined) killed.add(who.userId);
      else void send(system, who, clientId);
    } else if (chance < 0.75) {
      const target = pickFrom(messagesOf(who));
      const message = target && (await atOnce.log.get(roomId, target['seq'] as number));
      if (message?.kind !== 'message' || message.isDeleted) return;
      const right = { roomId, userId: who.userId };
      const lifetime =
        random() < 0.2 ? { killAtTurn: 1 + below(4), killAfterStep: random() < 0.5 } : undefined;
      if (chance < 0.65)
        void system
          .begin((ports) => {
            const verify = stillAllowed(ports, { action: 'editMessage', ...right });
            return editMessage(ports, { message, content: 'edited', isPublishedByStream, verify });
          }, lifetime)
          .catch(ignore);
      else
        void system.begin(async (ports) => {
          const verify = stillAllowed(ports, { action: 'deleteMessage', ...right });
          const deleted = await deleteMessage(ports, { message, isPublishedByStream, verify });
          if (deleted) await archiveAfterDeletion(ports, deleted.head);
        }, lifetime);
    } else if (chance < 0.8) {
      const target = pickFrom(messagesOf().slice(-below(30)));
      const seq = target?.['seq'] as number | undefined;
      if (seq === undefined) return;
      await markRead(atOnce, who, roomId, encodeMessageId(roomId, seq));
      markers.set(who.userId, Math.max(seq, markers.get(who.userId) ?? 0));
      receipts.set(who.userId, Math.max(seq, receipts.get(who.userId) ?? 0));
    } else if (chance < 0.81 && who !== ann) {
      await leaveRoom(atOnce, who, roomId);
      markers.delete(who.userId);
      receipts.delete(who.userId);
    } else if (chance < 0.86) {
      const marker = markers.get(who.userId) ?? 0;
      const messages = messagesOf().map((entry) => entry['seq'] as number);
      const isRead = random() < 0.8;
      const seq = pickFrom(isRead ? messages.filter((one) => one <= marker).slice(-30) : messages);
      if (seq === undefined) return;
      await markUnread(atOnce, who, roomId, encodeMessageId(roomId, seq));
      markers.set(who.userId, Math.min(seq - 1, marker));
    }
  }

  async function compare(): Promise<void> {
    if (system.hasGaps()) await system.fillGaps();
    for (const who of people) {
      if (!(await isMember(who))) continue;
      const { others, unrecorded } = countOneByOne(system, who, markers.get(who.userId) ?? 0);
      if (!killed.has(who.userId)) expect(unrecorded).toBe(0);
      const [mine] = (await listMyRooms(atOnce, who, { limit: 1 })).items;
      const count = others + unrecorded;
      expect(mine!.unread_count, `of ${who.username} in room ${seed}`).toBe(count);
      const rooms = count === 0 ? [] : [{ room_id: roomId, unread_count: count }];
      expect((await listUnread(atOnce, who, undefined)).items).toEqual({ total: count, rooms });
      compared += 1;
    }
    for (const { user_id: userId, last_read_message_id: id } of await listReaders(atOnce, ann, roomId)) {
      const receipt = receipts.get(userId);
      expect(id).toBe(receipt === undefined ? null : encodeMessageId(roomId, receipt));
    }
  }

  for (let count = 0; count < steps; count += 1) {
    for (let concurrent = 1 + below(3); concurrent > 0; concurrent -= 1) await step();
    if (random() < 0.2) void system.readConcurrently();
    await system.untilQuiet();
    await compare();
    archived = system.archived().length;
  }
  return { compared, archived };
}

/** Ignores refusals: an edit of a message that was deleted concurrently, or a client_id with other content. */
const ignore = (): void => undefined;

describe('the unread count', { timeout: 120_000 }, () => {
  it.each([1, 2, 3, 4, 5])(
    'equals a count of every message after each of 250 random steps (random seed %i)',
    async (seed) => {
      const { compared, archived } = await runSteps(seed, 250);
      expect(compared).toBeGreaterThan(300);
      expect(archived).toBeGreaterThan(0);
    },
  );

  it.each<{ defect: string; breakSystem: (system: System) => void }>([
    {
      defect: 'what others see of a marker moves back with it',
      breakSystem({ atOnce: { members } }) {
        const mark = members.markUnread.bind(members);
        members.markUnread = (member, marker) => mark(member, marker, marker);
      },
    },
    {
      defect: 'a marker that moves back counts the message before as unread',
      breakSystem({ atOnce: { members } }) {
        const mark = members.markUnread.bind(members);
        members.markUnread = (member, { messageSeqs, ...marker }, furthest) =>
          mark(member, { ...marker, messageSeqs: messageSeqs - 1 }, furthest);
      },
    },
  ])('finds the defect that $defect', async ({ breakSystem }) => {
    await expect(runSteps(1, 250, breakSystem)).rejects.toThrow(/expected .+ to (be|equal|deeply equal)/);
  });
});
