/** Counts what happens in a room of ten that no inbox watches, in the build as it is and in one without inboxes. */
import type { Person } from '../../chaos/harness/people.ts';
import { startCounted } from '../counting/counted-runtime.ts';
import { tally, type Sum } from '../counting/tally.ts';
import { createFixture, type Fixture } from '../operations/fixture.ts';
import { openInboxRoom, say, type InboxRoom } from './inbox-room.ts';

const withoutInbox = [
  { module: 'shared/domain/inbox/watch-rooms.ts', by: 'test/bench/inbox/without-inbox.ts' },
];

export type UnwatchedCosts = Record<string, ReturnType<typeof unitsOf>>;

const unitsOf = ({ readUnits, writeUnits, requests, posts, invocations }: Sum) => ({
  readUnits,
  writeUnits,
  requests,
  posts,
  invocations,
});

type Step = (fixture: Fixture, place: InboxRoom, newcomer: Person) => Promise<unknown>;

/**
 * In this order in one room: each step finds the room as the one before has left it. Removals are left out: the table stream
 * completes them when it is faster than the request, so their counts vary.
 */
const steps: Record<string, Step> = {
  message: (_fixture, place) => say(place),
  'message over HTTP': (fixture, { owner, room }) => fixture.message(owner, room),
  edit: (_fixture, { sender }) =>
    sender.ask({ type: 'edit', message_id: lastMessageOf(sender), content: 'edited' }, 'message_edited'),
  'read marker': async (_fixture, { sender }) =>
    sender.ask({ type: 'read', message_id: lastMessageOf(sender) }, 'message_read'),
  deletion: (_fixture, { sender }) =>
    sender.ask({ type: 'delete', message_id: lastMessageOf(sender) }, 'message_deleted'),
  'new description': (fixture, { owner, room }) =>
    fixture.call('PATCH', `/chat/rooms/${room.room_id}/`, owner.access, { description: 'new' }),
  'new member': (fixture, { owner, room }, { id }) =>
    fixture.call('POST', `/chat/rooms/${room.room_id}/members/add/`, owner.access, { user_id: id }),
};

const lastMessageOf = ({ record }: InboxRoom['sender']): string =>
  record.findLast(({ event }) => event.type === 'chat_message')?.event['message_id'];

/** Returns the counts of both builds, by what was done. */
export async function countUnwatched(): Promise<{ withInbox: UnwatchedCosts; without: UnwatchedCosts }> {
  // At the same time, because both mostly wait.
  const [withInbox, without] = await Promise.all([countSteps([]), countSteps(withoutInbox)]);
  return { withInbox, without };
}

async function countSteps(replacements: typeof withoutInbox): Promise<UnwatchedCosts> {
  const runtime = await startCounted({ replacements });
  try {
    const fixture = createFixture(runtime);
    // The first use of each function reads secrets, and is not counted.
    await runAll(fixture, async (_name, act) => void (await act()));
    const counts: UnwatchedCosts = {};
    await runAll(fixture, async (name, act) => {
      const { calls } = await runtime.during(act);
      const { direct, followUp } = tally(calls);
      counts[name] = addUp(unitsOf(direct), unitsOf(followUp));
    });
    return counts;
  } finally {
    await runtime.stop();
  }
}

async function runAll(
  fixture: Fixture,
  run: (name: string, act: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const place = await openInboxRoom(fixture, 10, 0);
  const newcomer = await fixture.person();
  for (const [name, step] of Object.entries(steps)) await run(name, () => step(fixture, place, newcomer));
  await fixture.closeSockets();
}

const addUp = (
  one: ReturnType<typeof unitsOf>,
  other: ReturnType<typeof unitsOf>,
): ReturnType<typeof unitsOf> => ({
  readUnits: one.readUnits + other.readUnits,
  writeUnits: one.writeUnits + other.writeUnits,
  requests: one.requests + other.requests,
  posts: one.posts + other.posts,
  invocations: one.invocations + other.invocations,
});
