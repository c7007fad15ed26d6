/** Puts the new addresses of an attachment into the log of a room. */
import type { Attachment, Message } from '../contract/entities.ts';
import type { RoomLog } from '../room-log.ts';

/** Returns the same log when no message has the attachment. */
export function withAttachment(log: RoomLog, attachment: Attachment): RoomLog {
  const isIt = ({ attachment_id: id }: Attachment): boolean => id === attachment.attachment_id;
  const has = ({ attachments }: Message): boolean => attachments?.some(isIt) === true;
  if (!log.messages.some(has)) return log;
  const messages = log.messages.map((message) =>
    has(message)
      ? { ...message, attachments: message.attachments?.map((one) => (isIt(one) ? attachment : one)) }
      : message,
  );
  return { ...log, messages };
}
