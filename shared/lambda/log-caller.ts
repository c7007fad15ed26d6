/** Adds the ids of the caller to the log lines of an invocation: ids that support can search for, no names or addresses. */
import type { Caller } from '../domain/model/accounts.ts';
import { logger } from './logger.ts';

/** Adds the ids to every later line of the invocation. */
export function logCaller({ userId, sessionId }: Pick<Caller, 'userId' | 'sessionId'>): void {
  logger.appendKeys({ user_id: userId, session_id: sessionId });
}
