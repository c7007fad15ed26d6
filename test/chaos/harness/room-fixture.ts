/** Opens rooms with several clients, and hands them to the checker once every client is up to date. */

import { checkRoom } from '../checker.ts';
import { newPeople, newRoom, type RoomView } from './people.ts';
import type { FaultyRuntime } from './runtime.ts';
import { addCounts, type Counts } from './scenario.ts';
import { typedClient, type TypedClient } from './typed-client.ts';
import { steadyClient } from './steady-client.ts';
import type { SteadyClient, SteadyClientOptions } from './steady-client-interface.ts';

export interface RoomFixture {
  room: RoomView;
  clients: SteadyClient[];
  /** Clients that use the project's typed client. */
  typed: TypedClient[];
}

export interface RoomFixtureOptions extends Pick<SteadyClientOptions, 'query' | 'pingEveryMs'> {
  /** How many typed clients join as well. */
  typed?: number;
}

/** Opens a public room with `count` steady clients, each of another user. */
export async function openRoomFixture(
  { url, webSocketUrl }: Pick<FaultyRuntime, 'url' | 'webSocketUrl'>,
  count: number,
  { typed: typedCount = 0, ...options }: RoomFixtureOptions = {},
): Promise<RoomFixture> {
  const everyone = await newPeople(url, count + typedCount);
  const people = everyone.slice(0, count);
  const room = await newRoom(url, people[0]!);
  const clients = people.map((person) => steadyClient({ url, webSocketUrl, person, room, ...options }));
  const typed = everyone.slice(count).map((person) => typedClient({ url, person, room }));
  await Promise.all([...clients, ...typed].map(({ entered }) => entered));
  return { room, clients, typed };
}

/**
 * Clears the fault rules, adds one client to each room that reads its whole history, waits until every client has the
 * whole log, at most `timeoutMs` in all, and counts the violations. `notCaughtUp` counts clients that lack entries in
 * the end.
 */
export async function checkFixtures(
  runtime: Pick<FaultyRuntime, 'rules' | 'table' | 'url' | 'webSocketUrl'>,
  fixtures: readonly RoomFixture[],
  timeoutMs: number,
): Promise<Counts> {
  await runtime.rules.clear();
  const until = Date.now() + timeoutMs;
  const parts = await Promise.all(
    fixtures.map(async ({ room, clients: load, typed }) => {
      const { room_id: roomId } = room;
      const { url, webSocketUrl } = runtime;
      const lateClient = steadyClient({ url, webSocketUrl, person: load[0]!.person, room });
      const clients = [...load, lateClient];
      const headNow = async (): Promise<number> => (await runtime.table.headOf(roomId))?.['seq'];
      let head: number;
      let upToDate: boolean[];
      let counts: Counts;
      // A send that no client waits for may take a seq during the check, which is then repeated.
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
      counts.wrong['notCaughtUp'] = upToDate.filter((knowsAll) => !knowsAll).length;
      return counts;
    }),
  );
  const efforts = fixtures.flatMap(({ clients }) => clients.map((client) => client.efforts));
  return addCounts([
    ...parts,
    ...efforts.map(({ requests, repeats, openings }) => ({
      done: { requests, repeats, reopened: openings - 1 },
      wrong: {},
    })),
  ]);
}
