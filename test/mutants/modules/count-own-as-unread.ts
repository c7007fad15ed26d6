/** Defect: unread counts include the reader's own messages. */
import * as original from '../../../shared/domain/messages/unread.ts';

export * from '../../../shared/domain/messages/unread.ts';

export const countUnread: typeof original.countUnread = (ports, input) =>
  original.countUnread(ports, { ...input, own: undefined });

export const countUnreadInRooms: typeof original.countUnreadInRooms = (ports, ...input) =>
  original.countUnreadInRooms(
    {
      ...ports,
      unread: { ...ports.unread, getOwn: async () => new Map() },
    },
    ...input,
  );
