/** Checks what views and clients showed: each ends in a definite state, and shows the texts of its room's log. */

import { describeText, isMeantFor, mayBeRefused } from './check-texts.ts';
import type { Evidence, RestingView, RoomEvidence, TabEvidence, Target, ViewEvidence } from './evidence.ts';
import type { Violation } from './violation.ts';

export function checkView(view: ViewEvidence, evidence: Evidence): Violation[] {
  const { rooms, texts } = evidence;
  const found: Violation[] = [];
  const name = `view ${view.handle} in tab ${view.tab}`;
  const { opened, roomIds } = view;
  const isOther = opened.by === 'id' && roomIds.some((id) => id !== opened.roomId);
  if (roomIds.length > 1 || isOther) {
    found.push({ invariant: 'view changed its room', detail: `${name} showed ${roomIds.join(', ')}` });
  }
  for (const { text, author, roomId } of view.shown) {
    const written = texts.find((one) => one.text === text);
    if (written === undefined) continue;
    const room = rooms.find((one) => one.roomId === roomId);
    if (room !== undefined && !isMeantFor(written.target, room)) {
      found.push({
        invariant: 'text in another room',
        detail: `${name} showed ${describeText(written)} in ${room.label}`,
      });
    }
    if (author !== written.author) {
      found.push({
        invariant: 'text under another author',
        detail: `${name} showed ${describeText(written)} as written by ${author}`,
      });
    }
  }
  for (const text of view.doubled) {
    found.push({ invariant: 'text doubled', detail: `${name} showed ${text} twice at once` });
  }
  const { atRest } = view;
  if (atRest === undefined) return found;
  const isRefused = atRest.status === 'closed' && atRest.reason !== 'signed_out';
  if (isRefused && !mayBeRefused(targetOf(view), view.user, rooms)) {
    found.push({ invariant: 'view closed without a cause', detail: `${name}: ${atRest.reason}` });
  }
  found.push(...checkRestingView(name, atRest, evidence.roomsAtRest));
  return found;
}

/** Returns the room of a view, as far as the view knew it. */
function targetOf({ opened, roomIds: [roomId] }: ViewEvidence): Target {
  return roomId === undefined ? opened : { by: 'id', roomId };
}

function checkRestingView(name: string, view: RestingView, rooms: readonly RoomEvidence[]): Violation[] {
  const { status, reason, messages, pending, roomId } = view;
  if (!isDefinite(status, reason)) {
    return [{ invariant: 'view without a definite state', detail: `${name} is ${status} (${reason})` }];
  }
  if (status !== 'live') return [];
  const found: Violation[] = [];
  if (pending.length > 0) {
    found.push({
      invariant: 'view without a definite state',
      detail: `${name} still shows as being sent: ${pending.join(', ')}`,
    });
  }
  const room = rooms.find((one) => one.roomId === roomId);
  if (room === undefined) {
    found.push({ invariant: 'view differs from the log', detail: `${name} is live in no known room` });
  } else {
    const difference = differenceFrom(messages, room);
    if (difference !== undefined) {
      found.push({ invariant: 'view differs from the log', detail: `${name} ${difference}` });
    }
  }
  return found;
}

/** Describes how the messages of a view differ from the end of the room's log; undefined when they do not. */
export function differenceFrom(
  messages: readonly { text: string; seq: number }[],
  room: Pick<RoomEvidence, 'label' | 'log'>,
): string | undefined {
  const first = messages[0]?.seq ?? 1;
  const expected = room.log.filter(({ seq }) => seq >= first).toSorted((a, b) => a.seq - b.seq);
  const format = (list: readonly { text: string; seq: number }[]): string =>
    list.map(({ seq, text }) => `${seq} ${text}`).join(', ');
  if (format(expected) === format(messages)) return undefined;
  return `shows [${format(messages)}] of ${room.label}, whose log is [${format(expected)}]`;
}

/** Returns whether a view is live, or closed with a reason. */
export function isDefinite(status: string, reason: string | undefined): boolean {
  return status === 'live' || (status === 'closed' && reason !== undefined);
}

/** Returns whether a client is live, signed out, or stopped with a reason. */
export function isTabSettled({ state, reason }: TabEvidence): boolean {
  return state === 'live' || state === 'signed-out' || reason !== undefined;
}

export function checkTabs({ tabs }: Evidence): Violation[] {
  return tabs.flatMap((tab): Violation[] => {
    const rooms = tab.rooms.map(({ name, status }) => `${name} ${status}`).join(', ');
    const detail = `the client in tab ${tab.tab} is ${tab.state}, with ${rooms}`;
    if (!isTabSettled(tab)) return [{ invariant: 'view without a definite state', detail }];
    if (tab.state !== 'signed-out' || tab.wasSignedOut) return [];
    return [{ invariant: 'session ended without a cause', detail }];
  });
}
