/** What opening a socket costs the table, counted on a real engine: in write units, and in requests one after the other. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { openConnection, type Opening } from '../../../shared/domain/connections/open-connection.ts';
import { subscriberOf } from '../../../shared/domain/connections/subscriber-of.ts';
import { arrivesTooOften } from '../../../shared/domain/rate-limits/arrivals.ts';
import { userBudget } from '../../../shared/domain/rate-limits/user-budget.ts';
import { joinByOpening } from '../../../shared/domain/rooms/ensure-member.ts';
import { admissionStore } from '../../../shared/storage/admission-store.ts';
import { subscriptionStore } from '../../../shared/storage/subscription-store.ts';
import { budgetStore } from '../../../shared/storage/budget-store.ts';
import { connectionStore } from '../../../shared/storage/connection-store.ts';
import { limitStore } from '../../../shared/storage/limit-store.ts';
import { memberStore } from '../../../shared/storage/member-store.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import { Table } from '../../../shared/storage/table.ts';
import { clock, random } from '../../../shared/lambda/system.ts';
import { noBudgetLimits } from '../../shared/fakes/chat.ts';
import { ann, bob, start } from '../../shared/fakes/system.ts';
import { startTable } from '../../shared/storage/started-table.ts';

const { documents, tableName, openRoom } = await startTable();

interface Spent {
  units: number;
  /** Requests of which one had to wait for the one before. */
  roundTrips: number;
}

type Command = { input: Record<string, unknown>; constructor: { name: string } };

/** A client that adds up what each write took. Requests sent together are answered together: that is one round trip. */
function counting(): { client: DynamoDBDocumentClient; spent: Spent } {
  const spent = { units: 0, roundTrips: 0 };
  let together: (() => Promise<() => void>)[] = [];

  async function perform(command: Command): Promise<unknown> {
    command.input['ReturnConsumedCapacity'] = 'TOTAL';
    const answer: any = await documents.send(command as never);
    if (/Put|Update|Delete|Write/.test(command.constructor.name))
      for (const taken of [answer.ConsumedCapacity].flat()) spent.units += taken.CapacityUnits;
    return answer;
  }

  async function answerTogether(): Promise<void> {
    const asked = together;
    together = [];
    spent.roundTrips += 1;
    for (const settle of await Promise.all(asked.map((ask) => ask()))) settle();
  }

  const send = (command: Command): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (together.length === 0) setImmediate(() => void answerTogether());
      together.push(() =>
        perform(command).then(
          (answer) => () => resolve(answer),
          (error: Error) => () => reject(error),
        ),
      );
    });
  return { client: { send } as unknown as DynamoDBDocumentClient, spent };
}

/** Of the last of `times` openings by one instance. */
async function cost(
  caller: typeof ann,
  opening: Partial<Opening>,
  connectionsPerUser: number,
  times = 1,
): Promise<Spent> {
  const { client, spent } = counting();
  const ask = new Table(client, tableName);
  const ports = {
    rooms: roomStore(ask),
    members: memberStore(ask),
    connections: connectionStore(ask),
    subscriptions: subscriptionStore(ask),
    admissions: admissionStore(ask),
    budget: userBudget({ budgets: budgetStore(ask), clock }, noBudgetLimits),
    limits: limitStore(ask),
    settings: { arrivalsPerWindow: 5 },
    rates: { spend: async () => undefined },
    clock,
    random,
  };
  const request = { room: undefined, after: undefined, history: 50, batch: false, ...opening };
  const settings = { mayMakeRooms: true, connectionsPerUser };
  const open = () => openConnection(ports, caller, { connectionId: randomUUID(), ...request }, settings);
  for (let time = 1; time < times; time += 1) await open();
  Object.assign(spent, { units: 0, roundTrips: 0 });
  const connection = await open();
  const { roundTrips } = spent;
  // What the welcome writes afterwards: the member, the arrival, the socket in the room's subscribers.
  for (const [roomId, { shard }] of Object.entries(connection.rooms)) {
    if (connection.joinsRoom === true) await joinByOpening(ports, roomId, caller);
    await arrivesTooOften(ports, roomId, caller.userId);
    await ports.subscriptions.add(roomId, subscriberOf(connection, shard, start));
  }
  return { units: spent.units, roundTrips };
}

/** The user's budget, the connection, its registration under its user. */
const handshakeUnits = 3;
/** The user's arrival, the socket in the room's subscribers. */
const roomUnits = 2;
const units = handshakeUnits + roomUnits;

it('of a public room by name takes 5 write units, and 4 requests one after the other', async () => {
  const { room } = await openRoom({ isPrivate: false }, bob);
  expect(await cost(bob, { room: room.name }, 20)).toEqual({ units, roundTrips: 4 });
});

it('of a room whose name the instance met before, or by its id, takes 3 requests one after the other', async () => {
  const { room } = await openRoom({ isPrivate: false }, bob);
  expect(await cost(bob, { room: room.name }, 20, 2)).toEqual({ units, roundTrips: 3 });
  expect(await cost(bob, { room: room.roomId }, 20)).toEqual({ units, roundTrips: 3 });
});

it('by a user who comes to the room for the first time makes them a member as well, in the welcome', async () => {
  const { room } = await openRoom({ isPrivate: false });
  // The member with their entry in the index, and the room's count of them.
  expect(await cost(bob, { room: room.name }, 20)).toEqual({ units: units + 3, roundTrips: 4 });
});

it('takes no more with a limit of connections than without one', async () => {
  const { room } = await openRoom({ isPrivate: false }, bob);
  expect(await cost(bob, { room: room.name }, 0)).toEqual(await cost(bob, { room: room.name }, 20));
});

it('without a room takes 3 of each', async () => {
  expect(await cost(ann, {}, 20)).toEqual({ units: handshakeUnits, roundTrips: 3 });
});
