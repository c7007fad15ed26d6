/**
 * Finds violations in the evidence of a run. It shares no code with the client or the server, so that it cannot repeat
 * their mistakes.
 */

import { checkOrder, checkTexts } from './check-texts.ts';
import { checkTabs, checkView } from './check-views.ts';
import type { Evidence, RoomEvidence, Target } from './evidence.ts';
import type { Violation } from './violation.ts';

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
