/** `history`: older messages, or every entry since a seq, to this socket alone. */
import { limits } from '../../../shared/contract/limits.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { historyEvents } from '../../../shared/realtime/send-history.ts';
import { sendInOrder } from '../../../shared/realtime/send-in-order.ts';
import { roomOf, verifyOnSocket, type CommandHandler } from '../command.ts';

export const history: CommandHandler<'history'> = async (
  ports,
  connection,
  { before, after, limit, room_id, ref },
) => {
  const { roomId, room } = roomOf(connection, { room_id });
  if (before !== undefined && after !== undefined) {
    throw new ChatError('invalid_request', { detail: 'It takes before or after, not both' });
  }
  const verify = verifyOnSocket(ports, connection, { action: 'readMessages', roomId, room });
  const head = await verify(await ports.rooms.head(roomId));
  const events = await historyEvents(ports, head, { before, after, limit: limit ?? limits.pageSize, ref });
  // Once more after reading: nothing that was committed after the right had ended is sent.
  await verify(await ports.rooms.head(roomId));
  await sendInOrder(ports, connection, events);
};
