/** `message`: store it, tell everyone in the room, and acknowledge it. */
import { encodeMessageId } from '../../../shared/domain/message-id.ts';
import { sendMessage } from '../../../shared/domain/messages/send-message.ts';
import { chargeFanOut } from '../../../shared/domain/rate-limits/costs.ts';
import { isoTime } from '../../../shared/domain/views.ts';
import { addOwnSeq, archiveAfterSend } from '../../../shared/lambda/archive-seqs.ts';
import { logger } from '../../../shared/lambda/logger.ts';
import { entryEvent, toFrame } from '../../../shared/realtime/frames.ts';
import { isLargeRoom, publish } from '../../../shared/realtime/publish.ts';
import { roomOf, verifyOnSocket, type CommandHandler } from '../command.ts';

export const message: CommandHandler<'message'> = async (
  ports,
  connection,
  { content, client_id, room_id },
) => {
  const { roomId, room } = roomOf(connection, { room_id });
  const { userId, username, connectionId } = connection;
  const verify = verifyOnSocket(ports, connection, { action: 'sendMessage', roomId, room });
  const sent = await sendMessage(ports, {
    roomId,
    userId,
    username,
    content,
    clientId: client_id,
    leaveToStream: isLargeRoom,
    verify: async (taken) => {
      await verify(taken);
    },
  });
  const { entry, duplicate, head } = sent;
  // While the subscribers is read; before the `ack`, so that the sender does not see an unread message of their own.
  const adding = addOwnSeq(ports, entry);
  const acknowledge = async (): Promise<void> => {
    await adding;
    await ports.connectionGateway.post(
      connectionId,
      toFrame({
        type: 'ack',
        ...(client_id === undefined ? {} : { client_id }),
        message_id: encodeMessageId(roomId, entry.seq),
        room_id: roomId,
        seq: entry.seq,
        timestamp: isoTime(entry.at),
        duplicate,
      }),
    );
  };
  const publishing =
    duplicate || entry.outbox ? undefined : publish(ports, head, [entryEvent(entry, undefined)]);
  await Promise.all([
    acknowledge(),
    publishing?.catch(leaveToTheGap),
    adding.then((own) => archiveAfterSend(ports, sent, own)),
    // A charge that fails lets the next message through; it must not make a stored message look as if it was not.
    chargeFanOut(ports.budget, userId, head, Buffer.byteLength(content)).catch(leaveToTheGap),
  ]);
};

/** What is acknowledged did not fail: clients that were not reached find the entry by the gap in their seqs. */
function leaveToTheGap(error: unknown): void {
  logger.error('A stored message was not published or charged', { error: error as Error });
}
