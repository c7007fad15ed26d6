/** Somebody's own sessions: where they are signed in, and ending one or all of it. */
import type { Session as SessionView } from '../../contract/entities.ts';
import { ChatError } from '../chat-error.ts';
import type { Caller, Session } from '../model.ts';
import type { SessionStore } from '../ports/accounts.ts';
import type { Clock } from '../ports/world.ts';
import { viewSession } from '../views.ts';
import { endSessions, type SignOutPorts } from './end-sessions.ts';

interface ListPorts {
  sessions: Pick<SessionStore, 'list'>;
  clock: Clock;
}

type EndPorts = SignOutPorts & { sessions: SessionStore };
interface EndSettings {
  accessTokenLifetimeMs: number;
}

/** Newest first. */
export async function listSessions({ sessions, clock }: ListPorts, caller: Caller): Promise<SessionView[]> {
  const now = clock.now();
  return (await sessions.list(caller.userId))
    .filter((session) => isGood(session, now))
    .sort((a, b) => b.createdAt - a.createdAt)
    .map((session) => viewSession(session, caller.sessionId));
}

/** Throws `not_found`, for a session of somebody else too. */
export async function endOwnSession(
  ports: EndPorts,
  caller: Caller,
  sessionId: string,
  settings: EndSettings,
): Promise<void> {
  const session = await ports.sessions.get(caller.userId, sessionId);
  if (session === undefined || !isGood(session, ports.clock.now())) throw new ChatError('not_found');
  await endSessions(ports, caller.userId, [sessionId], settings);
}

/** Also the one that asks, should it be stored no more. */
export async function signOutEverywhere(
  ports: EndPorts,
  { userId, sessionId }: Pick<Caller, 'userId' | 'sessionId'>,
  settings: EndSettings,
): Promise<void> {
  const ids = new Set((await ports.sessions.list(userId)).map((session) => session.sessionId));
  await endSessions(ports, userId, [...ids.add(sessionId)], settings);
}

export async function endOtherSessions(
  ports: EndPorts,
  { userId, sessionId }: Pick<Caller, 'userId' | 'sessionId'>,
  settings: EndSettings,
): Promise<void> {
  const ids = (await ports.sessions.list(userId)).map((session) => session.sessionId);
  await endSessions(
    ports,
    userId,
    ids.filter((id) => id !== sessionId),
    settings,
  );
}

/** The database removes what has ended some time later. */
const isGood = ({ currentEndsAt, endsAt }: Session, now: number): boolean =>
  Math.min(currentEndsAt, endsAt) > now;
