/** What things cost, held against one another; that each cost is an upper bound is shown by the bench's counters. */
import { describe, expect, it } from 'vitest';
import { operations } from '../../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../../shared/contract/http/operation.ts';
import { commands, type Command, type CommandName } from '../../../../shared/contract/websocket/commands.ts';
import { limits } from '../../../../shared/contract/limits.ts';
import {
  chargeFanOut,
  commandCosts,
  entryCost,
  fanOutSurcharge,
  openingCost,
  openingSurcharge,
  smallRoomFanOut,
} from '../../../../shared/domain/rate-limits/costs.ts';
import type { Charge } from '../../../../shared/domain/rate-limits/user-budget.ts';
import { stageSettings } from '../../../../infra/stages.ts';
import { ann } from '../../fakes/system.ts';

const costOf = (command: Command): Charge | undefined =>
  (commandCosts[command.type] as ((command: Command) => Charge) | undefined)?.(command);

const costsOf = (...all: Command[]): number[] => all.map((command) => costOf(command)?.costMicroDollars ?? 0);

describe('a command', () => {
  it('has a cost, or is one of the light ones that each instance counts for itself', () => {
    const counted = (Object.keys(commands) as CommandName[]).filter(
      (name) => commandCosts[name] === undefined,
    );
    expect(counted.sort()).toEqual(['ping', 'read', 'typing']);
  });

  it('is a write when it becomes an entry of the log, and only then', () => {
    const message_id = 'x';
    const entries: Command[] = [
      { type: 'message', content: 'hi' },
      { type: 'edit', message_id, content: 'ho' },
      { type: 'delete', message_id },
    ];
    for (const command of entries) expect(costOf(command)?.isWrite).toBe(true);
    const others: Command[] = [
      { type: 'history' },
      { type: 'join', room: 'r' },
      { type: 'leave' },
      { type: 'auth', token: 'x' },
    ];
    for (const command of others) expect(costOf(command)).not.toHaveProperty('isWrite');
  });

  it('that is told to the room costs as much as an entry of its content, in bytes', () => {
    const content = 'é'.repeat(4_000);
    const message_id = 'x';
    expect(costOf({ type: 'message', content })).toEqual(entryCost(8_000));
    expect(costOf({ type: 'edit', message_id, content })).toEqual(entryCost(8_000));
    expect(costOf({ type: 'delete', message_id })).toEqual(entryCost());
    const [empty, full] = [entryCost().costMicroDollars, entryCost(8_000).costMicroDollars];
    // Each of a hundred sockets is sent each kilobyte.
    expect(full - empty).toBeGreaterThan(50);
  });

  it('that reads a page costs more for a longer one, and that of the standard length when none is named', () => {
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
    expect(same).toBe(openingCost(limits.pageSize).costMicroDollars);
  });
});

describe('a room', () => {
  it('of a hundred sockets is what everybody pays for beforehand', () => {
    expect(entryCost().costMicroDollars).toBeGreaterThan(smallRoomFanOut);
    expect(openingCost(0).costMicroDollars).toBeGreaterThan(2 * smallRoomFanOut);
    expect([fanOutSurcharge({ shards: 1 }), openingSurcharge({ shards: 1 })]).toEqual([0, 0]);
  });

  it.each([4, 16, 64])(
    'of %i shards costs the rest afterwards: a post to every socket it can hold',
    (shards) => {
      const perSocket = smallRoomFanOut / 100;
      const all = smallRoomFanOut + fanOutSurcharge({ shards });
      expect(all / (perSocket * 500 * shards)).toBeCloseTo(1, 1);
      expect(fanOutSurcharge({ shards }, 8_000)).toBeGreaterThan(1.5 * fanOutSurcharge({ shards }));
    },
  );

  it('that does not hear who comes and goes is charged for being read alone', () => {
    expect(openingSurcharge({ shards: 4 })).toBe(2 * fanOutSurcharge({ shards: 4 }));
    expect(openingSurcharge({ shards: 16 })).toBeLessThan(fanOutSurcharge({ shards: 16 }));
    expect(openingSurcharge({ shards: 16 })).toBeGreaterThan(0);
  });

  it('that is small is not charged a second time', async () => {
    const charged: [string, number][] = [];
    const budget = {
      charge: async (userId: string, cost: number) => void (cost > 0 && charged.push([userId, cost])),
    };
    for (const shards of [1, 4]) await chargeFanOut(budget, ann.userId, { shards }, 100);
    expect(charged).toEqual([[ann.userId, fanOutSurcharge({ shards: 4 }, 100)]]);
  });
});

describe('an operation over HTTP', () => {
  const rows: [string, Operation][] = Object.entries(operations);
  const ofUsers = rows.filter(([, { auth }]) => auth !== 'none');
  const onlyReads = ({ methods }: Operation): boolean => methods.every((method) => method === 'GET');
  /** Where the room hears of it by an entry of its log. */
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

  it('of a user has a charge, unless it reads a few items that the user alone decides on', () => {
    const light = ofUsers.filter(([, { charge }]) => charge === undefined);
    expect(light.map(([name]) => name).sort()).toEqual(['getProfile', 'getRoom', 'listSessions']);
    for (const [, row] of light) expect(onlyReads(row)).toBe(true);
  });

  it('without a user has none, since there is nobody to charge', () => {
    for (const [, row] of rows.filter(([, { auth }]) => auth === 'none')) expect(row.charge).toBeUndefined();
  });

  it.each(ofUsers.filter(([, { charge }]) => charge !== undefined))(
    '%s costs a whole number of micro-dollars, and less than a minute allows',
    (_, { charge }) => {
      expect(Number.isInteger(charge!.costMicroDollars)).toBe(true);
      expect(charge!.costMicroDollars).toBeGreaterThan(0);
      expect(charge!.costMicroDollars).toBeLessThan(stageSettings('prod').microDollarsPerUserPerMinute / 10);
    },
  );

  it.each(entries)('%s is a write, and pays for a fan-out to a small room', (name) => {
    const { charge } = operations[name as keyof typeof operations] as Operation;
    expect(charge?.isWrite).toBe(true);
    expect(charge?.costMicroDollars).toBeGreaterThanOrEqual(smallRoomFanOut);
  });

  it('that only reads is no write', () => {
    for (const [, row] of rows.filter(([, each]) => onlyReads(each)))
      expect(row.charge?.isWrite).not.toBe(true);
  });

  it.each([0, 1_024, 8 * 1_024])('costs about as much as the same over a socket, with %i bytes', (bytes) => {
    const { costMicroDollars, perKilobyte } = operations.sendMessage.charge;
    const overHttp = costMicroDollars + (perKilobyte * bytes) / 1_024;
    expect(overHttp / entryCost(bytes).costMicroDollars).toBeCloseTo(1, 1);
  });

  it('costs about as much as the same page over a socket', () => {
    const page = costOf({ type: 'history', limit: limits.pageSizeMaximum })!.costMicroDollars;
    expect(operations.listMessages.charge.costMicroDollars).toBeGreaterThan(page / 4);
  });
});
