/** A message as lists of rooms show it: with the number of its attachments in place of their addresses, which end. */
import type { Message, MessagePreview } from '../contract/entities.ts';

export function previewOf({ attachments = [], ...message }: Message): MessagePreview {
  return attachments.length === 0 ? message : { ...message, attachment_count: attachments.length };
}
