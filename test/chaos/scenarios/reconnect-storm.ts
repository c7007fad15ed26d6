/**
 * A storm: every socket is cut at once, while others go on writing; all come back at the rate that the gateway allows,
 * resume, and have lost nothing.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request, type Person, type RoomView } from '../harness/people.ts';
import { plainClient, Refused, type PlainClient } from '../harness/plain-client.ts';
import { catchUp, eachOf, heardOf, missedOf } from '../harness/plain-room.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  sockets: number;
  perRoom: number;
  people: number;
}

const backWithinMs = 30_000;
const givesUpAfterMs = 180_000;

interface Device {
  client: PlainClient;
  room: RoomView;
  known: number;
}

export const reconnectStorm: Scenario<Size> = {
  name: 'reconnect storm',
  sizes: {
    short: { sockets: 24, perRoom: 6, people: 4 },
    middle: { sockets: 300, perRoom: 10, people: 20 },
    full: { sockets: 2_000, perRoom: 10, people: 40 },
  },
  // The tokens of two thousand must not end while they come in.
  settings: { environment: { ACCESS_TOKEN_LIFETIME_MINUTES: '60' }, withoutDatabaseFaults: true },
  async run({ seed, size, runtime, log }) {
    const { url, webSocketUrl, rules, table } = runtime;
    const people = await newPeople(url, size.people);
    const devices: Device[] = [];
    const rooms: RoomView[] = [];
    await eachOf(Array.from({ length: Math.ceil(size.sockets / size.perRoom) }), 4, async (_, at) => {
      const room = await newRoom(url, people[at % people.length]!);
      rooms.push(room);
      for (let seat = 0; seat < size.perRoom; seat += 1) {
        const { access } = people[(at + seat) % people.length]!;
        const client = plainClient({ webSocketUrl, access, room: room.room_name });
        const end = await client.enter('history=0', 30_000);
        devices.push({ client, room, known: end['head'] });
      }
    });
    log(`${devices.length} sockets are open`);
    const writing = keepWriting(runtime, people[0]!, rooms, seeded(seed, 'writer'));
    const cut = await rules.now({ point: 'socket', action: 'kill' });
    const startedAt = Date.now();
    const random = seeded(seed, 'returns');
    const returns = await Promise.all(
      devices.map((device) =>
        comeBack(device, random).then((refused) => ({ refused, at: Date.now() - startedAt })),
      ),
    );
    const written = await writing.stop();
    let missed = 0;
    let cutAgain = 0;
    await eachOf(devices, 20, async ({ client, room, known }) => {
      if ((await catchUp(client, room.room_id, known)) === undefined) {
        cutAgain += 1;
        return;
      }
      missed += (await missedOf(table, room.room_id, heardOf(client, room.room_id), known)).length;
      client.cut();
    });
    const slowestMs = Math.max(...returns.map(({ at }) => at));
    return {
      done: {
        cut,
        written,
        cutAgain,
        refused: returns.reduce((sum, { refused }) => sum + refused, 0),
        slowestMs,
      },
      wrong: {
        missed,
        late: returns.filter(({ at }) => at > backWithinMs).length,
        uncut: devices.length - cut,
      },
    };
  },
};

/** Again and again, with growing pauses of chance length, until it is let in; gives how often it was not. */
async function comeBack({ client, known }: Device, random: Random): Promise<number> {
  await client.closed();
  const until = Date.now() + givesUpAfterMs;
  for (let refused = 0; ; refused += 1) {
    await delay(random.next() * Math.min(8_000, 500 * 2 ** refused));
    try {
      // Patient: whoever gives up early and tries again makes the storm longer.
      await client.enter(`after=${known}`, 90_000);
      return refused;
    } catch (error) {
      const isForGood = error instanceof Refused && error.status !== 429 && error.status < 500;
      if (isForGood || Date.now() > until) throw error;
    }
  }
}

function keepWriting({ url }: FaultyRuntime, { access }: Person, rooms: readonly RoomView[], random: Random) {
  const ended = new AbortController();
  let written = 0;
  const writing = (async () => {
    while (!ended.signal.aborted) {
      const path = `/chat/rooms/${random.pick(rooms).room_id}/messages/`;
      const body = { content: `storm ${written}` };
      const answer = await request(url, 'POST', path, { access, body }).catch(() => undefined);
      if (answer?.status === 201) written += 1;
      await delay(50);
    }
  })();
  return {
    async stop() {
      ended.abort();
      await writing;
      return written;
    },
  };
}
