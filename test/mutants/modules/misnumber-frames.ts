/** Defect: every fifth message is sent with the seq of the entry before it. */
import type { EventOf } from '../../../shared/contract/websocket/events.ts';
import * as original from '../../../shared/realtime/frames.ts';

export * from '../../../shared/realtime/frames.ts';

export const chatMessage: typeof original.chatMessage = (entry, viewAttachments) =>
  misnumber(original.chatMessage(entry, viewAttachments));

export const entryEvent: typeof original.entryEvent = (entry, target, viewAttachments) => {
  const event = original.entryEvent(entry, target, viewAttachments);
  return event.type === 'chat_message' ? misnumber(event) : event;
};

function misnumber(event: EventOf<'chat_message'>): EventOf<'chat_message'> {
  return event.seq % 5 === 0 ? { ...event, seq: event.seq - 1 } : event;
}
