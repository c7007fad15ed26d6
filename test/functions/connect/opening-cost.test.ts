/**
 * Counts what opening a socket costs the table, on a real engine: write units, and requests that wait for one
 * another.
 */
import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import {
  openConnection,
  type OpenConnectionInput,
} from '../../../shared/domain/connections/open-connection.ts';
import { subscriberOf } from '../../../shared/domain/connections/subscribers.ts';
import { arrivesTooOften } from '../../../shared/domain/rate-limits/arrivals.ts';
import { userBudget } from '../../../shared/domain/rate-limits/user-budget.ts';
import { joinByOpening } from '../../../shared/domain/rooms/membership/join-room.ts';
import { admissionStore } from '../../../shared/storage/entities/connection.ts';
import { subscriptionStore } from '../../../shared/storage/entities/subscription.ts';
import { budgetStore } from '../../../shared/storage/entities/budget.ts';
import { connectionStore } from '../../../shared/storage/connection-store.ts';
import { limitStore } from '../../../shared/storage/entities/limit.ts';
import { inboxStore } from '../../../shared/storage/inbox-store.ts';
import { memberStore } from '../../../shared/storage/member-store.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import { Table } from '../../../shared/storage/table.ts';
import { clock, random } from '../../../shared/lambda/system.ts';
import { noBudgetLimits } from '../../kit/memory-chat/chat.ts';
import { ann, bob, start } from '../../kit/memory-chat/system.ts';
import { startTable } from '../../shared/storage/started-table.ts';

const { documents, tableName, openRoom } = await startTable();

interface Cost {
  units: number;
  /** Requests that had to wait for an earlier one. */
  roundTrips: number;
}

type Command = { input: Record<string, unknown>; constructor: { name: string } };

/**
 * A client that adds up the cost of writes. Requests sent together are answered together and count as one
 * round trip.
 */
function counting(): { client: DynamoDBDocumentClient; spent: Cost } {
  const spent = { units: 0, roundTrips: 0 };
  let batch: (() => Promise<() => void>)[] = [];

  async function perform(command: Command): Promise<unknown> {
    command.input['ReturnConsumedCapacity'] = 'TOTAL';
    const answer: any = await documents.send(command as never);
    if (/Put|Update|Delete|Write/.test(command.constructor.name))
      for (const consumed of [answer.ConsumedCapacity].flat()) spent.units += consumed.CapacityUnits;
    return answer;
  }

  async function answerBatch(): Promise<void> {
    const requests = batch;
    batch = [];
    spent.roundTrips += 1;
    for (const settle of await Promise.all(requests.map((perform) => perform()))) settle();
  }

  const send = (command: Command): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (batch.length === 0) setImmediate(() => void answerBatch());
      batch.push(() =>
        perform(command).then(
          (answer) => () => resolve(answer),
          (error: Error) => () => reject(error),
        ),
      );
    });
  return { client: { send } as unknown as DynamoDBDocumentClient, spent };
}

/** Returns the cost of the last of `times` openings by one function instance. */
async function cost(
  caller: typeof ann,
  opening: Partial<OpenConnectionInput>,
  connectionsPerUser: number,
  times = 1,
): Promise<Cost> {
  const { client, spent } = counting();
  const table = new Table(client, tableName);
  const ports = {
    rooms: roomStore(table),
    inbox: inboxStore(table),
    members: memberStore(table),
    connections: connectionStore(table),
    subscriptions: subscriptionStore(table),
    admissions: admissionStore(table),
    budget: userBudget({ budgets: budgetStore(table), clock }, noBudgetLimits),
    limits: limitStore(table),
    settings: { arrivalsPerWindow: 5 },
    rates: { spend: async () => undefined },
    clock,
    random,
  };
  const request = { room: undefined, after: undefined, history: 50, batch: false, ...opening };
  const settings = { mayCreateRooms: true, connectionsPerUser };
  const open = () => openConnection(ports, caller, { connectionId: randomUUID(), ...request }, settings);
  for (let time = 1; time < times; time += 1) await open();
  Object.assign(spent, { units: 0, roundTrips: 0 });
  const connection = await open();
  const { roundTrips } = spent;
  // The welcome writes the rest: the member, the arrival and the subscription to the room.
  for (const [roomId, { shard }] of Object.entries(connection.rooms)) {
    if (connection.joinsRoom === true) await joinByOpening(ports, roomId, caller);
    await arrivesTooOften(ports, roomId, caller.userId);
    await ports.subscriptions.add(roomId, subscriberOf(connection, shard, start));
  }
  return { units: spent.units, roundTrips };
}

/** The user's budget, the connection, and its subscription to the user's own notifications. */
const handshakeUnits = 3;
/** The user's arrival, and the subscription to the room. */
const roomUnits = 2;
const units = handshakeUnits + roomUnits;

it('opening a public room by name takes 5 write units and 4 round trips', async () => {
  const { room } = await openRoom({ isPrivate: false }, bob);
  expect(await cost(bob, { room: room.name }, 20)).toEqual({ units, roundTrips: 4 });
});

it('opening a room by a name that the instance has seen before, or by id, takes 3 round trips', async () => {
  const { room } = await openRoom({ isPrivate: false }, bob);
  expect(await cost(bob, { room: room.name }, 20, 2)).toEqual({ units, roundTrips: 3 });
  expect(await cost(bob, { room: room.roomId }, 20)).toEqual({ units, roundTrips: 3 });
});

it('opening a public room for the first time takes 3 more write units, for the membership', async () => {
  const { room } = await openRoom({ isPrivate: false });
  // The member, its entry in the index, and the room's member count.
  expect(await cost(bob, { room: room.name }, 20)).toEqual({ units: units + 3, roundTrips: 4 });
});

it('opening a room takes no more with a limit of connections than without one', async () => {
  const { room } = await openRoom({ isPrivate: false }, bob);
  expect(await cost(bob, { room: room.name }, 0)).toEqual(await cost(bob, { room: room.name }, 20));
});

it('opening a socket without a room takes 3 write units and 3 round trips', async () => {
  expect(await cost(ann, {}, 20)).toEqual({ units: handshakeUnits, roundTrips: 3 });
});
