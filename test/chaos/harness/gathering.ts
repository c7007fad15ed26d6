/** Rooms full of steady clients: opened together, brought up to date together, and handed to the checker. */

import { checkRoom } from '../checker.ts';
import { newPeople, newRoom, type RoomView } from './people.ts';
import type { FaultyRuntime } from './runtime.ts';
import { addCounts, type Counts } from './scenario.ts';
import { typedClient, type TypedClient } from './typed-client.ts';
import { steadyClient, type SteadyClient, type SteadyClientOptions } from './steady-client.ts';

export interface Gathering {
  room: RoomView;
  clients: SteadyClient[];
  /** The project's own clients, beside the plain ones. */
  typed: TypedClient[];
}

export interface GatherOptions extends Pick<SteadyClientOptions, 'query' | 'pingEveryMs'> {
  /** So many of the project's own clients come too. */
  typed?: number;
}

/** A public room with that many clients in it, each of another person. */
export async function gather(
  { url, webSocketUrl }: Pick<FaultyRuntime, 'url' | 'webSocketUrl'>,
  count: number,
  { typed: typedCount = 0, ...options }: GatherOptions = {},
): Promise<Gathering> {
  const everyone = await newPeople(url, count + typedCount);
  const people = everyone.slice(0, count);
  const room = await newRoom(url, people[0]!);
  const clients = people.map((person) => steadyClient({ url, webSocketUrl, person, room, ...options }));
  const typed = everyone.slice(count).map((person) => typedClient({ url, person, room }));
  await Promise.all([...clients, ...typed].map(({ entered }) => entered));
  return { room, clients, typed };
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
    gatherings.map(async ({ room, clients: load, typed }) => {
      const { room_id: roomId } = room;
      const { url, webSocketUrl } = runtime;
      const latecomer = steadyClient({ url, webSocketUrl, person: load[0]!.person, room });
      const clients = [...load, latecomer];
      const headNow = async (): Promise<number> => (await runtime.table.headOf(roomId))?.['seq'];
      let head: number;
      let upToDate: boolean[];
      let counts: Counts;
      // A send that nobody waits for may take its seq as late as this: what is counted is a moment of rest.
      do {
        head = await headNow();
        const log = await runtime.table.logOf(roomId);
        const messages = log.filter(({ kind }) => kind === 'message').map(({ seq }) => seq);
        upToDate = await Promise.all([
          ...clients.map((client) => client.knows(head, until - Date.now())),
          ...typed.map((client) => client.shows(messages, until - Date.now())),
        ]);
        counts = await checkRoom(runtime.table, {
          roomId,
          sent: [...clients, ...typed].flatMap(({ sent }) => sent),
          acknowledgements: [...clients, ...typed].flatMap(({ acknowledgements }) => acknowledgements),
          views: [...clients, ...typed],
        });
      } while ((await headNow()) !== head && Date.now() < until);
      await Promise.all([...clients, ...typed].map((client) => client.stop()));
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
