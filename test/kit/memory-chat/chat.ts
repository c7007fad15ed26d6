/** A chat over a memory table: the domain's ports as the real stores, and a room to begin with. */
import { userBudget } from '../../../shared/domain/rate-limits/user-budget.ts';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import type { Member, Room } from '../../../shared/domain/model/rooms.ts';
import { contentHashes } from '../../../shared/lambda/content-hashes.ts';
import { connectionStore } from '../../../shared/storage/connection-store.ts';
import { admissionStore } from '../../../shared/storage/entities/connection.ts';
import { limitStore } from '../../../shared/storage/entities/limit.ts';
import { loginPauseStore } from '../../../shared/storage/entities/login-pause.ts';
import { revocationStore } from '../../../shared/storage/entities/revocation.ts';
import { sessionStore } from '../../../shared/storage/entities/session.ts';
import { subscriptionStore } from '../../../shared/storage/entities/subscription.ts';
import { ticketStore } from '../../../shared/storage/entities/ticket.ts';
import { uploadStore } from '../../../shared/storage/entities/upload.ts';
import { erasureStore } from '../../../shared/storage/erasure-store.ts';
import { inboxStore } from '../../../shared/storage/inbox-store.ts';
import { logStore } from '../../../shared/storage/log-store.ts';
import { memberStore } from '../../../shared/storage/member-store.ts';
import { pictureStore } from '../../../shared/storage/entities/picture.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import { unreadStore } from '../../../shared/storage/unread-store.ts';
import { userStore } from '../../../shared/storage/user-store.ts';
import { memoryObjects } from '../memory-objects.ts';
import { immediately, memoryTable } from '../memory-table/memory-table.ts';
import { recordedBudgets } from './budgets.ts';
import { unkeyedCursors } from './cursors.ts';
import { plainFileAddresses } from './files.ts';
import { recordedMetrics } from './metrics.ts';
import {
  storedChat,
  storedConnections,
  storedErasureSteps,
  storedRevocations,
  storedSessions,
  storedSubscriptions,
} from './stored.ts';
import { ann, manualClock, countingRandom, fingerprint, start, uuid } from './system.ts';

/** Far above what any test spends that is not about budgets. */
export const noBudgetLimits = { microDollarsPerMinute: 1_000_000_000, writesPer10Seconds: 1_000_000 };

export function memoryChat() {
  const table = memoryTable();
  const db = table.as(immediately);
  const clock = manualClock();
  const budgets = recordedBudgets(db);
  return {
    table,
    state: storedChat(table),
    rooms: roomStore(db),
    members: memberStore(db),
    log: logStore(db),
    unread: unreadStore(db),
    inbox: inboxStore(db),
    erasures: { ...erasureStore(db), steps: () => storedErasureSteps(table) },
    users: userStore(db),
    sessions: { ...sessionStore(db), all: storedSessions(table) },
    revocations: { ...revocationStore(db), all: storedRevocations(table) },
    tickets: ticketStore(db),
    uploads: uploadStore(db),
    pictures: pictureStore(db),
    objects: memoryObjects(clock),
    files: plainFileAddresses(),
    /** Nothing was posted, so a check ends without a result. */
    checkUpload: async () => true,
    limits: limitStore(db),
    loginPauses: loginPauseStore(db),
    budgets,
    budget: userBudget({ budgets, clock }, noBudgetLimits),
    cursors: unkeyedCursors(),
    rates: { spend: async () => undefined },
    connections: { ...connectionStore(db), all: storedConnections(table) },
    subscriptions: {
      ...subscriptionStore(db),
      of: (topic: string) => storedSubscriptions(table, topic),
    },
    admissions: admissionStore(db),
    clock,
    logger: { warn: () => undefined, error: () => undefined },
    random: countingRandom(),
    metrics: recordedMetrics(),
    fingerprint,
    contentHashes: contentHashes(async () => 'the key of the stack'),
  };
}

export type MemoryChat = ReturnType<typeof memoryChat>;

export const roomId = uuid(100);

export function roomOf(more: Partial<Room> = {}): Room {
  return {
    roomId,
    name: 'general',
    description: '',
    createdAtMs: start,
    creatorId: ann.userId,
    creatorUsername: ann.username,
    isPrivate: false,
    isDirect: false,
    memberCount: 1,
    ...more,
  };
}

export function memberOf(room: Room, { userId, username }: Caller, more: Partial<Member> = {}): Member {
  const role = userId === room.creatorId ? 'owner' : 'member';
  return { roomId: room.roomId, userId, username, role, joinedAtMs: start, ...more };
}

/** Returns a chat with one room, which ann owns and the others are members of. */
export async function openChat(more: Partial<Room> = {}, ...others: Caller[]): Promise<MemoryChat> {
  const chat = memoryChat();
  const room = roomOf({ memberCount: 1 + others.length, ...more });
  const members = [ann, ...others].map((caller) => memberOf(room, caller));
  await chat.rooms.create(room, members, []);
  return chat;
}
