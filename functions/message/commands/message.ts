/** `message`: stores a message, publishes it to the room, and acknowledges it to the sender. */
import { isLargeRoom } from '../../../shared/domain/connections/subscribers.ts';
import { fanOutBytes, viewAttachmentsOf } from '../../../shared/domain/files/view-attachments.ts';
import { encodeMessageId } from '../../../shared/domain/message-id.ts';
import type { MessageEntry } from '../../../shared/domain/model/log.ts';
import type { Head } from '../../../shared/domain/model/rooms.ts';
import { sendWithAttachments } from '../../../shared/domain/messages/send-with-attachments.ts';
import { recordOwnSeq, archiveAfterSend } from '../../../shared/domain/messages/unread-seqs.ts';
import { chargeFanOut } from '../../../shared/domain/rate-limits/charges.ts';
import { isoTime } from '../../../shared/domain/views.ts';
import { waitForAll } from '../../../shared/domain/wait-for-all.ts';
import { publish } from '../../../shared/realtime/fan-out.ts';
import { chatMessage } from '../../../shared/realtime/frames.ts';
import { toFrame } from '../../../shared/realtime/send-events.ts';
import { accessRoom, type CommandHandler } from '../command.ts';
import type { Dependencies } from '../dependencies.ts';

export const message: CommandHandler<'message'> = async (ports, connection, command) => {
  const { content, client_id, attachments } = command;
  const { userId, username, connectionId } = connection;
  const { roomId, verify } = accessRoom(ports, connection, 'sendMessage', command);
  const sent = await sendWithAttachments(ports, {
    roomId,
    userId,
    username,
    content,
    clientId: client_id,
    attachmentIds: attachments,
    isPublishedByStream: isLargeRoom,
    verify,
  });
  const { entry, duplicate, head } = sent;
  if (!duplicate) ports.metrics.add('MessagesStored', 1);
  const isPublished = !duplicate && entry.outbox !== true;
  const recordingOwnSeq = recordOwnSeq(ports, entry);
  const acknowledge = async (): Promise<void> => {
    // Recorded before the `ack`, so that the sender's unread count does not include the message once it is acknowledged.
    await recordingOwnSeq;
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
  // The message is stored and acknowledged, so what fails from here on must not become an error to the sender.
  const logFailure =
    (what: string) =>
    (error: unknown): void =>
      ports.logger.error(what, { error });
  await waitForAll([
    acknowledge(),
    // Clients that were not reached find the entry by the gap in their seqs.
    isPublished && publishMessage(ports, entry, head).catch(logFailure('A stored message was not published')),
    recordingOwnSeq.then((own) => archiveAfterSend(ports, sent, own)),
    // At worst the user's budget lets one more message pass.
    chargeFanOut(ports.budget, userId, head, fanOutBytes(entry)).catch(
      logFailure('The fan-out of a stored message was not charged'),
    ),
  ]);
};

async function publishMessage(ports: Dependencies, entry: MessageEntry, head: Head): Promise<void> {
  const viewAttachments = await viewAttachmentsOf(ports, [entry]);
  await publish(ports, head, [chatMessage(entry, viewAttachments)]);
}
