/** Planned reconnects: each socket is asked to come back before the gateway would cut it, does, and has lost nothing. */

import { setTimeout as delay } from 'node:timers/promises';
import { newPeople, newRoom, request } from '../harness/people.ts';
import { plainClient } from '../harness/plain-client.ts';
import { catchUp, enterAgain, heardOf, missedOf } from '../harness/plain-room.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  sockets: number;
  /** How often each comes back. */
  returns: number;
}

export const plannedReconnects: Scenario<Size> = {
  name: 'planned reconnects',
  sizes: {
    short: { sockets: 6, returns: 1 },
    middle: { sockets: 20, returns: 4 },
    full: { sockets: 30, returns: 12 },
  },
  // A socket is asked after 4.8 to 5.5 seconds: long enough for all to come in before the first goes again.
  settings: { environment: { RECONNECT_AFTER_MINUTES: '0.08', ACCESS_TOKEN_LIFETIME_MINUTES: '60' } },
  async run({ size, runtime }) {
    const { url, webSocketUrl, table } = runtime;
    const people = await newPeople(url, size.sockets);
    const room = await newRoom(url, people[0]!);
    const counts = {
      done: { returns: 0, entries: 0 },
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
        for (let time = 0; time <= size.returns; time += 1) {
          const end = await enterAgain(client, `after=${known}`);
          if (end['recovered'] !== true) counts.wrong.unrecovered += 1;
          const head = end['has_more'] === true ? await catchUp(client, room.room_id, known) : end['head'];
          known = head ?? known;
          if (time === size.returns) break;
          if (!(await client.closed(20_000))) counts.wrong.neverAsked += 1;
          // Not always the last frame: an entry that another function posts at that moment may come behind it.
          const isAnnounced = client.record.some(
            ({ session, event }) =>
              session === client.sessions &&
              event.type === 'close' &&
              event['code'] === 4200 &&
              event['resume'],
          );
          if (!isAnnounced) counts.wrong.unannounced += 1;
          counts.done.returns += 1;
        }
        const missed = await missedOf(table, room.room_id, heardOf(client, room.room_id));
        counts.wrong.missed += missed.filter((seq) => seq <= known).length;
        await client.close();
      }),
    );
    ended.abort();
    await writer;
    return counts;
  },
};
