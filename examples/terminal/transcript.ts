/** Describes the changes between two snapshots of a room as lines of text. */
import type { RoomMessage, RoomSnapshot } from '../../client/src/index.ts';

/** Returns one line for each change from `before` to `after`; without `before`, one for each message. */
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

/** Returns the users who are present, in one line. */
export function usersLine({ users, userCount }: RoomSnapshot): string {
  const names = users.map(({ username }) => username).join(', ');
  const others = userCount - users.length;
  return `present: ${names}${others > 0 ? ` and ${others} more` : ''}`;
}

/** Returns who is typing, for the prompt; empty when no other user is. */
export function typingHint({ typing }: RoomSnapshot): string {
  if (typing.length === 0) return '';
  if (typing.length > 2) return ' (several people are typing)';
  const names = typing.map(({ username }) => username).join(' and ');
  return ` (${names} ${typing.length === 1 ? 'is' : 'are'} typing)`;
}

/** Replaces control characters, with which a message could control the terminal of its readers. */
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
    return [`* #${message.seq} was edited by ${message.sender_username}: ${printable(message.content)}`];
  });
}

/** Returns no line when the room has just opened or come back: then the whole list is new. */
function changedUsers(before: RoomSnapshot | undefined, after: RoomSnapshot): string[] {
  if (before?.status !== 'live' || after.status !== 'live') return [];
  if (before.users === after.users) return [];
  const present = new Set(after.users.map(({ id }) => id));
  const wasPresent = new Set(before.users.map(({ id }) => id));
  return [
    ...after.users.filter(({ id }) => !wasPresent.has(id)).map(({ username }) => `* ${username} joined`),
    ...before.users.filter(({ id }) => !present.has(id)).map(({ username }) => `* ${username} left`),
  ];
}
