/** Asks each socket to reconnect before the gateway would cut it. Every client does, and has lost nothing. */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request } from '../harness/people.ts';
import { plainClient } from '../harness/plain-client.ts';
import { catchUp, enterWithRetries, receivedEvents, findMissed } from '../harness/plain-room.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  sockets: number;
  /** How often each of them reconnects. */
  reconnects: number;
}

export const plannedReconnects: Scenario<Size> = {
  name: 'planned reconnects',
  sizes: {
    short: { sockets: 6, reconnects: 1 },
    middle: { sockets: 20, reconnects: 4 },
    full: { sockets: 30, reconnects: 12 },
  },
  // A socket is asked after 4.8 to 5.5 seconds, so that all are open before the first one closes.
  settings: { environment: { RECONNECT_AFTER_MINUTES: '0.08', ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ size, runtime }) {
    const { url, webSocketUrl, table } = runtime;
    const people = await newPeople(url, size.sockets);
    const room = await newRoom(url, people[0]!);
    const counts = {
      done: { reconnects: 0, entries: 0 },
      wrong: { missed: 0, unannounced: 0, unrecovered: 0, neverAsked: 0 },
    };
    const ended = new AbortController();
    const writer = (async () => {
      for (let number = 0; !ended.signal.aborted; number += 1) {
        const path = `/chat/rooms/${room.room_id}/messages/`;
        const body = { content: `n ${number}` };
        const answer = await request(url, 'POST', path, { access: people[0]!.access, body }).catch(
          () => undefined,
        );
        if (answer?.status === 201) counts.done.entries += 1;
        await delay(100);
      }
    })();
    await Promise.all(
      people.map(async ({ access }) => {
        const client = plainClient({ webSocketUrl, access, room: room.room_name });
        let known = 0;
        for (let round = 0; round <= size.reconnects; round += 1) {
          const end = await enterWithRetries(client, `after=${known}`);
          if (end['recovered'] !== true) counts.wrong.unrecovered += 1;
          const head = end['has_more'] === true ? await catchUp(client, room.room_id, known) : end['head'];
          known = head ?? known;
          if (round === size.reconnects) break;
          if (!(await client.closed(20_000))) counts.wrong.neverAsked += 1;
          // The close frame need not be the last one: another function may post an entry at the same moment.
          const isAnnounced = client.record.some(
            ({ session, event }) =>
              session === client.sessions &&
              event.type === 'close' &&
              event['code'] === 4200 &&
              event['resume'],
          );
          if (!isAnnounced) counts.wrong.unannounced += 1;
          counts.done.reconnects += 1;
        }
        const missed = await findMissed(table, room.room_id, receivedEvents(client, room.room_id));
        counts.wrong.missed += missed.filter((seq) => seq <= known).length;
        await client.close();
      }),
    );
    ended.abort();
    await writer;
    return counts;
  },
};
