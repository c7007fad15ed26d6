/** Who a function's log lines are about: ids that support can search for, never a name or an address. */
import type { Caller } from '../domain/model.ts';
import { logger } from './logger.ts';

/** Adds the ids to every further line of the invocation. */
export function logCaller({ userId, sessionId }: Pick<Caller, 'userId' | 'sessionId'>): void {
  logger.appendKeys({ user_id: userId, session_id: sessionId });
}
