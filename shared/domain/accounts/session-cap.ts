/** Limits the sessions of a user: the oldest one ends when a new one exceeds the limit. */
import type { Login, Session } from '../model/accounts.ts';
import type { SessionStore, UserStore } from '../ports/accounts.ts';
import { endSessions, type EndSessionsPorts } from './end-sessions.ts';
import { isRevokedBy, type UserRevocation } from './revocation.ts';
import { completeRevocation, nextRevocation, type TokenLifetimes } from './revoke-tokens.ts';
import { waitForAll } from '../wait-for-all.ts';

export const maxSessions = 50;

/**
 * Reads at most half a megabyte. Data from before the limit may hold more sessions; later sign-ins remove
 * those.
 */
const pageSize = 200;
const maxPages = 5;

/** More than this are ended by one revocation. Only data from before the limit holds so many. */
const maxEndedOneByOne = 100;

export interface CapPorts extends EndSessionsPorts {
  users: Pick<UserStore, 'revokeTokens'>;
  sessions: Pick<SessionStore, 'page' | 'end' | 'removeMany'>;
}

/** Returns the stored sessions of a user, including expired and revoked ones, up to a bounded number. */
export async function readSessions(
  { sessions }: { sessions: Pick<SessionStore, 'page'> },
  userId: string,
): Promise<Session[]> {
  const found: Session[] = [];
  let after: string | undefined;
  for (let page = 1; page <= maxPages; page += 1) {
    const { items, next } = await sessions.page(userId, pageSize, after);
    found.push(...items);
    if (next === undefined) break;
    after = next;
  }
  return found;
}

/**
 * Returns whether a session has neither expired nor been revoked. Expired sessions stay stored for some time.
 */
export function isAlive(session: Session, revocation: UserRevocation | undefined, now: number): boolean {
  return (
    Math.min(session.currentEndsAtMs, session.endsAtMs) > now &&
    (revocation === undefined || !isRevokedBy(revocation, session))
  );
}

/**
 * Ends the oldest sessions that exceed the limit, and removes those that have expired or been revoked. The new
 * session must be stored first, so that of several concurrent sign-ins the last one sees all new sessions.
 */
export async function endOldestSessions(
  ports: CapPorts,
  { login, newest, revocation }: { login: Login; newest: Session; revocation: UserRevocation | undefined },
  lifetimes: TokenLifetimes,
): Promise<void> {
  const { userId } = newest;
  const now = ports.clock.now();
  const others = (await readSessions(ports, userId)).filter(
    ({ sessionId }) => sessionId !== newest.sessionId,
  );
  const alive = others.filter((session) => isAlive(session, revocation, now));
  const dead = others.filter((session) => !isAlive(session, revocation, now));
  const surplus = alive.toSorted((a, b) => b.createdAtMs - a.createdAtMs).slice(maxSessions - 1);
  await waitForAll([
    surplus.length > maxEndedOneByOne
      ? endAllOthers(ports, login, newest, lifetimes)
      : endSessions(ports, userId, idsOf(surplus), lifetimes),
    dead.length === 0 ? undefined : ports.sessions.removeMany(userId, idsOf(dead)),
  ]);
}

async function endAllOthers(
  ports: CapPorts,
  login: Login,
  newest: Session,
  lifetimes: TokenLifetimes,
): Promise<void> {
  const next = nextRevocation(login, newest.sessionId, ports.clock.now(), lifetimes);
  // If another request has changed the login since, nothing is ended here, and the next sign-in ends the
  // sessions.
  if (await ports.users.revokeTokens(login, next)) await completeRevocation(ports, next);
}

const idsOf = (sessions: readonly Session[]): string[] => sessions.map(({ sessionId }) => sessionId);
