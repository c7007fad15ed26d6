/** Defect: a search does not leave out deleted messages. */
import type { LogEntry, MessageEntry } from '../../../shared/domain/model/log.ts';

export * from '../../../shared/domain/search/criteria.ts';

export const isShown = (entry: LogEntry): entry is MessageEntry => entry.kind === 'message';
