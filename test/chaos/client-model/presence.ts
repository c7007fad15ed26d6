/**
 * Reads which users a new socket is shown in each room, and which it should be shown: those with an open client there.
 */

import { plainClient, type ChatEvent } from '../harness/plain-client.ts';
import type { Person } from '../harness/people.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import { accessOf } from './access.ts';
import type { PresenceEvidence, RoomEvidence } from './evidence.ts';
import type { Fixture } from './fixture.ts';
import type { Users } from './users.ts';

export interface PresenceOptions {
  runtime: FaultyRuntime;
  fixture: Fixture;
  rooms: readonly RoomEvidence[];
  /** The ids of the users who should be present, by room id. */
  expected: ReadonlyMap<string, ReadonlySet<string>>;
  when: PresenceEvidence['when'];
}

/** Returns the ids of users whose client has a room open, by room id. */
export function usersByOpenRoom(users: Users): Map<string, Set<string>> {
  const open = new Map<string, Set<string>>();
  for (const { client, user } of users.tabs.open.values()) {
    for (const { roomId, status } of client.getSnapshot().rooms) {
      if (user === undefined || roomId === undefined || status !== 'live') continue;
      open.set(roomId, (open.get(roomId) ?? new Set()).add(user));
    }
  }
  return open;
}

/** Joins every room on a new socket. The reader itself is not counted; in the direct room it is one of the members. */
export async function readPresence(options: PresenceOptions): Promise<PresenceEvidence[]> {
  const { fixture, rooms } = options;
  const { roomId: directId } = fixture.slots[2]!;
  const directRooms = rooms.filter(({ roomId }) => roomId === directId);
  const otherRooms = rooms.filter(({ roomId }) => roomId !== directId);
  const both = await Promise.all([
    observe(options, fixture.observer, otherRooms),
    observe(options, fixture.users[0]!, directRooms),
  ]);
  return both.flat();
}

async function observe(
  { runtime, expected, when }: PresenceOptions,
  person: Person,
  rooms: readonly RoomEvidence[],
): Promise<PresenceEvidence[]> {
  const { id } = person;
  const access = await accessOf(runtime.url, person);
  const client = plainClient({ webSocketUrl: runtime.webSocketUrl, access });
  try {
    await client.open();
    const found: PresenceEvidence[] = [];
    for (const { roomId, label } of rooms) {
      const answer = await client.ask(
        { type: 'join', room_id: roomId },
        (event) => isListOf(event, roomId) || event.type === 'error',
        5_000,
      );
      const users = (answer?.['users'] ?? []) as { id: string }[];
      const others = (ids: Iterable<string>): string[] => [...ids].filter((user) => user !== id);
      found.push({
        roomId,
        label,
        when,
        expected: others(expected.get(roomId) ?? []),
        shown: others(users.map((user) => user.id)),
      });
    }
    return found;
  } finally {
    client.cut();
  }
}

function isListOf(event: ChatEvent, roomId: string): boolean {
  return event.type === 'room_users_list' && event['room_id'] === roomId;
}

export function isAsExpected({ expected, shown }: PresenceEvidence): boolean {
  return expected.length === shown.length && expected.every((user) => shown.includes(user));
}
