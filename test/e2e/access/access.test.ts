/**
 * Checks access: every action of the protocol, by every kind of user, in every kind of room, has the outcome that
 * expectations.ts lists. All actions run once before the tests; each test checks one cell of the table.
 */
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { newUser } from '../../kit/users.ts';
import { cells, kinds, userKinds, type Cell, type Kind } from './expectations.ts';
import { run, type Result } from './run.ts';
import { newUsers, newFixture } from './fixture.ts';

const results = new Map<Cell, Result>();
/** An expired token can be made only if the signing key is known. */
const isRun = ({ who }: Cell): boolean => who !== 'expired token' || inject('signingKey') !== undefined;

async function runKind(kind: Kind): Promise<void> {
  const users = await newUsers();
  for (const who of userKinds) {
    if (!cells.some((cell) => cell.kind === kind && cell.who === who && isRun(cell))) continue;
    // Two users have only one direct room, so each fixture of that kind has users of its own.
    const [creator, member] =
      kind === 'direct'
        ? await Promise.all([newUser('creator'), newUser('member')])
        : [users.creator, users.member];
    const fixture = await newFixture(kind, who, { ...users, creator, member });
    for (const [cell, result] of await run(fixture)) results.set(cell, result);
  }
}

/** A missing refusal is detected by a timeout, so the runs can take long. */
const maxMs = 240_000;

beforeAll(async () => {
  await Promise.all(kinds.map(runKind));
}, maxMs);

test('the table has the expected number of cells', () => {
  expect(cells.length).toBeGreaterThan(1_000);
  expect([...results.keys()]).toHaveLength(cells.filter(isRun).length);
});

const meaning = {
  '+': 'done',
  x: 'forbidden',
  '0': 'as if there were nothing',
  i: 'invalid',
  u: 'unauthorized',
};

describe.each(kinds)('in a %s room', (kind) => {
  const ofKind = cells.filter((cell) => cell.kind === kind && isRun(cell));
  const actors = userKinds.filter((who) => ofKind.some((cell) => cell.who === who));
  describe.each(actors)('by the %s', (who) => {
    const ours = ofKind.filter((cell) => cell.who === who);
    test.each(ours.map((cell) => ({ ...cell, means: meaning[cell.expected], cell })))(
      '$action: $means',
      ({ cell, expected }) => {
        const { outcome, fault } = results.get(cell) ?? {};
        expect({ outcome, fault }).toEqual({ outcome: expected, fault: undefined });
      },
    );
  });
});

const isWithoutRoom = (kind: Kind): boolean => kind.startsWith('never');

/** Returns the answer to the same action for a room that never existed. */
function seenWithoutRoom({ table, action, kind, who, expected }: Cell): object | undefined {
  const withoutRoom: Kind = kind === 'direct' ? 'never opened direct' : 'never existing';
  const sameAction = (cell: Cell): boolean =>
    cell.action === action || cell.action === action.replace('an own', 'another’s');
  const reference = cells.find(
    (cell) =>
      cell.kind === withoutRoom &&
      cell.table === table &&
      cell.expected === expected &&
      sameAction(cell) &&
      (expected === '0' || cell.who === who),
  );
  return reference && results.get(reference)?.seen;
}

/** Opening a name that no room has had creates a room, so there is no refusal to compare a reserved name with. */
const makesRoomElsewhere = ({ table, action }: Cell): boolean =>
  cells.some(
    (cell) =>
      cell.kind === 'never existing' &&
      cell.table === table &&
      cell.action === action &&
      cell.expected === '+',
  );

describe('a hidden room is answered exactly like a room that does not exist', () => {
  const hidden = cells.filter(
    (cell) => isRun(cell) && (cell.expected === '0' || cell.expected === 'u') && !makesRoomElsewhere(cell),
  );
  test.each(hidden.filter(({ kind }) => !isWithoutRoom(kind)))('$action, $who, $kind', (cell) => {
    const seen = results.get(cell)?.seen;
    expect(seen).toEqual(seenWithoutRoom(cell));
  });
});
