/**
 * Sends each client id one to five times, at once and again in the end, over sockets and HTTP. Each id makes one
 * message, every repeat is answered with the original, and other content under a used id is refused.
 */

import type { Acknowledgement, Sent } from '../checker.ts';
import { checkRoom } from '../checker.ts';
import { newPerson, newRoom, request, type Person, type RoomView } from '../harness/people.ts';
import { plainClient, type PlainClient } from '../harness/plain-client.ts';
import { seeded, type Random } from '../harness/random.ts';
import { addCounts, type Counts, type Scenario } from '../harness/scenario.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';

interface Size {
  senders: number;
  clientIdsPerSender: number;
  /** How many ids a sender sends at a time. */
  concurrency: number;
}

export const name = 'repeated sends store one message';

export const sizes = {
  short: { senders: 2, clientIdsPerSender: 40, concurrency: 4 },
  middle: { senders: 5, clientIdsPerSender: 200, concurrency: 4 },
  full: { senders: 10, clientIdsPerSender: 1_000, concurrency: 4 },
};

const socketsPerSender = 3;
const maxRepeats = 5;

interface Answers {
  acknowledgements: Acknowledgement[];
  attempts: number;
  unanswered: number;
  /** How many answers called the message new, by client id. */
  firsts: Map<string, number>;
  conflicts: number;
}

type Route = 'http' | PlainClient;

/** Returns the routes over which one id is sent, in their order. */
export function routesFor<T>(random: Random, sockets: readonly T[]): ('http' | T)[] {
  const all = random.shuffle<'http' | T>([...sockets, 'http', 'http']);
  return all.slice(0, random.integer(1, maxRepeats));
}

export const repeatedSends: Scenario<Size> = {
  name,
  sizes,
  async run({ seed, size, runtime }) {
    const people: Person[] = [];
    for (let sender = 0; sender < size.senders; sender += 1) people.push(await newPerson(runtime.url));
    // Two senders share a room and use the same ids, which belong to each sender.
    const rooms: RoomView[] = [];
    for (let index = 0; index < people.length; index += 2)
      rooms.push(await newRoom(runtime.url, people[index]!));
    const parts = await Promise.all(
      people.map((person, index) => send(runtime, person, rooms[index >> 1]!, size, seeded(seed, index))),
    );
    const checked = await Promise.all(
      rooms.map(({ room_id: roomId }, index) => {
        const own = parts.slice(2 * index, 2 * index + 2);
        return checkRoom(runtime.table, {
          roomId,
          sent: own.flatMap(({ sent }) => sent),
          acknowledgements: own.flatMap(({ answers }) => answers.acknowledgements),
          views: [],
        });
      }),
    );
    return addCounts([...checked, ...parts.map(({ sent, answers }) => countAnswers(sent, answers))]);
  },
};

async function send(
  { url, webSocketUrl }: FaultyRuntime,
  person: Person,
  room: RoomView,
  { clientIdsPerSender, concurrency }: Size,
  random: Random,
): Promise<{ sent: Sent[]; answers: Answers }> {
  const sockets = await Promise.all(
    Array.from({ length: socketsPerSender }, async () => {
      const socket = plainClient({ webSocketUrl, access: person.access, room: room.room_name });
      await socket.enter('history=0');
      return socket;
    }),
  );
  const answers: Answers = {
    acknowledgements: [],
    attempts: 0,
    unanswered: 0,
    firsts: new Map(),
    conflicts: 0,
  };
  const sent: Sent[] = [];

  async function attempt(route: Route, clientId: string, content: string): Promise<void> {
    answers.attempts += 1;
    const answer =
      route === 'http'
        ? await overHttp(url, person, room, clientId, content)
        : await overSocket(route, clientId, content);
    if (answer === undefined) answers.unanswered += 1;
    else if (answer === 'conflict') answers.conflicts += 1;
    else {
      answers.acknowledgements.push({ userId: person.id, clientId, ...answer });
      if (!answer.duplicate) answers.firsts.set(clientId, (answers.firsts.get(clientId) ?? 0) + 1);
    }
  }

  const plans = Array.from({ length: clientIdsPerSender }, (_, index) => {
    const message = { userId: person.id, clientId: `id_${index}`, content: `${person.username} ${index}` };
    sent.push(message);
    return { ...message, routes: routesFor(random, sockets) };
  });
  await forEachConcurrent(plans, concurrency, async ({ clientId, content, routes }) => {
    await Promise.all(routes.map((route) => attempt(route, clientId, content)));
  });
  // Long after the original, the same content again, and other content under the same id.
  await forEachConcurrent(
    plans.filter((_, index) => index % 20 === 0),
    concurrency,
    async ({ clientId, content }) => {
      await attempt(random.pick<Route>(['http', ...sockets]), clientId, content);
      await attempt(random.pick<Route>(['http', ...sockets]), clientId, `${content} is not that`);
    },
  );
  await Promise.all(sockets.map((socket) => socket.close()));
  return { sent, answers };
}

function countAnswers(sent: readonly Sent[], answers: Answers): Counts {
  const { attempts, unanswered, firsts, conflicts } = answers;
  const expectedConflicts = sent.filter((_, index) => index % 20 === 0).length;
  return {
    done: { attempts, conflicts },
    wrong: {
      unanswered,
      conflictsMissed: Math.abs(expectedConflicts - conflicts),
      calledNewTwice: [...firsts.values()].filter((count) => count > 1).length,
      neverCalledNew: sent.filter(({ clientId }) => !firsts.has(clientId!)).length,
    },
  };
}

type Answer = { seq: number; messageId: string; duplicate: boolean } | 'conflict' | undefined;

async function overSocket(socket: PlainClient, clientId: string, content: string): Promise<Answer> {
  const answer = await socket.ask(
    { type: 'message', content, client_id: clientId },
    (event) =>
      (event.type === 'ack' && event['client_id'] === clientId) ||
      (event.type === 'error' && event['ref'] === clientId),
    30_000,
  );
  if (answer?.type === 'ack')
    return { seq: answer['seq'], messageId: answer['message_id'], duplicate: answer['duplicate'] };
  return answer?.['code'] === 4009 ? 'conflict' : undefined;
}

async function overHttp(
  url: string,
  { access }: Person,
  { room_id: roomId }: RoomView,
  clientId: string,
  content: string,
): Promise<Answer> {
  const path = `/chat/rooms/${roomId}/messages/`;
  const { status, body } = await request(url, 'POST', path, {
    access,
    body: { content, client_id: clientId },
  });
  if (status === 409) return 'conflict';
  if (status !== 200 && status !== 201) return undefined;
  return { seq: body.seq, messageId: body.message_id, duplicate: status === 200 };
}

async function forEachConcurrent<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < items.length) {
        next += 1;
        await work(items[next - 1]!);
      }
    }),
  );
}
