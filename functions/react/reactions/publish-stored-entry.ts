/** An entry of a room's log that its writer left to the reaction: told to the room, and to whom else it concerns. */
import { readAudience } from '../../../shared/domain/connections/audience.ts';
import type { LogEntry } from '../../../shared/domain/model.ts';
import { viewRoom } from '../../../shared/domain/views.ts';
import { entryEvent } from '../../../shared/realtime/frames.ts';
import { publishEntry } from '../../../shared/realtime/publish-entry.ts';
import { findTargets } from '../../../shared/realtime/send-history.ts';
import { socketsOf, takeOutOfRoom, tellUser } from '../../../shared/realtime/take-out.ts';
import type { Dependencies } from '../dependencies.ts';
import { continuePurge } from './continue-purge.ts';

export async function publishStoredEntry(ports: Dependencies, entry: LogEntry): Promise<void> {
  const { roomId } = entry;
  const head = await ports.rooms.head(roomId);
  const shards = head?.shards ?? 1;
  switch (entry.kind) {
    case 'void':
      return;
    case 'message':
    case 'delete':
    case 'room_updated':
      await publishEntry(ports, entry, undefined, shards);
      return;
    case 'edit': {
      const targets = await findTargets(ports, roomId, [entry]);
      await publishEntry(ports, entry, targets.get(entry.targetSeq), shards);
      return;
    }
    case 'member_added': {
      const room = await ports.rooms.get(roomId);
      const event = { ...entryEvent(entry, undefined), room: room && viewRoom(room, head) };
      await Promise.all([
        publishEntry(ports, entry, undefined, shards),
        tellUser(ports, entry.member.id, roomId, event as ReturnType<typeof entryEvent>),
      ]);
      return;
    }
    case 'member_removed': {
      const sockets = await socketsOf(ports, entry.member.id);
      await Promise.all([
        publishEntry(ports, entry, undefined, shards),
        takeOutOfRoom(
          ports,
          sockets.map(({ connectionId }) => connectionId),
          roomId,
          {
            last: entryEvent(entry, undefined),
            code: 'forbidden',
            reason: 'You no longer belong to this room',
          },
        ),
      ]);
      return;
    }
    case 'room_deleted': {
      const audience = await readAudience(ports, roomId, shards);
      await takeOutOfRoom(
        ports,
        audience.map(({ connectionId }) => connectionId),
        roomId,
        { last: entryEvent(entry, undefined), code: 'room_unavailable', reason: 'The room was deleted' },
      );
      await continuePurge(ports, roomId, 0);
    }
  }
}
