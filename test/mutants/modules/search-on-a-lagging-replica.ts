/** Defect: searches read a replica that shows entries as they were two seconds ago. */
import type { LogEntry } from '../../../shared/domain/model/log.ts';
import type { LogStore } from '../../../shared/domain/ports/log.ts';
import * as original from '../../../shared/domain/search/room-reading.ts';

export * from '../../../shared/domain/search/room-reading.ts';

const lagMs = 2_000;

/** What each entry was when it was first read, and when that was. */
const seen = new Map<string, { entry: LogEntry; atMs: number }>();

function asSeenBefore(entry: LogEntry): LogEntry {
  const key = `${entry.roomId}/${entry.seq}`;
  const before = seen.get(key);
  if (before !== undefined && Date.now() - before.atMs < lagMs) return before.entry;
  seen.set(key, { entry, atMs: Date.now() });
  return entry;
}

const lagging = (log: Pick<LogStore, 'rangeDown'>): Pick<LogStore, 'rangeDown'> => ({
  rangeDown: async (...range) => (await log.rangeDown(...range)).map(asSeenBefore),
});

export const RoomReading: typeof original.RoomReading = class extends original.RoomReading {
  constructor(...[ports, ...others]: ConstructorParameters<typeof original.RoomReading>) {
    super({ ...ports, log: lagging(ports.log) }, ...others);
  }
};
