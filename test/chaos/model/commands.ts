/** The commands that three users may give, as random values of fast-check. */
import * as fc from 'fast-check';

const people = 3;
const rooms = 2;

/** Kills a writer at one of its turns, before or after its step. */
export interface Kill {
  turn: number;
  afterStep: boolean;
}

interface By {
  who: number;
  room: number;
}

export type Command = { /** The next command begins before this one ends. */ overlaps: boolean } & (
  | ({ kind: 'send'; key: number | undefined; otherContent: boolean } & By & Ways)
  | ({ kind: 'edit' | 'delete' | 'read'; pick: number } & By & Ways)
  | { kind: 'connect'; who: number; room: number | undefined; resume: 'seen' | 'earlier' | 'anew' }
  | ({ kind: 'join'; resume: 'seen' | 'earlier' | 'anew' } & By)
  | ({ kind: 'leave' } & By)
  | { kind: 'drop'; who: number; announced: boolean }
  | { kind: 'failPosts'; who: number; count: number }
  | { kind: 'catchUp'; who: number }
  | ({ kind: 'leaveRoom'; kill: Kill | undefined } & By)
  | { kind: 'remove' | 'add'; target: number; kill: Kill | undefined }
  | { kind: 'describe'; room: number; text: number }
  | { kind: 'pass'; seconds: number }
);

interface Ways {
  overHttp: boolean;
  kill: Kill | undefined;
}

const who = fc.nat({ max: people - 1 });
const room = fc.nat({ max: rooms - 1 });
const resume = fc.constantFrom('seen' as const, 'seen' as const, 'earlier' as const, 'anew' as const);
const kill: fc.Arbitrary<Kill | undefined> = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.record({ turn: fc.integer({ min: 1, max: 9 }), afterStep: fc.boolean() }) },
);
const overlaps = fc.boolean();
const ways = { overHttp: fc.boolean(), kill };
const kind = <K extends Command['kind']>(name: K) => fc.constant(name);

const drawn = (weight: number, arbitrary: fc.Arbitrary<unknown>) => ({
  weight,
  arbitrary: arbitrary as fc.Arbitrary<Command>,
});

const command: fc.Arbitrary<Command> = fc.oneof(
  drawn(
    10,
    fc.record({
      kind: kind('send'),
      who,
      room,
      overlaps,
      ...ways,
      key: fc.constantFrom(undefined, undefined, 0, 1),
      otherContent: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
    }),
  ),
  drawn(4, fc.record({ kind: kind('edit'), who, room, overlaps, ...ways, pick: fc.nat({ max: 6 }) })),
  drawn(2, fc.record({ kind: kind('delete'), who, room, overlaps, ...ways, pick: fc.nat({ max: 6 }) })),
  drawn(3, fc.record({ kind: kind('read'), who, room, overlaps, ...ways, pick: fc.nat({ max: 6 }) })),
  drawn(
    4,
    fc.record({
      kind: kind('connect'),
      who,
      room: fc.constantFrom(undefined, undefined, 0, 1),
      resume,
      overlaps,
    }),
  ),
  drawn(4, fc.record({ kind: kind('join'), who, room, resume, overlaps })),
  drawn(1, fc.record({ kind: kind('leave'), who, room, overlaps })),
  drawn(2, fc.record({ kind: kind('drop'), who, announced: fc.boolean(), overlaps })),
  drawn(1, fc.record({ kind: kind('failPosts'), who, count: fc.integer({ min: 1, max: 4 }), overlaps })),
  drawn(4, fc.record({ kind: kind('catchUp'), who, overlaps: fc.constant(false) })),
  drawn(1, fc.record({ kind: kind('leaveRoom'), who, room, kill, overlaps })),
  drawn(2, fc.record({ kind: kind('remove'), target: who, kill, overlaps })),
  drawn(2, fc.record({ kind: kind('add'), target: who, kill, overlaps })),
  drawn(1, fc.record({ kind: kind('describe'), room, text: fc.nat({ max: 3 }), overlaps })),
  drawn(
    2,
    fc.record({ kind: kind('pass'), seconds: fc.constantFrom(1, 16, 40), overlaps: fc.constant(false) }),
  ),
);

export interface ModelScenario {
  commands: Command[];
  /** Decides the order of the turns and the faults of the table stream. */
  seed: number;
}

/** Returns random scenarios of up to `maxCommands` commands. */
export function scenarios(maxCommands: number): fc.Arbitrary<ModelScenario> {
  return fc.record({
    commands: fc.array(command, { maxLength: maxCommands, size: 'max' }),
    seed: fc.noShrink(fc.integer({ min: 1, max: 2_000_000_000 })),
  });
}
