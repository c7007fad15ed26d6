/** The log of a function: one JSON line for each entry, without secrets. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { FailureLog } from '../domain/ports/system.ts';

export const logger = new Logger();

/** The same log, as the port that the domain and realtime use. */
export const failureLog: FailureLog = logger;
