/** A stranger gets the same answers for a private room as for a room that does not exist. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { newFixture, newFixtureUsers, readState, type Fixture } from './fixture.ts';
import { problem, withoutRequestId } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { postMessage } from '../../kit/rooms.ts';
import { get } from '../../kit/users.ts';
import { addressOf, operations, perform } from './operation-cases.ts';

const aboutRooms = operations.filter(({ path }) => path.includes('{room_id}'));
const aboutMessages = operations.filter(({ path }) => path.includes('{message_id}'));

let fixture: Fixture;
let direct: any;
let directMessage: any;
/** The state of each room before the refused requests, which must not change it. */
const before = new Map<unknown, unknown>();
beforeAll(async () => {
  fixture = await newFixture(await newFixtureUsers());
  direct = (await get(fixture.owner, `/chat/dm/${fixture.member.id}/`)).body;
  directMessage = await postMessage(fixture.owner, direct, 'between us');
  for (const room of [fixture.room, direct]) before.set(room, await readState({ ...fixture, room }));
});

/** A well-formed id that was never issued. */
function unusedMessageId(id: string): string {
  const middle = Math.floor(id.length / 3);
  const other = id[middle] === 'A' ? 'B' : 'A';
  return id.slice(0, middle) + other + id.slice(middle + 1);
}

describe.each(['private', 'direct'])('for a %s room,', (kind) => {
  const fixtureOf = (): Fixture =>
    kind === 'private' ? fixture : { ...fixture, room: direct, message: directMessage };

  test.each(aboutRooms)('$name answers a stranger as if it did not exist', async (row) => {
    const there = fixtureOf();
    const token = fixture.stranger.access;
    const answer = await perform(row, there, { token });
    expect(answer).toEqual(problem(404, 'not_found'));
    const nowhere = addressOf(row, { ...there, room: { room_id: randomUUID() } });
    const body = await row.body?.(there);
    expect(withoutRequestId(answer)).toEqual(
      withoutRequestId(await call(row.method, nowhere, { token, body })),
    );
    expect(await readState(there)).toEqual(before.get(there.room));
  });

  test.each(aboutMessages)('$name answers a stranger as if it did not exist', async (row) => {
    const there = fixtureOf();
    const token = fixture.stranger.access;
    const answer = await perform(row, there, { token });
    expect(answer).toEqual(problem(404, 'not_found'));
    const message = { message_id: unusedMessageId(there.message.message_id) };
    const body = await row.body?.(there);
    const nowhere = addressOf(row, { ...there, message });
    expect(withoutRequestId(answer)).toEqual(
      withoutRequestId(await call(row.method, nowhere, { token, body })),
    );
    expect(await readState(there)).toEqual(before.get(there.room));
  });
});

test('a message of a private room cannot be reached through the path of another room', async () => {
  const { stranger, message } = fixture;
  const theirs = (
    await call('POST', '/chat/rooms/create/', {
      token: stranger.access,
      body: { room_name: `theirs-${randomUUID()}` },
    })
  ).body;
  const answer = await call('POST', `/chat/rooms/${theirs.room_id}/read/`, {
    token: stranger.access,
    body: { message_id: message.message_id },
  });
  expect(answer).toEqual(problem(404, 'not_found'));
});
