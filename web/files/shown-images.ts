/** The images of a room in the order of their messages, as the view of one image leads from each to the next. */
import type { Attachment } from 'serverless-chat-client';
import { kindOf } from './attachment.ts';

export interface ShownImage {
  attachment: Attachment;
  sender: string;
  timestamp: string;
}

interface MessageWithFiles {
  sender_username: string;
  timestamp: string;
  is_deleted: boolean;
  attachments?: readonly Attachment[] | undefined;
}

export function imagesOf(messages: readonly MessageWithFiles[]): ShownImage[] {
  return messages.flatMap(
    ({ attachments = [], sender_username: sender, timestamp, is_deleted: isDeleted }) =>
      isDeleted
        ? []
        : attachments
            .filter((attachment) => kindOf(attachment) === 'image')
            .map((attachment) => ({ attachment, sender, timestamp })),
  );
}
