/** What is shown of a room's last message: its text, or how many files it has. */
import type { ListedRoom } from 'serverless-chat-client';
import { strings } from '../strings.ts';

export function previewOf(message: NonNullable<ListedRoom['last_message']>): string {
  const { content, attachment_count: count = 0 } = message;
  if (count === 0) return content;
  return content === '' ? strings.files(count) : `${content} (${strings.files(count)})`;
}
