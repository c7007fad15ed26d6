/** Users, sessions, tickets and counters in memory, with the conditions of the real stores. */
import { createHash } from 'node:crypto';
import { foldCase } from '../../../shared/contract/names.ts';
import { isRevokedBy, type UserRevocation } from '../../../shared/domain/accounts/revocation.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import type { Account, Login, Session, Ticket, User } from '../../../shared/domain/model.ts';
import type {
  LimitStore,
  LoginPause,
  LoginPauseStore,
  RevocationStore,
  SessionStore,
  UserStore,
} from '../../../shared/domain/ports/accounts.ts';
import type { BudgetStore, Spending } from '../../../shared/domain/ports/budget.ts';
import type { CursorSeal } from '../../../shared/domain/ports/rooms.ts';
import type { TicketStore } from '../../../shared/domain/ports/sockets.ts';

/** Both are written in one transaction, so the revocations of users are shared with `fakeRevocations`. */
export function fakeUsers(ofUsers: Map<string, UserRevocation> = new Map()): UserStore {
  const users = new Map<string, User & Account>();
  const logins = new Map<string, Login>();
  /** As it was read, and not that of a deleted account. */
  const isStill = (login: Login): boolean => {
    const now = logins.get(foldCase(login.username));
    return (
      now?.userId === login.userId &&
      now.passwordHash === login.passwordHash &&
      now.tokenVersion === login.tokenVersion
    );
  };
  return {
    async register(user, account, login) {
      if (logins.has(foldCase(login.username))) throw new ChatError('username_taken');
      logins.set(foldCase(login.username), structuredClone(login));
      users.set(user.userId, structuredClone({ ...user, ...account }));
    },
    async findLogin(username) {
      const login = logins.get(foldCase(username));
      return login === undefined || login.userId === '' ? undefined : structuredClone(login);
    },
    async renewHash(login, passwordHash) {
      if (isStill(login)) logins.set(foldCase(login.username), { ...login, passwordHash });
    },
    async revokeTokens(login, revocation, passwordHash = login.passwordHash) {
      if (!isStill(login)) return false;
      const { tokenVersion } = revocation;
      logins.set(foldCase(login.username), { ...login, passwordHash, tokenVersion });
      ofUsers.set(login.userId, revocation);
      return true;
    },
    async erase(login, { userId }, revocation) {
      if (!isStill(login)) return false;
      logins.set(foldCase(login.username), { userId: '', username: '', passwordHash: '', tokenVersion: 0 });
      ofUsers.set(login.userId, revocation);
      users.delete(userId);
      return true;
    },
    get: async (userId) => structuredClone(users.get(userId)),
    getWithAccount: async (userId) => structuredClone(users.get(userId)),
    async update(userId, changes) {
      const user = users.get(userId);
      return user && structuredClone(Object.assign(user, changes));
    },
    async findByPrefix(prefix, limit) {
      return [...users.values()]
        .filter(({ username }) => foldCase(username).startsWith(foldCase(prefix)))
        .sort((a, b) => (foldCase(a.username) < foldCase(b.username) ? -1 : 1))
        .slice(0, limit);
    },
  };
}

export function fakeSessions(): SessionStore & { all: Map<string, Session> } {
  const all = new Map<string, Session>();
  return {
    all,
    async create(session) {
      all.set(session.sessionId, structuredClone(session));
    },
    get: async (userId, sessionId) => {
      const session = all.get(sessionId);
      return session?.userId === userId ? structuredClone(session) : undefined;
    },
    async page(userId, limit, after) {
      const ids = [...all.values()]
        .filter((one) => one.userId === userId)
        .sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1));
      const from = after === undefined ? 0 : ids.findIndex(({ sessionId }) => sessionId > after);
      const items = from < 0 ? [] : ids.slice(from, from + limit);
      const isLast = from < 0 || from + limit >= ids.length;
      return { items: structuredClone(items), next: isLast ? undefined : items.at(-1)?.sessionId };
    },
    async removeMany(_userId, sessionIds) {
      for (const sessionId of sessionIds) all.delete(sessionId);
    },
    async rotate(session, fromHash) {
      if (all.get(session.sessionId)?.currentHash !== fromHash) return false;
      all.set(session.sessionId, structuredClone(session));
      return true;
    },
    async end(_userId, sessionId) {
      all.delete(sessionId);
    },
  };
}

export function fakeRevocations(): RevocationStore & {
  all: Map<string, number>;
  ofUsers: Map<string, UserRevocation>;
} {
  const all = new Map<string, number>();
  const ofUsers = new Map<string, UserRevocation>();
  return {
    all,
    ofUsers,
    async revoke(sessionId, until) {
      all.set(sessionId, until);
    },
    async isRevoked(holder) {
      const ofUser = ofUsers.get(holder.userId);
      return all.has(holder.sessionId) || (ofUser !== undefined && isRevokedBy(ofUser, holder));
    },
    findOfUser: async (userId) => ofUsers.get(userId),
  };
}

export function fakeTickets(): TicketStore {
  const tickets = new Map<string, Ticket>();
  return {
    async put(hash, ticket) {
      tickets.set(hash, structuredClone(ticket));
    },
    async take(hash) {
      const ticket = tickets.get(hash);
      tickets.delete(hash);
      return ticket;
    },
  };
}

/** Seals that anybody could forge, and nobody by accident. */
export function fakeCursors(): CursorSeal {
  const sealOf = (scope: string, place: string): string =>
    createHash('sha256').update(`${scope} ${place}`).digest('base64url');
  return {
    sign: async (scope, place) => sealOf(scope, place),
    verify: async (scope, place, seal) => seal === sealOf(scope, place),
  };
}

export function fakeLoginPauses(): LoginPauseStore {
  const all = new Map<string, LoginPause>();
  return {
    find: async (scope) => all.get(scope),
    async replace(scope, from, to) {
      const now = all.get(scope);
      if (now?.pauseMs !== from?.pauseMs || now?.nextAt !== from?.nextAt) return false;
      all.set(scope, to);
      return true;
    },
    async reset(scope) {
      const now = all.get(scope);
      if (now !== undefined) all.set(scope, { ...now, pauseMs: 0 });
    },
  };
}

export function fakeLimits(): LimitStore {
  const hits = new Map<string, number>();
  const keyOf = (scope: string, windowStart: number): string => `${scope} ${windowStart}`;
  return {
    counts: async (scopes, windowStart) => scopes.map((scope) => hits.get(keyOf(scope, windowStart)) ?? 0),
    async hit(scope, windowStart) {
      const count = (hits.get(keyOf(scope, windowStart)) ?? 0) + 1;
      hits.set(keyOf(scope, windowStart), count);
      return count;
    },
    async takeBack(scope, windowStart) {
      const key = keyOf(scope, windowStart);
      const count = hits.get(key);
      if (count !== undefined) hits.set(key, count - 1);
    },
  };
}

export interface FakeBudgets extends BudgetStore {
  /** Every spending, in order. */
  spent: (Spending & { userId: string })[];
}

export function fakeBudgets(): FakeBudgets {
  const spent: FakeBudgets['spent'] = [];
  const totals = new Map<string, number>();
  const add = (key: string, amount: number): number => {
    totals.set(key, (totals.get(key) ?? 0) + amount);
    return totals.get(key)!;
  };
  return {
    spent,
    async spend(userId, spending, now) {
      spent.push({ userId, ...spending });
      return {
        costMicroDollars: add(`${userId} ${Math.floor(now / 60_000)}`, spending.costMicroDollars),
        writes: add(`${userId} writes ${Math.floor(now / 10_000)}`, spending.writes),
      };
    },
  };
}
