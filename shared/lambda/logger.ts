/** The one log of a function: structured, one line an entry, never with a secret in it. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { FailureLog } from '../domain/ports/system.ts';

export const logger = new Logger();

/** The same log, as the port of the domain and of realtime. */
export const failureLog: FailureLog = logger;
