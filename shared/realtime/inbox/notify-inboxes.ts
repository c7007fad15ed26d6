/** Posts an event of a room to the inboxes that watch it: what a list of rooms shows besides the activity. */
import type { ServerEvent } from '../../contract/websocket/events.ts';
import { isInboxSocket } from '../../domain/inbox/watch-rooms.ts';
import type { InboxStore } from '../../domain/ports/inbox.ts';
import type { MemberStore } from '../../domain/ports/rooms.ts';
import type { ConnectionStore } from '../../domain/ports/sockets.ts';
import { fanOut, type PublishPorts } from '../fan-out.ts';
import { findInboxSockets } from './inbox-sockets.ts';

export interface NotifyInboxesPorts extends PublishPorts {
  inbox: Pick<InboxStore, 'watchers'>;
  members: Pick<MemberStore, 'getMany'>;
  connections: PublishPorts['connections'] & Pick<ConnectionStore, 'getMany'>;
}

/**
 * Posts to the sockets that do not have the room open. The event must be committed: who is a member is read afterwards, so
 * that it does not reach a user who lost access before.
 */
export async function notifyInboxes(
  ports: NotifyInboxesPorts,
  roomId: string,
  events: readonly ServerEvent[],
): Promise<void> {
  const watches = await ports.inbox.watchers(roomId);
  const members = await ports.members.getMany(
    roomId,
    watches.map(({ userId }) => userId),
  );
  const sockets = await findInboxSockets(
    ports,
    members.map(({ userId }) => userId),
  );
  const connections = await ports.connections.getMany([...sockets.values()].flat());
  const now = ports.clock.now();
  const recipients = connections.filter(
    (connection) => isInboxSocket(connection, now) && connection.rooms[roomId] === undefined,
  );
  await fanOut(ports, recipients, events);
}
