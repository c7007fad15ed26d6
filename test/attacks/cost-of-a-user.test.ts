/**
 * What is charged to a user's budget bounds what AWS charges for it: each operation and command is done on a runtime that
 * counts units, posts and requests, and priced as docs/cost.md does. The budget then bounds what a user costs in an hour.
 */
import { beforeAll, expect, test } from 'vitest';
import { stageSettings } from '../../infra/stages.ts';
import { operations } from '../../shared/contract/http/operations.ts';
import type { Operation } from '../../shared/contract/http/operation.ts';
import {
  commandCharges,
  fanOutSurcharge,
  openingCharge,
  openingSurcharge,
  smallRoomFanOutMicroDollars,
} from '../../shared/domain/rate-limits/charges.ts';
import type { Charge } from '../../shared/domain/rate-limits/user-budget.ts';
import { countOperations, type CountedOperation } from '../bench/operations/count-operations.ts';
import { pricePerMillion } from '../bench/price/price.ts';

/** Those that a flood would be made of, in a room that is told at once; and those that depend on its size most. */
const wanted =
  /^((message|edit|typing|read|join|history|auth|open_public_room|sendMessage|updateRoom|leaveRoom|listMessages|listMyRooms|listReaders|markRead|exportAccount)(\.room100)?|(message|open_public_room|updateRoom)\.room1000)$/;

const content = 'as long as such lines usually are, with some more words';

/** Of what each instance counts for itself: a light frame. */
const light: Charge = { costMicroDollars: 5 };

const commands: Record<string, (shards: number) => Charge | undefined> = {
  message: () => commandCharges.message?.({ type: 'message', content }),
  edit: () => commandCharges.edit?.({ type: 'edit', content, message_id: 'x' }),
  delete: () => commandCharges.delete?.({ type: 'delete', message_id: 'x' }),
  history: () => commandCharges.history?.({ type: 'history', limit: 50 }),
  auth: () => commandCharges.auth?.({ type: 'auth', token: 'x' }),
  join: () => commandCharges.join?.({ type: 'join', room: 'x' }),
  open_public_room: () => openingCharge(50),
  // A small room is told of them, which is charged by the function that tells it.
  read: (shards) => (shards === 1 ? { costMicroDollars: smallRoomFanOutMicroDollars + 5 } : light),
  typing: (shards) => (shards === 1 ? { costMicroDollars: smallRoomFanOutMicroDollars + 5 } : light),
};

const tellsTheRoom = ['message', 'edit', 'delete'];
const opensARoom = ['join', 'open_public_room'];

/** What is charged for it in a room of so many shards. */
function chargeFor(name: string, shards: number): number {
  const row = (operations as Record<string, Operation>)[name];
  const charge = commands[name]?.(shards) ?? row?.charge;
  if (charge === undefined) throw new Error(`${name} is charged nothing`);
  const isTold = tellsTheRoom.includes(name) || row?.charge?.isWrite === true;
  const told = isTold ? fanOutSurcharge({ shards }) : 0;
  const opened = opensARoom.includes(name) ? openingSurcharge({ shards }) : 0;
  const receipt = name === 'markRead' && shards === 1 ? smallRoomFanOutMicroDollars : 0;
  return charge.costMicroDollars + told + opened + receipt;
}

let counted: CountedOperation[];
let overHttp: Set<string>;

beforeAll(async () => {
  const problems: string[] = [];
  const report = { line: (text: string) => void problems.push(text) };
  const context = { report, progress: () => undefined } as unknown as Parameters<typeof countOperations>[0];
  const { http, commands: frames } = await countOperations(context, (name) => wanted.test(name));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  counted = [...http, ...frames];
  overHttp = new Set(http.map(({ name }) => name));
}, 180_000);

test('every operation is charged at least what it costs', () => {
  const rows = counted.map(({ name, tally }) => {
    const [operation = '', room] = name.split('.');
    const shards = room === 'room1000' ? 4 : 1;
    const trigger = overHttp.has(name) ? ('http' as const) : ('frame' as const);
    const costs = pricePerMillion({ parts: [tally.direct, tally.followUp], trigger }).total;
    return { name, costs: Math.round(costs), charged: chargeFor(operation, shards) };
  });
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter(({ costs, charged }) => charged < costs)).toEqual([]);
});

test('a user of production costs at most five dollars an hour', () => {
  const { microDollarsPerUserPerMinute: budget } = stageSettings('prod');
  // Once in each minute, the longest message in a room of ten thousand sockets goes beyond what is left of the budget.
  const largestMessage = 10_000 * (1.1 + (0.09 * 4_000 * 3) / 1_024);
  expect(((budget + largestMessage) * 60) / 1_000_000).toBeLessThan(5);
});
