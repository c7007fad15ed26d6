/**
 * Finds violations in the evidence of a run. It shares no code with the client or the server, so that it cannot repeat
 * their mistakes.
 */

import type {
  Evidence,
  RestingView,
  RoomEvidence,
  TabEvidence,
  Target,
  ViewEvidence,
  WrittenText,
} from './evidence.ts';

export type Invariant =
  | 'text in another room'
  | 'text under another author'
  | 'text lost'
  | 'text failed without a cause'
  | 'text doubled'
  | 'order of writing changed'
  | 'view without a definite state'
  | 'view closed without a cause'
  | 'view differs from the log'
  | 'view changed its room'
  | 'session ended without a cause'
  | 'room created unasked'
  | 'presence does not end'
  | 'presence is missing';

export interface Violation {
  invariant: Invariant;
  detail: string;
}

export function findViolations(evidence: Evidence): Violation[] {
  return [
    ...checkTexts(evidence),
    ...checkOrder(evidence),
    ...evidence.views.flatMap((view) => checkView(view, evidence)),
    ...checkTabs(evidence),
    ...checkCreatedRooms(evidence),
    ...checkPresence(evidence),
  ];
}

/** Returns every place at which the text is in a log. */
function placesOf(text: string, rooms: readonly RoomEvidence[]) {
  return rooms.flatMap((room) =>
    room.log.filter((message) => message.text === text).map((message) => ({ room, message })),
  );
}

function checkTexts({ texts, rooms }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const written of texts) {
    const { text, author } = written;
    const places = placesOf(text, rooms);
    const where = places.map(({ room, message }) => `${room.label} at ${message.seq}`).join(', ');
    for (const { room, message } of places) {
      if (!isMeantFor(written.target, room)) {
        found.push({ invariant: 'text in another room', detail: `${describe(written)} is in ${room.label}` });
      }
      if (message.author !== author) {
        found.push({
          invariant: 'text under another author',
          detail: `${describe(written)} is stored as written by ${message.author}`,
        });
      }
    }
    if (places.length > 1) {
      found.push({ invariant: 'text doubled', detail: `${describe(written)} is in ${where}` });
    }
    if (places.length === 0 && mustBeStored(written, rooms)) {
      const state = written.isWaiting ? 'still waits in the outbox' : 'is in no log';
      found.push({ invariant: 'text lost', detail: `${describe(written)} ${state}` });
    }
    if (written.failedWith !== undefined && !mayBeRefused(written.target, author, rooms)) {
      found.push({
        invariant: 'text failed without a cause',
        detail: `${describe(written)}: ${written.failedWith}`,
      });
    }
    if (places.length > 0 && !written.isAccepted) {
      found.push({
        invariant: 'text doubled',
        detail: `${describe(written)} was not accepted but is in ${where}`,
      });
    }
  }
  return found;
}

/** Returns whether the text was accepted, and was not shown as failed, discarded, or deleted with its room. */
function mustBeStored(written: WrittenText, rooms: readonly RoomEvidence[]): boolean {
  if (!written.isAccepted || written.isCancelled || written.failedWith !== undefined) return false;
  return !rooms.some((room) => room.isDeleted && isMeantFor(written.target, room));
}

/** Returns whether the room, or one that ever had the name, was deleted or closed to the user at some time. */
function mayBeRefused(target: Target, user: string | undefined, rooms: readonly RoomEvidence[]): boolean {
  return rooms.some(({ roomId, names, isDeleted, closedTo }) => {
    const isTarget =
      target.by === 'id' ? roomId === target.roomId : names.some(({ name }) => name === target.name);
    return isTarget && (isDeleted || closedTo.includes(user ?? ''));
  });
}

/** An id means that room alone; a name means any room that has had it since. */
function isMeantFor(target: Target, room: RoomEvidence): boolean {
  if (target.by === 'id') return room.roomId === target.roomId;
  return room.names.some(({ name, until }) => name === target.name && until >= target.since);
}

/** Within a room, the texts of one tab and user keep the order of writing, also across reloads. */
function checkOrder({ texts, rooms }: Evidence): Violation[] {
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
          detail: `${describe(written)} comes after ${before.text} in ${room.label}`,
        });
      }
      if (before === undefined || before.number < written.number) last.set(writer, written);
    }
    return found;
  });
}

function checkView(view: ViewEvidence, evidence: Evidence): Violation[] {
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
        detail: `${name} showed ${describe(written)} in ${room.label}`,
      });
    }
    if (author !== written.author) {
      found.push({
        invariant: 'text under another author',
        detail: `${name} showed ${describe(written)} as written by ${author}`,
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

function checkTabs({ tabs }: Evidence): Violation[] {
  return tabs.flatMap((tab): Violation[] => {
    const rooms = tab.rooms.map(({ name, status }) => `${name} ${status}`).join(', ');
    const detail = `the client in tab ${tab.tab} is ${tab.state}, with ${rooms}`;
    if (!isTabSettled(tab)) return [{ invariant: 'view without a definite state', detail }];
    if (tab.state !== 'signed-out' || tab.wasSignedOut) return [];
    return [{ invariant: 'session ended without a cause', detail }];
  });
}

/** A socket creates a room only for a user who asked for that name and whose client did not know the room's id. */
function checkCreatedRooms({ rooms, views, texts }: Evidence): Violation[] {
  return rooms
    .filter((room) => room.isMadeBySocket && !isRequested(room))
    .map((room) => ({
      invariant: 'room created unasked',
      detail: `${room.label} for ${room.creator} at ${room.createdAtMs}; views of that name: ${describeRequests(room)}`,
    }));

  function describeRequests({ names }: RoomEvidence): string {
    return views
      .filter(({ opened }) => opened.by === 'name' && opened.name === names[0]?.name)
      .map(
        ({ handle, user, openedAtMs, identifiedAtMs }) =>
          `${handle} (${user}, ${openedAtMs}, ${identifiedAtMs})`,
      )
      .join(', ');
  }

  function isRequested({ roomId, names, createdAtMs, creator }: RoomEvidence): boolean {
    const isFirstName = (target: Target): boolean => target.by === 'name' && target.name === names[0]?.name;
    const byView = views.some(
      ({ user, opened, openedAtMs, identifiedAtMs, roomIds }) =>
        user === creator &&
        isFirstName(opened) &&
        openedAtMs <= createdAtMs + toleranceMs &&
        (identifiedAtMs === undefined ||
          roomIds.includes(roomId) ||
          identifiedAtMs + toleranceMs >= createdAtMs),
    );
    return byView || texts.some(({ author, target }) => author === creator && isFirstName(target));
  }
}

/** The two times come from different processes. */
const toleranceMs = 100;

function checkPresence({ presence }: Evidence): Violation[] {
  return presence.flatMap(({ label, when, expected, shown }) => {
    const extra = shown.filter((user) => !expected.includes(user));
    const missing = expected.filter((user) => !shown.includes(user));
    const found: Violation[] = [];
    if (extra.length > 0) {
      found.push({
        invariant: 'presence does not end',
        detail: `${label} shows ${extra.join(', ')} ${when}`,
      });
    }
    if (missing.length > 0) {
      found.push({
        invariant: 'presence is missing',
        detail: `${label} does not show ${missing.join(', ')} ${when}`,
      });
    }
    return found;
  });
}

function describe({ text, author, tab, handle, target }: WrittenText): string {
  const room = target.by === 'id' ? target.roomId : `the room called ${target.name}`;
  return `${text} (by ${author} in tab ${tab}, view ${handle}, for ${room})`;
}
