/** `history`: sends older messages, or every entry after a seq, to this socket alone. */
import * as limits from '../../../shared/contract/limits.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { sendInOrder } from '../../../shared/realtime/send-events.ts';
import { historyEvents } from '../../../shared/realtime/send-history.ts';
import { accessRoom, type CommandHandler } from '../command.ts';

export const history: CommandHandler<'history'> = async (ports, connection, command) => {
  const { before, after, limit = limits.pageSize, ref } = command;
  const { roomId, verify } = accessRoom(ports, connection, 'readMessages', command);
  if (before !== undefined && after !== undefined) {
    throw new ChatError('invalid_request', { detail: 'Use either before or after, not both' });
  }
  const head = await verify(await ports.rooms.head(roomId));
  const events = await historyEvents(ports, head, { before, after, limit, ref });
  // Verified again after reading, so that nothing is sent that was committed after the right had ended.
  await verify(await ports.rooms.head(roomId));
  await sendInOrder(ports, connection, events);
};
