/** Compares charges with one another. The benchmark's counters show that each of them is an upper bound. */
import { describe, expect, it } from 'vitest';
import { operations } from '../../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../../shared/contract/http/operation.ts';
import { commands, type Command, type CommandName } from '../../../../shared/contract/websocket/commands.ts';
import * as limits from '../../../../shared/contract/limits.ts';
import { readingBudgets } from '../../../../shared/domain/messages/reading-budget.ts';
import {
  chargeFanOut,
  commandCharges,
  entryCharge,
  fanOutSurcharge,
  openingCharge,
  openingSurcharge,
  readingMicroDollars,
  smallRoomFanOutMicroDollars,
} from '../../../../shared/domain/rate-limits/charges.ts';
import type { Charge } from '../../../../shared/domain/rate-limits/user-budget.ts';
import { stageSettings } from '../../../../infra/stages.ts';
import { ann } from '../../../kit/memory-chat/system.ts';

const chargeOf = (command: Command): Charge | undefined =>
  (commandCharges[command.type] as ((command: Command) => Charge) | undefined)?.(command);

const costsOf = (...all: Command[]): number[] =>
  all.map((command) => chargeOf(command)?.costMicroDollars ?? 0);

describe('a WebSocket command', () => {
  it('has a charge, unless it is one of the light ones that each instance counts in memory', () => {
    const counted = (Object.keys(commands) as CommandName[]).filter(
      (name) => commandCharges[name] === undefined,
    );
    expect(counted.sort()).toEqual(['ping', 'read', 'typing']);
  });

  it('is a write only when it adds an entry to the log', () => {
    const message_id = 'x';
    const entries: Command[] = [
      { type: 'message', content: 'hi' },
      { type: 'edit', message_id, content: 'ho' },
      { type: 'delete', message_id },
    ];
    for (const command of entries) expect(chargeOf(command)?.isWrite).toBe(true);
    const others: Command[] = [
      { type: 'history' },
      { type: 'join', room: 'r' },
      { type: 'leave' },
      { type: 'auth', token: 'x' },
    ];
    for (const command of others) expect(chargeOf(command)).not.toHaveProperty('isWrite');
  });

  it('that adds an entry costs as much as an entry with as many bytes of content', () => {
    const content = 'é'.repeat(4_000);
    const message_id = 'x';
    expect(chargeOf({ type: 'message', content })).toEqual(entryCharge(8_000));
    expect(chargeOf({ type: 'edit', message_id, content })).toEqual(entryCharge(8_000));
    expect(chargeOf({ type: 'delete', message_id })).toEqual(entryCharge());
    const [empty, full] = [entryCharge().costMicroDollars, entryCharge(8_000).costMicroDollars];
    // Each of a hundred sockets receives each kilobyte.
    expect(full - empty).toBeGreaterThan(50);
  });

  it('that reads a page costs more the longer the page is, and without a length as much as the default page', () => {
    const [short, standard, unnamed, long] = costsOf(
      { type: 'history', limit: 1 },
      { type: 'history', limit: limits.pageSize },
      { type: 'history' },
      { type: 'history', limit: limits.pageSizeMaximum },
    ) as [number, number, number, number];
    expect([short < standard, standard === unnamed, standard < long]).toEqual([true, true, true]);
    const [none, same, more] = costsOf(
      { type: 'join', room: 'r', history: 0 },
      { type: 'join', room: 'r' },
      { type: 'join', room: 'r', history: limits.pageSizeMaximum },
    ) as [number, number, number];
    expect(none).toBeLessThan(same);
    expect(same).toBeLessThan(more);
    expect(same).toBe(openingCharge(limits.pageSize).costMicroDollars);
  });
});

describe('a room', () => {
  it('of one shard is charged in full before a command runs', () => {
    expect(entryCharge().costMicroDollars).toBeGreaterThan(smallRoomFanOutMicroDollars);
    expect(openingCharge(0).costMicroDollars).toBeGreaterThan(2 * smallRoomFanOutMicroDollars);
    expect([fanOutSurcharge({ shards: 1 }), openingSurcharge({ shards: 1 })]).toEqual([0, 0]);
  });

  it.each([4, 16, 64])(
    'of %i shards is charged the rest afterwards: one post to every connection it can hold',
    (shards) => {
      const perSocket = smallRoomFanOutMicroDollars / 100;
      const all = smallRoomFanOutMicroDollars + fanOutSurcharge({ shards });
      expect(all / (perSocket * 500 * shards)).toBeCloseTo(1, 1);
      expect(fanOutSurcharge({ shards }, 8_000)).toBeGreaterThan(1.5 * fanOutSurcharge({ shards }));
    },
  );

  it('too large to publish presence is charged only for being read when it is opened', () => {
    expect(openingSurcharge({ shards: 4 })).toBe(2 * fanOutSurcharge({ shards: 4 }));
    expect(openingSurcharge({ shards: 16 })).toBeLessThan(fanOutSurcharge({ shards: 16 }));
    expect(openingSurcharge({ shards: 16 })).toBeGreaterThan(0);
  });

  it('of one shard is not charged a second time', async () => {
    const charged: [string, number][] = [];
    const budget = {
      charge: async (userId: string, cost: number) => void (cost > 0 && charged.push([userId, cost])),
    };
    for (const shards of [1, 4]) await chargeFanOut(budget, ann.userId, { shards }, 100);
    expect(charged).toEqual([[ann.userId, fanOutSurcharge({ shards: 4 }, 100)]]);
  });
});

describe('an HTTP operation', () => {
  const rows: [string, Operation][] = Object.entries(operations);
  const ofUsers = rows.filter(([, { auth }]) => auth !== 'none');
  const onlyReads = ({ methods }: Operation): boolean => methods.every((method) => method === 'GET');
  /** Operations that add an entry to the room's log. */
  const entries = [
    'sendMessage',
    'editMessage',
    'deleteMessage',
    'updateRoom',
    'deleteRoom',
    'addMember',
    'removeMember',
    'leaveRoom',
  ];

  it('that requires authentication has a charge, unless it reads a few items of the user', () => {
    const light = ofUsers.filter(([, { charge }]) => charge === undefined);
    expect(light.map(([name]) => name).sort()).toEqual(['getProfile', 'getRoom', 'listSessions']);
    for (const [, row] of light) expect(onlyReads(row)).toBe(true);
  });

  it('without authentication has no charge, since no user can be charged', () => {
    for (const [, row] of rows.filter(([, { auth }]) => auth === 'none')) expect(row.charge).toBeUndefined();
  });

  it.each(ofUsers.filter(([, { charge }]) => charge !== undefined))(
    '%s costs a whole number of micro-dollars below a tenth of the budget of a minute',
    (_, { charge }) => {
      expect(Number.isInteger(charge!.costMicroDollars)).toBe(true);
      expect(charge!.costMicroDollars).toBeGreaterThan(0);
      expect(charge!.costMicroDollars).toBeLessThan(stageSettings('prod').microDollarsPerUserPerMinute / 10);
    },
  );

  it.each(entries)('%s is a write and costs at least a fan-out to a small room', (name) => {
    const { charge } = operations[name as keyof typeof operations] as Operation;
    expect(charge?.isWrite).toBe(true);
    expect(charge?.costMicroDollars).toBeGreaterThanOrEqual(smallRoomFanOutMicroDollars);
  });

  it('that only reads is not a write', () => {
    for (const [, row] of rows.filter(([, each]) => onlyReads(each)))
      expect(row.charge?.isWrite).not.toBe(true);
  });

  it.each([0, 1_024, 8 * 1_024])(
    'that sends %i bytes costs about as much as the same message over a socket',
    (bytes) => {
      const { costMicroDollars, perKilobyte } = operations.sendMessage.charge;
      const overHttp = costMicroDollars + (perKilobyte * bytes) / 1_024;
      expect(overHttp / entryCharge(bytes).costMicroDollars).toBeCloseTo(1, 1);
    },
  );

  it('that lists messages costs at least a quarter of the same page over a socket', () => {
    const page = chargeOf({ type: 'history', limit: limits.pageSizeMaximum })!.costMicroDollars;
    expect(operations.listMessages.charge.costMicroDollars).toBeGreaterThan(page / 4);
  });
});

describe('a search', () => {
  it('is charged for all that it may read and answer, and for two seconds of its function', () => {
    const reading = readingMicroDollars(readingBudgets.search.bytes);
    // At the prices of docs/cost.md: a GB out, and a GB-second, of which a function of 512 MB takes one in two seconds.
    const answering = (limits.answerBytes / 1024 ** 3) * 90_000;
    const running = 13.3;
    const { searchRoom, searchMyRooms } = operations;
    expect(searchRoom.charge.costMicroDollars).toBeGreaterThan(reading + answering + running);
    // The heads of 64 rooms, and the room, the head and the membership of each.
    const looking = 64 * 4 * 0.125;
    expect(searchMyRooms.charge.costMicroDollars).toBeGreaterThan(reading + answering + running + looking);
  });
});
