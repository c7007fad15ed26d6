/**
 * Cuts every socket at once while other users write. All clients reconnect at the rate that the gateway allows,
 * resume, and have lost nothing.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request, type Person, type RoomView } from '../harness/people.ts';
import { plainClient, Refused, type PlainClient } from '../harness/plain-client.ts';
import { catchUp, forEachConcurrent, receivedEvents, findMissed } from '../harness/plain-room.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  sockets: number;
  perRoom: number;
  people: number;
}

const reconnectedWithinMs = 30_000;
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
  // Tokens must not expire while two thousand sockets open.
  settings: { environment: { ACCESS_TOKEN_LIFETIME_MINUTES: '60' }, withoutDatabaseFaults: true },
  async run({ seed, size, runtime, log }) {
    const { url, webSocketUrl, rules, table } = runtime;
    const people = await newPeople(url, size.people);
    const devices: Device[] = [];
    const rooms: RoomView[] = [];
    await forEachConcurrent(
      Array.from({ length: Math.ceil(size.sockets / size.perRoom) }),
      4,
      async (_, index) => {
        const room = await newRoom(url, people[index % people.length]!);
        rooms.push(room);
        for (let seat = 0; seat < size.perRoom; seat += 1) {
          const { access } = people[(index + seat) % people.length]!;
          const client = plainClient({ webSocketUrl, access, room: room.room_name });
          const end = await client.enter('history=0', 30_000);
          devices.push({ client, room, known: end['head'] });
        }
      },
    );
    log(`${devices.length} sockets are open`);
    const writing = keepWriting(runtime, people[0]!, rooms, seeded(seed, 'writer'));
    const cut = await rules.now({ point: 'socket', action: 'kill' });
    const startedAtMs = Date.now();
    const random = seeded(seed, 'returns');
    const reconnects = await Promise.all(
      devices.map((device) =>
        reconnect(device, random).then((refused) => ({ refused, at: Date.now() - startedAtMs })),
      ),
    );
    const written = await writing.stop();
    let missed = 0;
    let cutAgain = 0;
    await forEachConcurrent(devices, 20, async ({ client, room, known }) => {
      if ((await catchUp(client, room.room_id, known)) === undefined) {
        cutAgain += 1;
        return;
      }
      missed += (await findMissed(table, room.room_id, receivedEvents(client, room.room_id), known)).length;
      client.cut();
    });
    const slowestMs = Math.max(...reconnects.map(({ at }) => at));
    return {
      done: {
        cut,
        written,
        cutAgain,
        refused: reconnects.reduce((sum, { refused }) => sum + refused, 0),
        slowestMs,
      },
      wrong: {
        missed,
        late: reconnects.filter(({ at }) => at > reconnectedWithinMs).length,
        notCut: devices.length - cut,
      },
    };
  },
};

/** Reconnects with growing random pauses until the handshake succeeds. Returns how often it was refused. */
async function reconnect({ client, known }: Device, random: Random): Promise<number> {
  await client.closed();
  const until = Date.now() + givesUpAfterMs;
  for (let refused = 0; ; refused += 1) {
    await delay(random.next() * Math.min(8_000, 500 * 2 ** refused));
    try {
      // Waits long, because clients that give up early and try again prolong the storm.
      await client.enter(`after=${known}`, 90_000);
      return refused;
    } catch (error) {
      const isFinal = error instanceof Refused && error.status !== 429 && error.status < 500;
      if (isFinal || Date.now() > until) throw error;
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
