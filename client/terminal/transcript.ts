/** A room as lines of text: what two snapshots have not in common, for somebody who reads along. */
import type { RoomMessage, RoomSnapshot } from '../index.ts';

/** The lines that tell how the room came from one snapshot to the next; all of it without the first. */
export function linesBetween(before: RoomSnapshot | undefined, after: RoomSnapshot): string[] {
  return [...changedMessages(before, after), ...changedUsers(before, after)];
}

export function lineOf({
  seq,
  timestamp,
  sender_username,
  content,
  edited_at,
  is_deleted,
}: RoomMessage): string {
  const time = new Date(timestamp).toTimeString().slice(0, 5);
  const mark = edited_at !== null && !is_deleted ? ' (edited)' : '';
  return `${time} #${seq} ${sender_username}: ${printable(content)}${mark}`;
}

/** Who is here, in one line. */
export function usersLine({ users, userCount }: RoomSnapshot): string {
  const names = users.map(({ username }) => username).join(', ');
  const others = userCount - users.length;
  return `here: ${names}${others > 0 ? ` and ${others} more` : ''}`;
}

/** Who types, for the prompt; empty when emptyPresence does. */
export function typingHint({ typing }: RoomSnapshot): string {
  if (typing.length === 0) return '';
  if (typing.length > 2) return ' (several people are typing)';
  const names = typing.map(({ username }) => username).join(' and ');
  return ` (${names} ${typing.length === 1 ? 'is' : 'are'} typing)`;
}

/** What others write must not steer the terminal: control characters show as a sign of their own. */
export function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t\u200d]/gu, '\u{fffd}').replaceAll('\n', '\n      ');
}

function changedMessages(before: RoomSnapshot | undefined, after: RoomSnapshot): string[] {
  const known = new Map(before?.messages.map((message) => [message.key, message]));
  return after.messages.flatMap((message) => {
    const old = known.get(message.key);
    if (old === message || message.state === 'sending') return [];
    if (message.state === 'failed') {
      if (old?.state === 'failed') return [];
      return [`! not sent: "${printable(message.content)}": ${message.problem?.detail ?? 'refused'}`];
    }
    if (old?.state !== 'sent') return [lineOf(message)];
    if (old.content === message.content) return [];
    if (message.is_deleted) return [`* #${message.seq} was deleted by ${message.sender_username}`];
    return [`* #${message.seq} by ${message.sender_username} is now: ${printable(message.content)}`];
  });
}

/** Not when the room opens or comes back: then the list is a new one. */
function changedUsers(before: RoomSnapshot | undefined, after: RoomSnapshot): string[] {
  if (before?.status !== 'live' || after.status !== 'live') return [];
  if (before.users === after.users) return [];
  const here = new Set(after.users.map(({ id }) => id));
  const wasHere = new Set(before.users.map(({ id }) => id));
  return [
    ...after.users.filter(({ id }) => !wasHere.has(id)).map(({ username }) => `* ${username} joined`),
    ...before.users.filter(({ id }) => !here.has(id)).map(({ username }) => `* ${username} left`),
  ];
}
