/** All of a chat in memory: the ports of the domain, and a room to begin with. */
import { userBudget } from '../../../shared/domain/rate-limits/user-budget.ts';
import type { Caller, Member, Room } from '../../../shared/domain/model.ts';
import { contentHashes } from '../../../shared/lambda/content-hashes.ts';
import { chatState } from './chat-state.ts';
import { fakeErasures } from './erasure-store.ts';
import { fakeLog } from './log-store.ts';
import {
  fakeBudgets,
  fakeCursors,
  fakeLimits,
  fakeRevocations,
  fakeSessions,
  fakeTickets,
  fakeLoginPauses,
  fakeUsers,
} from './people.ts';
import { fakeMembers, fakeRooms } from './room-store.ts';
import { fakeAdmissions, fakeSubscriptions, fakeConnections } from './sockets.ts';
import { fakeUnread } from './unread-store.ts';
import { ann, fakeClock, fakeRandom, fingerprint, start, uuid } from './system.ts';

/** Far above what any test spends that is not about budgets. */
export const noBudgetLimits = { microDollarsPerMinute: 1_000_000_000, writesPer10Seconds: 1_000_000 };

export function fakeChat() {
  const state = chatState();
  const [clock, budgets] = [fakeClock(), fakeBudgets()];
  const [rooms, connections, revocations] = [fakeRooms(state), fakeConnections(), fakeRevocations()];
  return {
    state,
    rooms,
    members: fakeMembers(state),
    log: fakeLog(state),
    unread: fakeUnread(state),
    erasures: fakeErasures(state),
    users: fakeUsers(revocations.ofUsers),
    sessions: fakeSessions(),
    revocations,
    tickets: fakeTickets(),
    limits: fakeLimits(),
    loginPauses: fakeLoginPauses(),
    budgets,
    budget: userBudget({ budgets, clock }, noBudgetLimits),
    cursors: fakeCursors(),
    rates: { spend: async () => undefined },
    connections,
    subscriptions: fakeSubscriptions(),
    admissions: fakeAdmissions({ rooms, connections, revocations }),
    clock,
    logger: { warn: () => undefined, error: () => undefined },
    random: fakeRandom(),
    fingerprint,
    contentHashes: contentHashes(async () => 'the key of the stack'),
  };
}

export type FakeChat = ReturnType<typeof fakeChat>;

export const roomId = uuid(100);

export function roomOf(more: Partial<Room> = {}): Room {
  return {
    roomId,
    name: 'general',
    description: '',
    createdAt: start,
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
  return { roomId: room.roomId, userId, username, role, joinedAt: start, ...more };
}

/** A room of ann's, with these besides. */
export async function openChat(more: Partial<Room> = {}, ...others: Caller[]): Promise<FakeChat> {
  const chat = fakeChat();
  const room = roomOf({ memberCount: 1 + others.length, ...more });
  const members = [ann, ...others].map((caller) => memberOf(room, caller));
  await chat.rooms.create(room, members, []);
  return chat;
}
