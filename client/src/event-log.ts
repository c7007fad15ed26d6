/**
 * A record of what the client did, to find out later why: in memory, and passed on to a logger. It holds neither the
 * texts of messages nor tokens.
 */
import type { ChatProblem } from './problem.ts';
import type { Clock } from './system.ts';

/** From `silent`, which logs nothing, to `debug`, which logs everything. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** What has happened. */
export type LogEventName =
  | 'connection.opening'
  | 'connection.open'
  | 'connection.lost'
  | 'connection.shared'
  | 'connection.paused'
  | 'connection.stopped'
  | 'network.hint'
  | 'network.offline'
  | 'command.sent'
  | 'answer.received'
  | 'session.started'
  | 'session.renewed'
  | 'session.ended'
  | 'room.opening'
  | 'room.live'
  | 'room.recovering'
  | 'room.closed'
  | 'outbox.added'
  | 'outbox.refused'
  | 'outbox.stored'
  | 'outbox.discarded'
  | 'storage.failed';

/** An event of the client, as the event log and a `Logger` show it. */
export interface LogEntry {
  /** ISO 8601 by this machine's clock. */
  at: string;
  level: Exclude<LogLevel, 'silent'>;
  event: LogEventName;
  /** Ids, codes, numbers and sentences of problems. */
  [detail: string]: unknown;
}

/** Receives the entries of `logLevel` and above, such as `console`. */
export type Logger = Record<Exclude<LogLevel, 'silent'>, (message: string, entry: LogEntry) => void>;

/** Records an event. */
export type Log = (level: LogEntry['level'], event: LogEventName, details?: Record<string, unknown>) => void;

const levels: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug'];
const maxEntries = 500;

export interface EventLog {
  log: Log;
  /** Returns the newest entries, oldest first. */
  entries(): readonly LogEntry[];
}

export function createEventLog(clock: Clock, logLevel: LogLevel, logger: Logger): EventLog {
  const entries: LogEntry[] = [];
  return {
    log(level, event, details = {}) {
      const entry: LogEntry = { at: new Date(clock.now()).toISOString(), level, event, ...details };
      entries.push(entry);
      if (entries.length > maxEntries) entries.shift();
      if (levels.indexOf(level) > levels.indexOf(logLevel)) return;
      try {
        logger[level](`chat: ${event}`, entry);
      } catch {
        // The logger belongs to the application. Its fault must not end what is being logged.
      }
    },
    entries: () => [...entries],
  };
}

/** Returns what a record says of a problem. */
export const describe = (problem: ChatProblem | undefined): Record<string, unknown> =>
  problem === undefined ? {} : { code: problem.code, status: problem.status, problem: problem.detail };
