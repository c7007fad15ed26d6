/** Measures how many messages a server carries, how fast sockets open, and how soon it is ready. */

import { uniqueName } from '../../chaos/harness/people.ts';
import { percentile, rounded } from '../statistics.ts';
import type { BenchContext } from '../section.ts';
import { serverAt, startServer, type ChatServer } from './chat-server.ts';
import { settle } from './settle.ts';
import type { OpenResult, SocketPlan } from './load-messages.ts';
import { startLoad, type Load } from './load.ts';
import { measureRisingLoad, type RisingLoad } from './rising-load.ts';
import { registerUsers, signIn, tokensFrom, type Tokens } from './users.ts';

const people = 100;
/** Three times as many sockets as users, in rooms of ten. */
const socketsToOpen = 300;
/** Tried one after the other. The highest result counts. */
const concurrentHandshakes = [8, 16, 32];

const roomsOfTen: RisingLoad = {
  name: 'conversation.rooms_of_10',
  title: '10 rooms of 10 sockets',
  rates: [30, 60, 90, 120, 150, 180, 220, 260, 300, 350, 400, 500],
  p99Ms: 200,
  reported: { rate: 180, name: 'at_180' },
  highest: { name: 'highest_messages_per_second', perMessage: 1 },
};

const roomOfHundred: RisingLoad = {
  name: 'conversation.room_of_100',
  title: 'One room of 100 sockets',
  rates: [5, 10, 15, 20, 25, 30, 35, 40, 50, 60],
  p99Ms: 126,
  reported: { rate: 20, name: 'at_2000' },
  highest: { name: 'highest_deliveries_per_second', perMessage: 100 },
};

export async function measureConversation(context: BenchContext): Promise<void> {
  const { report, options, progress } = context;
  progress('starting');
  const server = options.url === undefined ? await startServer() : serverAt(options.url);
  const load = startLoad();
  try {
    report.heading(`Conversation over ${options.url ?? 'the local runtime'}`);
    if (server.startSeconds !== undefined) {
      report.line(`Ready after ${rounded(server.startSeconds, 2)} s.`);
      report.figure('conversation.start_to_ready_seconds', rounded(server.startSeconds, 2));
    }
    const tokens = await openTokens(context, server);
    const parts: Parts = { load, server, tokens };
    await runParts(context, [
      () => inRooms(context, parts, rooms(10, 10), roomsOfTen),
      () => inRooms(context, parts, rooms(1, 100), roomOfHundred),
      () => measureOpening(context, parts),
    ]);
  } finally {
    await load.end();
    await server.stop();
  }
}

interface Parts {
  load: Load;
  server: ChatServer;
  /** Returns valid tokens, however long the earlier parts took. */
  tokens: () => Promise<Tokens>;
}

/** Runs all parts, also after one has failed, and then throws the first failure. */
async function runParts({ progress }: BenchContext, parts: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts) {
    await part().catch((error: unknown) => {
      progress(`failed: ${String(error)}`);
      failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
}

async function openTokens(
  { options, progress }: BenchContext,
  { url }: ChatServer,
): Promise<Parts['tokens']> {
  if (options.tokens !== undefined) {
    const tokens = await tokensFrom(options.tokens);
    return async () => tokens;
  }
  progress(`registering ${people} users`);
  const names = await registerUsers(url, people);
  // On the bench's own runtime, tokens outlive the bench.
  const tokens = options.url === undefined ? await signIn(url, names) : undefined;
  return async () => tokens ?? signIn(url, names);
}

/** Returns the name of each room once for each of its sockets. */
function rooms(count: number, size: number): string[] {
  return Array.from({ length: count }, () => uniqueName('bench')).flatMap((room) =>
    Array.from({ length: size }, () => room),
  );
}

async function inRooms(
  context: BenchContext,
  parts: Parts,
  places: readonly string[],
  rising: RisingLoad,
): Promise<void> {
  try {
    await openAll(context, parts, places);
    await measureRisingLoad(context, parts, rising);
  } finally {
    await parts.load.close();
    await settle(parts.server);
  }
}

/** Opens all sockets. Tries once more, because the server may still be busy with the part before. */
async function openAll(context: BenchContext, parts: Parts, places: readonly string[]): Promise<void> {
  const first = await open(context, parts, places);
  if (first.opened === places.length) return;
  await parts.load.close();
  await settle(parts.server);
  const { opened, failures } = await open(context, parts, places);
  if (opened < places.length)
    throw new Error(`${opened} of ${places.length} sockets opened: ${failures.join(', ')}`);
}

async function open(
  { options, progress }: BenchContext,
  { load, server, tokens }: Parts,
  places: readonly string[],
  concurrency = concurrentHandshakes[0] as number,
): Promise<OpenResult> {
  progress(`opening ${places.length} sockets`);
  const own = (await tokens())(places.length);
  return load.open({
    webSocketUrl: server.url.replace(/^http/, 'ws'),
    sockets: places.map((room, index): SocketPlan => ({ room, token: own[index] as string })),
    welcome: options.protocol === 'own' ? 'history_end' : 'room_users_list',
    tokenInQuery: options.protocol === 'predecessor',
    concurrency,
  });
}

async function measureOpening(context: BenchContext, parts: Parts): Promise<void> {
  const { report } = context;
  const rows: { perSecond: number; cells: (string | number)[] }[] = [];
  let failed = 0;
  for (const concurrency of concurrentHandshakes) {
    const all = rooms(socketsToOpen / 10, 10);
    // The rooms exist and have a socket each, so that opening sockets is timed and not creating rooms.
    await open(context, parts, [...new Set(all)]);
    const { opened, seconds, milliseconds, failures } = await open(context, parts, all, concurrency);
    await parts.load.close();
    await settle(parts.server);
    const perSecond = rounded(opened / seconds, 1);
    failed += socketsToOpen - opened;
    const [p50, p99] = [50, 99].map((percent) => rounded(percentile(milliseconds, percent), 1)) as [
      number,
      number,
    ];
    rows.push({ perSecond, cells: [concurrency, String(perSecond), socketsToOpen - opened, p50, p99] });
    for (const failure of failures) report.line(`failed: ${failure}`);
  }
  report.heading(`Opening ${socketsToOpen} sockets in rooms of 11`);
  report.table(
    ['concurrent', 'opened/s', 'failed', 'p50 ms', 'p99 ms'],
    rows.map(({ cells }) => cells),
  );
  report.figure(
    'conversation.sockets_opened_per_second',
    Math.max(...rows.map(({ perSecond }) => perSecond)),
  );
  report.figure('conversation.sockets_failed', failed);
}
