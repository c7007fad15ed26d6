/**
 * Kills functions at every await of a send and of the table stream's handlers, and kills the database, while clients
 * send over HTTP and WebSocket. No acknowledged message is lost or stored twice, and every client receives all of
 * them.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { checkFixtures, openRoomFixture } from '../harness/room-fixture.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultRule, Rules } from '../harness/rules.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { SteadyClient } from '../harness/steady-client-interface.ts';
import type { TypedClient } from '../harness/typed-client.ts';

interface Size {
  rooms: number;
  clientsPerRoom: number;
  /** How many of them use the typed client. */
  typedPerRoom: number;
  sendsPerClient: number;
  /** How often a function is killed at each point. */
  killsPerPoint: number;
  /** The probability of a kill each time that a point is passed. */
  probability: number;
  /** How long the clients may take to receive everything in the end. */
  patienceMs: number;
}

export const name = 'acknowledged means durable';

export const sizes = {
  short: {
    rooms: 2,
    clientsPerRoom: 4,
    typedPerRoom: 1,
    sendsPerClient: 10,
    killsPerPoint: 1,
    probability: 0.12,
    patienceMs: 20_000,
  },
  middle: {
    rooms: 4,
    clientsPerRoom: 5,
    typedPerRoom: 2,
    sendsPerClient: 60,
    killsPerPoint: 2,
    probability: 0.04,
    patienceMs: 45_000,
  },
  full: {
    rooms: 10,
    clientsPerRoom: 5,
    typedPerRoom: 3,
    sendsPerClient: 200,
    killsPerPoint: 5,
    probability: 0.01,
    patienceMs: 45_000,
  },
};

const phases = ['before', 'after'] as const;

/** How many calls of each kind a function awaits while it sends a message or handles a batch. */
const awaited = {
  message: { database: 5, connections: 3 },
  chat: { database: 5, connections: 0 },
  tableStream: { database: 5, connections: 3 },
} as const;

/** Returns one rule for each point at which a function waits. The same random seed gives the same kills. */
export function killSchedule(seed: number, { killsPerPoint: count, probability }: Size): FaultRule[] {
  const functions = Object.entries(awaited).flatMap(([functionName, calls]) =>
    Object.entries(calls).flatMap(([point, maxCalls]) =>
      Array.from({ length: maxCalls }, (_, index) => index + 1).flatMap((nth) =>
        phases.map((phase): FaultRule => {
          const id = `${functionName}-${point}-${nth}-${phase}`;
          const match = { function: functionName, nth, phase };
          return {
            id,
            point: point as FaultRule['point'],
            action: 'kill',
            match,
            count,
            // There are many frames for each batch and for each HTTP request.
            probability: functionName === 'message' ? probability : Math.min(1, 4 * probability),
            seed: `${seed}/${id}`,
          };
        }),
      ),
    ),
  );
  const engine = ['UpdateItem', 'PutItem', 'TransactWriteItems'].flatMap((operation) =>
    phases.map((phase): FaultRule => {
      const id = `engine-${operation}-${phase}`;
      const match = { operation, phase };
      return {
        id,
        point: 'engine',
        action: 'kill',
        match,
        count,
        probability: probability / 4,
        seed: `${seed}/${id}`,
      };
    }),
  );
  return [...functions, ...engine];
}

async function sendAll(client: SteadyClient, random: Random, count: number): Promise<number> {
  let givenUp = 0;
  for (let sending = 0; sending < count; sending += 1) {
    const clientId = `c-${sending}`;
    const content = `${client.person.username} says ${sending}`;
    if (random.chance(0.1)) client.sendOnce(`${content} once`);
    const over = random.chance(0.3) ? 'http' : 'socket';
    if (!(await client.send({ content, clientId, over }))) givenUp += 1;
    await delay(random.integer(0, 30));
  }
  return givenUp;
}

async function sendTyped(client: TypedClient, count: number): Promise<number> {
  let givenUp = 0;
  for (let sending = 0; sending < count; sending += 1) {
    if (!(await client.send(`${client.person.username} types ${sending}`))) givenUp += 1;
  }
  return givenUp;
}

async function countFired(rules: Rules): Promise<Record<string, number>> {
  const reports = await rules.list();
  return {
    points: reports.length,
    pointsHit: reports.filter(({ fired }) => fired > 0).length,
    kills: reports.reduce((sum, { fired }) => sum + fired, 0),
  };
}

export const acknowledgedMeansDurable: Scenario<Size> = {
  name,
  sizes,
  async run({ seed, size, runtime, log }) {
    const fixtures = await Promise.all(
      Array.from({ length: size.rooms }, () =>
        openRoomFixture(runtime, size.clientsPerRoom - size.typedPerRoom, { typed: size.typedPerRoom }),
      ),
    );
    await runtime.rules.add(...killSchedule(seed, size));
    log(`${size.rooms} rooms are open`);
    const clients = fixtures.flatMap((fixture) => fixture.clients);
    const typed = fixtures.flatMap((fixture) => fixture.typed);
    const givenUp = await Promise.all([
      ...clients.map((client, index) => sendAll(client, seeded(seed, index), size.sendsPerClient)),
      ...typed.map((client) => sendTyped(client, size.sendsPerClient)),
    ]);
    const fired = await countFired(runtime.rules);
    log(`everything has been sent: ${JSON.stringify(fired)}`);
    const counts = await checkFixtures(runtime, fixtures, size.patienceMs);
    Object.assign(counts.done, fired);
    counts.wrong['givenUp'] = givenUp.reduce((sum, count) => sum + count, 0);
    return counts;
  },
};
