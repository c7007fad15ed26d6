/** Reports what the live list of rooms costs: a room that no inbox watches, watched rooms, and a burst. */
import type { PlainClient } from '../../chaos/harness/plain-client.ts';
import { startCounted, type CountedCall, type CountedRuntime } from '../counting/counted-runtime.ts';
import { sum, tally } from '../counting/tally.ts';
import { createFixture, type Fixture } from '../operations/fixture.ts';
import { pricePerMillion } from '../price/price.ts';
import type { BenchContext } from '../section.ts';
import { rounded } from '../statistics.ts';
import { openInboxRoom, say } from './inbox-room.ts';
import { countUnwatched } from './unwatched.ts';

const watching = [0, 1, 5, 10];
const burst = { messages: 100, withinMs: 2_000, inboxes: 5 };

export async function measureInbox(context: BenchContext): Promise<void> {
  const { report, progress } = context;
  progress('a room that no inbox watches, in two builds');
  reportUnwatched(context, await countUnwatched());
  const runtime = await startCounted();
  try {
    const fixture = createFixture(runtime);
    const warm = await openInboxRoom(fixture, 2, 1);
    await runtime.during(() => say(warm));
    await fixture.closeSockets();
    await reportWatched(context, runtime, fixture);
    progress('a burst');
    await reportBurst(context, runtime, fixture);
  } finally {
    await runtime.stop();
  }
  report.line('');
}

function reportUnwatched(
  { report }: BenchContext,
  { withInbox, without }: Awaited<ReturnType<typeof countUnwatched>>,
): void {
  report.heading('A room of ten that no inbox watches: with the live list of rooms (without it)');
  const units = ['writeUnits', 'readUnits', 'requests', 'posts', 'invocations'] as const;
  report.table(
    ['what happens', ...units],
    Object.entries(withInbox).map(([name, counts]) => [
      name,
      ...units.map((unit) => `${rounded(counts[unit], 2)} (${rounded(without[name]![unit], 2)})`),
    ]),
  );
  const differences = Object.entries(withInbox).flatMap(([name, counts]) =>
    units.map((unit) => Math.abs(counts[unit] - without[name]![unit])),
  );
  report.figure('inbox.unwatched.difference', Math.max(...differences));
}

async function reportWatched(
  { report, progress }: BenchContext,
  runtime: CountedRuntime,
  fixture: Fixture,
): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const inboxes of watching) {
    progress(`a message to ${inboxes} inboxes`);
    const place = await openInboxRoom(fixture, 10, inboxes);
    const { calls } = await runtime.during(() => say(place));
    await fixture.closeSockets();
    const { direct, followUp } = tally(calls);
    const all = sum(calls);
    rows.push([
      String(inboxes),
      all.writeUnits,
      rounded(all.readUnits, 2),
      all.posts,
      all.invocations,
      rounded(pricePerMillion({ parts: [direct, followUp], trigger: 'frame' }).total, 2),
    ]);
    report.figure(`inbox.watching_${inboxes}.write_units`, all.writeUnits);
    report.figure(`inbox.watching_${inboxes}.read_units`, rounded(all.readUnits, 2));
    report.figure(`inbox.watching_${inboxes}.posts`, all.posts);
    report.figure(`inbox.watching_${inboxes}.invocations`, all.invocations);
  }
  report.heading('One message in a room of ten with one open socket, by the number of inboxes that watch it');
  report.table(['inboxes', 'write units', 'read units', 'posts', 'invocations', '$ a million'], rows);
}

async function reportBurst(
  { report }: BenchContext,
  runtime: CountedRuntime,
  fixture: Fixture,
): Promise<void> {
  const place = await openInboxRoom(fixture, 10, burst.inboxes);
  const senders = [
    place.sender,
    ...(await Promise.all(place.members.slice(0, 3).map((person) => fixture.socket(person, place.room)))),
  ];
  const startedAtMs = Date.now();
  const { calls } = await runtime.during(async () => {
    for (let sent = 0; sent < burst.messages; sent += 1) {
      senders[sent % senders.length]!.send({ type: 'message', content: `message ${sent}` });
      const dueMs = ((sent + 1) * burst.withinMs) / burst.messages - (Date.now() - startedAtMs);
      if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
    }
  });
  const activity = calls.filter((call) => call.function === 'inbox');
  const ofInbox = sum(activity);
  const times = place.inboxes.map(({ record }) =>
    record.filter(({ event }) => event.type === 'room_activity').map(({ at }) => at),
  );
  const intervals = times.flatMap((one) => one.slice(1).map((at, index) => at - one[index]!));
  const figures = {
    events_for_each_inbox: Math.max(...times.map(({ length }) => length)),
    shortest_interval_ms: Math.min(...intervals),
    // The machine may store the messages more slowly than they were sent.
    stored_within_seconds: rounded((lastAckAtMs(senders) - startedAtMs) / 1_000, 1),
    invocations: ofInbox.invocations,
    seconds: rounded(secondsOf(activity), 1),
    write_units: ofInbox.writeUnits,
    read_units: rounded(ofInbox.readUnits, 2),
    posts: ofInbox.posts,
  };
  await fixture.closeSockets();
  report.heading(
    `${burst.messages} messages in ${burst.withinMs / 1_000} seconds, watched by ${burst.inboxes} inboxes: the function inbox`,
  );
  report.table(
    ['what', 'measured'],
    Object.entries(figures).map(([name, value]) => [name.replaceAll('_', ' '), value]),
  );
  for (const [name, value] of Object.entries(figures)) report.figure(`inbox.burst.${name}`, value);
}

const lastAckAtMs = (senders: readonly PlainClient[]): number =>
  Math.max(
    ...senders.flatMap(({ record }) =>
      record.filter(({ event }) => event.type === 'ack').map(({ at }) => at),
    ),
  );

/** How long the invocations took together, with what they waited. */
const secondsOf = (calls: readonly CountedCall[]): number =>
  calls
    .filter(({ kind }) => kind === 'invocation')
    .reduce((total, { start, end }) => total + (end - start) / 1_000, 0);
