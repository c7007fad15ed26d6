/** `inbox`: from now on, the socket receives the activity of its user's rooms that it has not joined. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { watchRoomsOf } from '../../../shared/domain/inbox/watch-rooms.ts';
import { ready } from '../../../shared/realtime/frames.ts';
import { toFrame } from '../../../shared/realtime/send-events.ts';
import type { CommandHandler } from '../command.ts';

export const inbox: CommandHandler<'inbox'> = async (ports, connection, { ref }) => {
  const { connectionId, userId, isSingleRoom } = connection;
  if (isSingleRoom)
    throw new ChatError('forbidden', { detail: 'This socket was opened for one room and has no inbox' });
  // Registered before the rooms are watched, so that the end of an idle watch sees the socket.
  if (!(await ports.connections.openInbox(connectionId))) return;
  await ports.subscriptions.openInbox(userId, connectionId);
  await watchRoomsOf(ports, userId);
  const { heartbeatSeconds } = ports.settings;
  const answer = ready(connection, undefined, {
    heartbeatSeconds,
    now: ports.clock.now(),
    inbox: true,
    ref,
  });
  await ports.connectionGateway.post(connectionId, toFrame(answer));
};
