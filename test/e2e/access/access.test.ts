/**
 * Nobody where they do not belong: every action of the protocol, by everybody, in every kind of room, against the
 * table in expectations.ts. The whole is played once, at the beginning; a test is one cell.
 */
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { newUser } from '../../kit/users.ts';
import { cells, kinds, whos, type Cell, type Kind } from './expectations.ts';
import { run, type Result } from './run.ts';
import { newUsers, newFixture } from './fixture.ts';

const results = new Map<Cell, Result>();
/** An expired token can be made only where the key is known. */
const isRun = ({ who }: Cell): boolean => who !== 'expired token' || inject('signingKey') !== undefined;

async function runKind(kind: Kind): Promise<void> {
  const users = await newUsers();
  for (const who of whos) {
    if (!cells.some((cell) => cell.kind === kind && cell.who === who && isRun(cell))) continue;
    // Two people have one direct room, so each fixture of that kind has two people of its own.
    const [creator, member] =
      kind === 'direct'
        ? await Promise.all([newUser('creator'), newUser('member')])
        : [users.creator, users.member];
    const fixture = await newFixture(kind, who, { ...users, creator, member });
    for (const [cell, result] of await run(fixture)) results.set(cell, result);
  }
}

/** Each refusal that does not come is waited for. */
const maxMs = 240_000;

beforeAll(async () => {
  await Promise.all(kinds.map(runKind));
}, maxMs);

test('there are cells enough for nothing to hide between them', () => {
  expect(cells.length).toBeGreaterThan(1_000);
  expect([...results.keys()]).toHaveLength(cells.filter(isRun).length);
});

const meaning = { '+': 'done', x: 'forbidden', '0': 'as if there were nothing', u: 'unauthorized' };

describe.each(kinds)('in a %s room', (kind) => {
  const ofKind = cells.filter((cell) => cell.kind === kind && isRun(cell));
  const people = whos.filter((who) => ofKind.some((cell) => cell.who === who));
  describe.each(people)('by the %s', (who) => {
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

/** The same action where there never was a room. */
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

/** By a name that no room ever had a room is made, so there is nothing that a name at rest could look like. */
const makesRoomElsewhere = ({ table, action }: Cell): boolean =>
  cells.some(
    (cell) =>
      cell.kind === 'never existing' &&
      cell.table === table &&
      cell.action === action &&
      cell.expected === '+',
  );

describe('what is hidden looks exactly as if it were not there', () => {
  const hidden = cells.filter(
    (cell) => isRun(cell) && (cell.expected === '0' || cell.expected === 'u') && !makesRoomElsewhere(cell),
  );
  test.each(hidden.filter(({ kind }) => !isWithoutRoom(kind)))('$action, $who, $kind', (cell) => {
    const seen = results.get(cell)?.seen;
    expect(seen).toEqual(seenWithoutRoom(cell));
  });
});
