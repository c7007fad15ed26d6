/** Watched inboxes: their watches, the heads that name them to writers, and the pace of each room. */
import type { InboxStore } from '../domain/ports/inbox.ts';
import { activityPaceItems } from './entities/activity-pace.ts';
import { headItems } from './entities/head.ts';
import { inboxWatchItems } from './entities/inbox-watch.ts';
import type { Table } from './table.ts';

export function inboxStore(table: Table): InboxStore {
  const { setWatched, clearWatched } = headItems(table);
  return { ...inboxWatchItems(table), ...activityPaceItems(table), setWatched, clearWatched };
}
