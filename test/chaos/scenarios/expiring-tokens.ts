/** Lets tokens expire. A socket that sends a new token in time stays open; any other is closed with a reason. */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request, type Person } from '../harness/people.ts';
import { plainClient, type PlainClient } from '../harness/plain-client.ts';
import { receivedEvents, findMissed } from '../harness/plain-room.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  /** Half of them send a new token each time. */
  sockets: number;
  lifetimes: number;
}

const lifetimeMs = 6_000;

export const expiringTokens: Scenario<Size> = {
  name: 'expiring tokens',
  sizes: {
    short: { sockets: 6, lifetimes: 1.3 },
    middle: { sockets: 20, lifetimes: 3 },
    full: { sockets: 30, lifetimes: 8 },
  },
  settings: { environment: { ACCESS_TOKEN_LIFETIME_MINUTES: String(lifetimeMs / 60_000) } },
  async run({ size, runtime }) {
    const { url, webSocketUrl, table } = runtime;
    const people = await newPeople(url, size.sockets + 1);
    const [writer, ...others] = people.map((person) => ({ ...person })) as [Person, ...Person[]];
    Object.assign(writer, await refreshed(url, writer));
    const room = await newRoom(url, writer);
    const counts = {
      done: { renewed: 0, late: 0, ended: 0, entries: 0 },
      wrong: { receivedAfter: 0, closedEarly: 0, leftOpen: 0, unexplained: 0, missed: 0 },
    };
    const sockets = await Promise.all(
      others.map(async (person, index) => {
        Object.assign(person, await refreshed(url, person));
        const client = plainClient({ webSocketUrl, access: person.access, room: room.room_name });
        await client.enter('after=0');
        return { person, client, renews: index % 2 === 0, endsAtMs: endOf(person.access), wasLate: false };
      }),
    );
    const until = Date.now() + size.lifetimes * lifetimeMs;
    const renewing = sockets.filter(({ renews }) => renews).map((one) => renew(url, one, until, counts.done));
    for (let number = 0; Date.now() < until; number += 1) {
      if (endOf(writer.access) - Date.now() < lifetimeMs / 2)
        Object.assign(writer, await refreshed(url, writer));
      const body = { content: `tick ${number}` };
      const path = `/chat/rooms/${room.room_id}/messages/`;
      if ((await request(url, 'POST', path, { access: writer.access, body })).status === 201)
        counts.done.entries += 1;
      await delay(100);
    }
    await Promise.all(renewing);
    for (const { client, renews, endsAtMs, wasLate } of sockets) {
      if (wasLate) {
        // Nothing is promised for a token that is sent at the last moment.
        counts.done.late += 1;
      } else if (renews) {
        if (!client.isOpen) counts.wrong.closedEarly += 1;
        await client.ask({ type: 'ping' }, 'pong');
        await delay(200);
        counts.wrong.missed += (
          await findMissed(table, room.room_id, receivedEvents(client, room.room_id))
        ).length;
      } else {
        const received = [...receivedEvents(client, room.room_id).values()];
        counts.wrong.receivedAfter += received.filter(
          (event) => Date.parse(event['timestamp']) > endsAtMs,
        ).length;
        if (client.isOpen) counts.wrong.leftOpen += 1;
        else counts.done.ended += 1;
        const isExplained = client.record.some(
          ({ event }) => event.type === 'close' && event['code'] === 4001,
        );
        if (!isExplained) counts.wrong.unexplained += 1;
        if ((client.closedWith?.at ?? Infinity) < endsAtMs) counts.wrong.closedEarly += 1;
      }
      await client.close();
    }
    return counts;
  },
};

/** Sends a new token whenever half of the lifetime has passed. */
async function renew(
  url: string,
  socket: { person: Person; client: PlainClient; wasLate: boolean },
  until: number,
  done: { renewed: number },
): Promise<void> {
  const { person, client } = socket;
  while (Date.now() < until && client.isOpen) {
    const endsAtMs = endOf(person.access);
    if (endsAtMs - Date.now() < lifetimeMs / 2) {
      Object.assign(person, await refreshed(url, person));
      // The pong shows that the frames of the socket are not delayed.
      client.send({ type: 'auth', token: person.access });
      await client.ask({ type: 'ping' }, 'pong', 5_000);
      if (Date.now() > endsAtMs - 300) socket.wasLate = true;
      else done.renewed += 1;
    }
    await delay(50);
  }
}

async function refreshed(url: string, { refresh }: Person): Promise<{ access: string; refresh: string }> {
  const answer = await request(url, 'POST', '/users/token/refresh/', { body: { refresh } });
  if (answer.status !== 200) throw new Error(`refreshing the token failed with status ${answer.status}`);
  return answer.body;
}

/** Milliseconds since 1970. */
function endOf(access: string): number {
  const claims = JSON.parse(Buffer.from(access.split('.')[1]!, 'base64url').toString('utf8')) as {
    exp: number;
  };
  return claims.exp * 1_000;
}
