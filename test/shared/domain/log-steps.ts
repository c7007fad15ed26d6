/** Steps that the tests of a room's log are made of. */
import { sendMessage } from '../../../shared/domain/messages/send-message.ts';
import type { LogEntry, MessageEntry } from '../../../shared/domain/model.ts';
import { addOwnSeq, archiveAfterSend } from '../../../shared/domain/messages/unread-seqs.ts';
import { roomId, type FakeChat } from '../fakes/chat.ts';
import { ann } from '../fakes/system.ts';

const unverified = { leaveToStream: () => false, verify: undefined };

/** Somebody sends a message to the room, and it is stored. */
export async function send(
  chat: FakeChat,
  content = 'hi',
  { clientId, caller = ann }: { clientId?: string; caller?: typeof ann } = {},
): Promise<MessageEntry> {
  const { userId, username } = caller;
  const sending = { roomId, userId, username, content, clientId, ...unverified };
  const sent = await sendMessage(chat, sending);
  await archiveAfterSend(chat, sent, await addOwnSeq(chat, sent.entry));
  return sent.entry;
}

/** A writer takes a seq and dies before it stores anything. */
export async function leaveGap(chat: FakeChat, forMessage = true): Promise<number> {
  return (await chat.log.takeSeq(roomId, { forMessage }, chat.clock.now())).seq;
}

/** A log in short: `m1 _2 m3` for messages, tombstones, and so on. */
export function outline(chat: FakeChat): string {
  const entries = [...(chat.state.logs.get(roomId)?.values() ?? [])].sort((a, b) => a.seq - b.seq);
  return entries.map((entry) => `${letterOf(entry)}${entry.seq}`).join(' ');
}

function letterOf(entry: LogEntry): string {
  return entry.kind === 'void' ? (entry.wasMessage ? '_' : '-') : entry.kind.charAt(0);
}

/** Builds a log from its outline: `m` a message, `_` a hole that a message left, `-` one that something else left. */
export async function writeLog(chat: FakeChat, plan: string): Promise<void> {
  for (const step of plan.replaceAll(' ', '')) {
    if (step === 'm') await send(chat);
    else await leaveGap(chat, step === '_');
  }
}

export const seqsOf = (entries: { seq: number }[]): number[] => entries.map(({ seq }) => seq);
