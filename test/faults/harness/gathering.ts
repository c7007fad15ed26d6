/** Rooms full of steady clients: opened together, brought up to date together, and handed to the checker. */

import { checkRoom } from '../checker.ts';
import { newPeople, newRoom, type RoomView } from './people.ts';
import type { FaultyRuntime } from './runtime.ts';
import { addCounts, type Counts } from './scenario.ts';
import { steadyClient, type SteadyClient, type SteadyClientOptions } from './steady-client.ts';

export interface Gathering {
  room: RoomView;
  clients: SteadyClient[];
}

/** A public room with that many clients in it, each of another person. */
export async function gather(
  { url, webSocketUrl }: Pick<FaultyRuntime, 'url' | 'webSocketUrl'>,
  count: number,
  options: Pick<SteadyClientOptions, 'query' | 'pingEveryMs'> = {},
): Promise<Gathering> {
  const people = await newPeople(url, count);
  const room = await newRoom(url, people[0]!);
  const clients = people.map((person) => steadyClient({ url, webSocketUrl, person, room, ...options }));
  await Promise.all(clients.map(({ entered }) => entered));
  return { room, clients };
}

/**
 * Ends the rules, lets somebody who comes late read all of each room, waits until every client knows the whole log (no
 * longer than `timeoutMs` in all), lets the clients go and counts. `unaware` are clients that never got there.
 */
export async function conclude(
  runtime: Pick<FaultyRuntime, 'rules' | 'table' | 'url' | 'webSocketUrl'>,
  gatherings: readonly Gathering[],
  timeoutMs: number,
): Promise<Counts> {
  await runtime.rules.clear();
  const until = Date.now() + timeoutMs;
  const parts = await Promise.all(
    gatherings.map(async ({ room, clients: load }) => {
      const { room_id: roomId } = room;
      const { url, webSocketUrl } = runtime;
      const latecomer = steadyClient({ url, webSocketUrl, person: load[0]!.person, room });
      const clients = [...load, latecomer];
      const head = await runtime.table.headOf(roomId);
      const upToDate = await Promise.all(
        clients.map((client) => client.knows(head?.['seq'], until - Date.now())),
      );
      await Promise.all(clients.map((client) => client.stop()));
      const counts = await checkRoom(runtime.table, {
        roomId,
        sent: clients.flatMap(({ sent }) => sent),
        acknowledgements: clients.flatMap(({ acknowledgements }) => acknowledgements),
        views: clients,
      });
      counts.wrong['unaware'] = upToDate.filter((knowsAll) => !knowsAll).length;
      return counts;
    }),
  );
  const efforts = gatherings.flatMap(({ clients }) => clients.map((client) => client.efforts));
  return addCounts([
    ...parts,
    ...efforts.map(({ requests, repeats, openings }) => ({
      done: { requests, repeats, reopened: openings - 1 },
      wrong: {},
    })),
  ]);
}
