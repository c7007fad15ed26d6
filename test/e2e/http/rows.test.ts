/** Every operation of the protocol: its successful answer, with and without a trailing slash in the path. */
import { beforeAll, describe, expect, test } from 'vitest';
import { newFixture, newFixtureUsers, type Fixture, type FixtureUsers } from './fixture.ts';
import { newRoom } from '../../kit/rooms.ts';
import { addressOf, operations, otherSpelling, perform } from './operation-cases.ts';
import { type OperationRow } from './operations.ts';

let people: FixtureUsers;
/** The fixture of the operations that change nothing. */
let lasting: Fixture;
beforeAll(async () => {
  people = await newFixtureUsers();
  lasting = await newFixture(people);
  await newRoom(people.owner);
});

const something = expect.anything();

/** Returns the expected answer of a row, for `toEqual`. */
function contentOf({ answer }: OperationRow): object {
  if (answer === undefined) return { type: null, body: undefined };
  if (typeof answer !== 'string') return { type: 'application/json', body: answer };
  return { type: answer, body: something };
}

describe.each(operations)('$name', (row) => {
  test.each([
    ['as it is documented', (address: string) => address],
    ['in its other spelling', otherSpelling],
  ])(`answers ${row.status}, %s, with what is documented and nothing else`, async (_, spelling) => {
    const fixture =
      row.method === 'GET' ? lasting : await newFixture(row.endsSession ? await newFixtureUsers() : people);
    const caller = (row.by ?? (({ owner }) => owner))(fixture);
    const answer = await perform(row, fixture, {
      token: row.auth === 'none' ? undefined : caller.access,
      address: spelling(addressOf(row, fixture)),
    });
    expect({
      status: answer.status,
      type: answer.headers.get('content-type')?.replace(/;.*/, '') ?? null,
      body: answer.body,
    }).toEqual({ status: row.status, ...contentOf(row) });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

test.each(operations.filter(({ bodyOptional }) => bodyOptional))(
  '$name succeeds without a body',
  async (row) => {
    const fixture = await newFixture(people);
    const caller = (row.by ?? (({ owner }) => owner))(fixture);
    const answer = await perform({ ...row, body: () => undefined }, fixture, { token: caller.access });
    expect(answer.status).toBe(row.status);
  },
);
