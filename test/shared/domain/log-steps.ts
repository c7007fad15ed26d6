/** Steps for the tests of a room's log: sending messages and leaving gaps. */
import { sendMessage } from '../../../shared/domain/messages/send-message.ts';
import type { LogEntry, MessageEntry } from '../../../shared/domain/model/log.ts';
import { recordOwnSeq, archiveAfterSend } from '../../../shared/domain/messages/unread-seqs.ts';
import { roomId, type MemoryChat } from '../../kit/memory-chat/chat.ts';
import { ann } from '../../kit/memory-chat/system.ts';

const unverified = { isPublishedByStream: () => false, verify: undefined };

/** Sends a message to the room and stores it. */
export async function send(
  chat: MemoryChat,
  content = 'hi',
  { clientId, caller = ann }: { clientId?: string; caller?: typeof ann } = {},
): Promise<MessageEntry> {
  const { userId, username } = caller;
  const sending = { roomId, userId, username, content, clientId, ...unverified };
  const sent = await sendMessage(chat, sending);
  await archiveAfterSend(chat, sent, await recordOwnSeq(chat, sent.entry));
  return sent.entry;
}

/** Takes a seq and stores no entry under it, like a writer that failed. */
export async function leaveGap(chat: MemoryChat, forMessage = true): Promise<number> {
  return (await chat.log.takeSeq(roomId, { forMessage }, chat.clock.now())).seq;
}

/** Outlines the log, as in `m1 _2 m3`: the first letter of each kind, `_` for a message's void entry, `-` for another one. */
export function outline(chat: MemoryChat): string {
  return chat.state
    .entries(roomId)
    .map((entry) => `${letterOf(entry)}${entry.seq}`)
    .join(' ');
}

function letterOf(entry: LogEntry): string {
  return entry.kind === 'void' ? (entry.wasMessage ? '_' : '-') : entry.kind.charAt(0);
}

/** Writes a log from its outline: `m` a message, `_` a gap left by a message, `-` a gap left by another entry. */
export async function writeLog(chat: MemoryChat, plan: string): Promise<void> {
  for (const step of plan.replaceAll(' ', '')) {
    if (step === 'm') await send(chat);
    else await leaveGap(chat, step === '_');
  }
}

export const seqsOf = (entries: { seq: number }[]): number[] => entries.map(({ seq }) => seq);
