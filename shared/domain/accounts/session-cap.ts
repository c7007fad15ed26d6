/** How many sessions a user may have at a time: the oldest ends when one more begins. */
import type { Login, Session } from '../model.ts';
import type { SessionStore, UserStore } from '../ports/accounts.ts';
import { endSessions, type EndSessionsPorts } from './end-sessions.ts';
import { isRevokedBy, type UserRevocation } from './revocation.ts';
import { completeRevocation, nextRevocation, type TokenLifetimes } from './revoke-tokens.ts';

export const maxSessions = 50;

/** Half a megabyte at most: what older data holds beyond it is met by the next logins, which remove what they meet. */
const pageSize = 200;
const maxPages = 5;

/** More are ended by one revocation: only data from before there was a limit holds so many. */
const maxEndedOneByOne = 100;

export interface CapPorts extends EndSessionsPorts {
  users: Pick<UserStore, 'revokeTokens'>;
  sessions: Pick<SessionStore, 'page' | 'end' | 'removeMany'>;
}

/** Sessions that are stored, expired and revoked ones included, as far as a bounded read goes. */
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

/** The database removes what has expired some time later. */
export function isAlive(session: Session, revocation: UserRevocation | undefined, now: number): boolean {
  return (
    Math.min(session.currentEndsAt, session.endsAt) > now &&
    (revocation === undefined || !isRevokedBy(revocation, session))
  );
}

/**
 * Ends the oldest sessions beyond the number, and removes those that are over. Read after the new one was stored: of
 * logins at the same moment the last one sees them all.
 */
export async function endOldestSessions(
  ports: CapPorts,
  { login, present, revocation }: { login: Login; present: Session; revocation: UserRevocation | undefined },
  lifetimes: TokenLifetimes,
): Promise<void> {
  const { userId } = present;
  const now = ports.clock.now();
  const others = (await readSessions(ports, userId)).filter(
    ({ sessionId }) => sessionId !== present.sessionId,
  );
  const alive = others.filter((session) => isAlive(session, revocation, now));
  const over = others.filter((session) => !isAlive(session, revocation, now));
  const surplus = alive.toSorted((a, b) => b.createdAt - a.createdAt).slice(maxSessions - 1);
  await Promise.all([
    surplus.length > maxEndedOneByOne
      ? endAllOthers(ports, login, present, lifetimes)
      : endSessions(ports, userId, idsOf(surplus), lifetimes),
    over.length === 0 ? undefined : ports.sessions.removeMany(userId, idsOf(over)),
  ]);
}

async function endAllOthers(
  ports: CapPorts,
  login: Login,
  present: Session,
  lifetimes: TokenLifetimes,
): Promise<void> {
  const next = nextRevocation(login, present.sessionId, ports.clock.now(), lifetimes);
  // Otherwise another request has changed the login in the time between, and the next login finds what is left.
  if (await ports.users.revokeTokens(login, next)) await completeRevocation(ports, next);
}

const idsOf = (sessions: readonly Session[]): string[] => sessions.map(({ sessionId }) => sessionId);
