/**
 * Functions killed at every await point of a send and of a reaction, and the database killed too, while many send
 * over both ways: nothing that was acknowledged is lost, nothing is stored twice, and everyone hears of everything.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { conclude, gather } from '../harness/gathering.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultRule, Rules } from '../harness/rules.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { SteadyClient } from '../harness/steady-client.ts';
import type { TypedClient } from '../harness/typed-client.ts';

interface Size {
  rooms: number;
  clientsPerRoom: number;
  /** How many of them are the project's own client. */
  typedPerRoom: number;
  sendsPerClient: number;
  /** Deaths at each point. */
  killsPerPoint: number;
  /** How likely a point is to be deadly each time that it is passed. */
  probability: number;
  /** For the clients to learn of everything in the end. */
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

/** How many awaited calls of each kind a function makes while it sends or reacts. */
const awaited = {
  message: { database: 5, connections: 3 },
  chat: { database: 5, connections: 0 },
  tableStream: { database: 5, connections: 3 },
} as const;

/** One rule for each point at which somebody waits: the same seed gives the same deaths. */
export function killSchedule(seed: number, { killsPerPoint: count, probability }: Size): FaultRule[] {
  const functions = Object.entries(awaited).flatMap(([functionName, calls]) =>
    Object.entries(calls).flatMap(([point, most]) =>
      Array.from({ length: most }, (_, index) => index + 1).flatMap((nth) =>
        phases.map((phase): FaultRule => {
          const id = `${functionName}-${point}-${nth}-${phase}`;
          const match = { function: functionName, nth, phase };
          return {
            id,
            point: point as FaultRule['point'],
            action: 'kill',
            match,
            count,
            // There are many frames to one reaction, or one request.
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
    const gatherings = await Promise.all(
      Array.from({ length: size.rooms }, () =>
        gather(runtime, size.clientsPerRoom - size.typedPerRoom, { typed: size.typedPerRoom }),
      ),
    );
    await runtime.rules.add(...killSchedule(seed, size));
    log(`${size.rooms} rooms are open`);
    const clients = gatherings.flatMap((gathering) => gathering.clients);
    const typed = gatherings.flatMap((gathering) => gathering.typed);
    const givenUp = await Promise.all([
      ...clients.map((client, index) => sendAll(client, seeded(seed, index), size.sendsPerClient)),
      ...typed.map((client) => sendTyped(client, size.sendsPerClient)),
    ]);
    const fired = await countFired(runtime.rules);
    log(`all is sent: ${JSON.stringify(fired)}`);
    const counts = await conclude(runtime, gatherings, size.patienceMs);
    Object.assign(counts.done, fired);
    counts.wrong['givenUp'] = givenUp.reduce((sum, count) => sum + count, 0);
    return counts;
  },
};
