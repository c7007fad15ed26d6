/**
 * The charge of every operation and command is at least its price on AWS. Each one is performed on a runtime that counts
 * capacity units, posts and requests, priced as in docs/cost.md. The budget thus limits what a user costs in an hour.
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

/** The operations that a flood would use in a small room, and those whose cost depends most on the size of the room. */
const measuredOperations =
  /^((message|message_with_ten_attachments|edit|typing|read|join|history|auth|open_public_room|sendMessage|getAttachment|createUpload|updateRoom|leaveRoom|listMessages|listMyRooms|listReaders|listUnread|markRead|markUnread|exportAccount|searchRoom|searchMyRooms)(\.room100)?|(message|open_public_room|updateRoom)\.room1000)$/;

const content = 'as long as such lines usually are, with some more words';

/** The charge of a light frame, which each environment counts for itself. */
const light: Charge = { costMicroDollars: 5 };

const commands: Record<string, (shards: number) => Charge | undefined> = {
  message: () => commandCharges.message?.({ type: 'message', content }),
  message_with_ten_attachments: () =>
    commandCharges.message?.({
      type: 'message',
      content,
      attachments: Array.from({ length: 10 }, () => 'x'),
    }),
  edit: () => commandCharges.edit?.({ type: 'edit', content, message_id: 'x' }),
  delete: () => commandCharges.delete?.({ type: 'delete', message_id: 'x' }),
  history: () => commandCharges.history?.({ type: 'history', limit: 50 }),
  auth: () => commandCharges.auth?.({ type: 'auth', token: 'x' }),
  join: () => commandCharges.join?.({ type: 'join', room: 'x' }),
  open_public_room: () => openingCharge(50),
  // In a small room they are published, which the publishing function charges.
  read: (shards) => (shards === 1 ? { costMicroDollars: smallRoomFanOutMicroDollars + 5 } : light),
  typing: (shards) => (shards === 1 ? { costMicroDollars: smallRoomFanOutMicroDollars + 5 } : light),
};

const publishingCommands = ['message', 'message_with_ten_attachments', 'edit', 'delete'];
const openingCommands = ['join', 'open_public_room'];

/** Returns the charge of an operation, in micro-dollars, in a room with this number of shards. */
function chargeFor(name: string, shards: number): number {
  const row = (operations as Record<string, Operation>)[name];
  const charge = commands[name]?.(shards) ?? row?.charge;
  if (charge === undefined) throw new Error(`${name} has no charge`);
  const isPublished = publishingCommands.includes(name) || row?.charge?.isWrite === true;
  const published = isPublished ? fanOutSurcharge({ shards }) : 0;
  const opened = openingCommands.includes(name) ? openingSurcharge({ shards }) : 0;
  const receipt = name === 'markRead' && shards === 1 ? smallRoomFanOutMicroDollars : 0;
  return charge.costMicroDollars + published + opened + receipt;
}

let counted: CountedOperation[];
let overHttp: Set<string>;

beforeAll(async () => {
  const problems: string[] = [];
  const report = { line: (text: string) => void problems.push(text) };
  const context = { report, progress: () => undefined } as unknown as Parameters<typeof countOperations>[0];
  const { http, commands: frames } = await countOperations(context, (name) => measuredOperations.test(name));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  counted = [...http, ...frames];
  overHttp = new Set(http.map(({ name }) => name));
}, 180_000);

test('attachments cost two write units and one read unit each, and messages without them nothing more', () => {
  const sumOf = (name: string) => counted.find((one) => one.name === name)!.tally.direct;
  const plain = sumOf('message.room100');
  expect(plain).toMatchObject({ writeUnits: 4, readUnits: 8, requests: 6 });
  const ten = sumOf('message_with_ten_attachments.room100');
  expect(ten.requests).toBe(plain.requests + 1);
  expect(ten.readUnits).toBe(plain.readUnits + 10);
  // The entry is larger, and is stored by a transaction.
  expect(ten.writeUnits).toBeLessThanOrEqual(plain.writeUnits + 2 * 10 + 3);
});

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
  // Once a minute, the longest message in a room of ten thousand sockets may exceed the rest of the budget.
  const largestMessage = 10_000 * (1.1 + (0.09 * 4_000 * 3) / 1_024);
  expect(((budget + largestMessage) * 60) / 1_000_000).toBeLessThan(5);
});
