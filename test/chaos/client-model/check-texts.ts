/**
 * Checks the written texts against the logs: each is stored once, in its room, as its author, in the order of writing.
 */

import type { Evidence, RoomEvidence, Target, WrittenText } from './evidence.ts';
import type { Violation } from './violation.ts';

/** Returns every place at which the text is in a log. */
function placesOf(text: string, rooms: readonly RoomEvidence[]) {
  return rooms.flatMap((room) =>
    room.log.filter((message) => message.text === text).map((message) => ({ room, message })),
  );
}

export function checkTexts({ texts, rooms }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const written of texts) {
    const { text, author } = written;
    const places = placesOf(text, rooms);
    const where = places.map(({ room, message }) => `${room.label} at ${message.seq}`).join(', ');
    for (const { room, message } of places) {
      if (!isMeantFor(written.target, room)) {
        found.push({
          invariant: 'text in another room',
          detail: `${describeText(written)} is in ${room.label}`,
        });
      }
      if (message.author !== author) {
        found.push({
          invariant: 'text under another author',
          detail: `${describeText(written)} is stored as written by ${message.author}`,
        });
      }
    }
    if (places.length > 1) {
      found.push({ invariant: 'text doubled', detail: `${describeText(written)} is in ${where}` });
    }
    if (places.length === 0 && mustBeStored(written, rooms)) {
      const state = written.isWaiting ? 'still waits in the outbox' : 'is in no log';
      found.push({ invariant: 'text lost', detail: `${describeText(written)} ${state}` });
    }
    if (written.failedWith !== undefined && !mayBeRefused(written.target, author, rooms)) {
      found.push({
        invariant: 'text failed without a cause',
        detail: `${describeText(written)}: ${written.failedWith}`,
      });
    }
    if (places.length > 0 && !written.isAccepted) {
      found.push({
        invariant: 'text doubled',
        detail: `${describeText(written)} was not accepted but is in ${where}`,
      });
    }
  }
  return found;
}

/** Returns whether the text was accepted, and was not shown as failed, discarded, or deleted with its room. */
function mustBeStored(written: WrittenText, rooms: readonly RoomEvidence[]): boolean {
  if (!written.isAccepted || written.isCanceled || written.failedWith !== undefined) return false;
  return !rooms.some((room) => room.isDeleted && isMeantFor(written.target, room));
}

/** Returns whether the room, or one that ever had the name, was deleted or closed to the user at some time. */
export function mayBeRefused(
  target: Target,
  user: string | undefined,
  rooms: readonly RoomEvidence[],
): boolean {
  return rooms.some(({ roomId, names, isDeleted, closedTo }) => {
    const isTarget =
      target.by === 'id' ? roomId === target.roomId : names.some(({ name }) => name === target.name);
    return isTarget && (isDeleted || closedTo.includes(user ?? ''));
  });
}

/** An id means that room alone; a name means any room that has had it since. */
export function isMeantFor(target: Target, room: RoomEvidence): boolean {
  if (target.by === 'id') return room.roomId === target.roomId;
  return room.names.some(({ name, until }) => name === target.name && until >= target.since);
}

/** Within a room, the texts of one tab and user keep the order of writing, also across reloads. */
export function checkOrder({ texts, rooms }: Evidence): Violation[] {
  const byText = new Map(texts.map((written) => [written.text, written]));
  return rooms.flatMap((room) => {
    const last = new Map<string, WrittenText>();
    const found: Violation[] = [];
    for (const { text } of room.log.toSorted((a, b) => a.seq - b.seq)) {
      const written = byText.get(text);
      if (written === undefined) continue;
      const writer = `${written.tab} ${written.device} ${written.author}`;
      const before = last.get(writer);
      if (before !== undefined && before.number > written.number) {
        found.push({
          invariant: 'order of writing changed',
          detail: `${describeText(written)} comes after ${before.text} in ${room.label}`,
        });
      }
      if (before === undefined || before.number < written.number) last.set(writer, written);
    }
    return found;
  });
}

export function describeText({ text, author, tab, handle, target }: WrittenText): string {
  const room = target.by === 'id' ? target.roomId : `the room called ${target.name}`;
  return `${text} (by ${author} in tab ${tab}, view ${handle}, for ${room})`;
}
