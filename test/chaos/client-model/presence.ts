/** Who a socket that has just opened a room is shown there, and who should be: the users of clients that hold it open. */

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
  /** Users by room id. */
  expected: ReadonlyMap<string, ReadonlySet<string>>;
  when: PresenceEvidence['when'];
}

/** By room id, the users with a client that has the room open. */
export function openRooms(users: Users): Map<string, Set<string>> {
  const open = new Map<string, Set<string>>();
  for (const { client, user } of users.tabs.open.values()) {
    for (const { roomId, status } of client.getSnapshot().rooms) {
      if (user === undefined || roomId === undefined || status !== 'live') continue;
      open.set(roomId, (open.get(roomId) ?? new Set()).add(user));
    }
  }
  return open;
}

/** Opens every room on a new socket. A direct room is looked at by one of its two, who is not counted there. */
export async function readPresence(options: PresenceOptions): Promise<PresenceEvidence[]> {
  const { fixture, rooms } = options;
  const { roomId: directId } = fixture.slots[2]!;
  const ofDirect = rooms.filter(({ roomId }) => roomId === directId);
  const others = rooms.filter(({ roomId }) => roomId !== directId);
  const both = await Promise.all([
    observe(options, fixture.observer, others),
    observe(options, fixture.users[0]!, ofDirect),
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
