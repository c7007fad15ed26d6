/**
 * Kills functions at each await of uploads, checks, sends, deletions and cleanups of files, has the bucket refuse requests,
 * and repeats its events. An acknowledged message never shows a file that cannot be had, the files of a deleted message are
 * out of reach within a minute, a room and an account take theirs along, and no upload is sent twice or by another user.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { download, fileWriter, type FileWriter, type SentFile } from '../harness/file-writer.ts';
import { newPeople, newRoom, request } from '../harness/people.ts';
import { seeded, type Random } from '../harness/random.ts';
import type { FaultRule } from '../harness/rules.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { Scenario } from '../harness/scenario.ts';

interface Size {
  /** The last of them is deleted in the end. */
  rooms: number;
  /** The last of them in each room deletes the account in the end. */
  writersPerRoom: number;
  filesPerWriter: number;
  /** The probability of a kill each time that a point is passed, and of a refusal by the bucket. */
  probability: number;
  /** Within how long the files of a deleted message must be out of reach. */
  removalMs: number;
}

const minuteMs = 60_000;

/** How many calls of each kind a function awaits. */
const awaited = {
  chat: { database: 6, storage: 0 },
  message: { database: 6, storage: 0 },
  uploads: { database: 3, storage: 4 },
  tableStream: { database: 4, storage: 0 },
  cleanup: { database: 4, storage: 5 },
} as const;

const phases = ['before', 'after'] as const;

function schedule(seed: number, { probability }: Size): FaultRule[] {
  const kills = Object.entries(awaited).flatMap(([name, calls]) =>
    Object.entries(calls).flatMap(([point, maxCalls]) =>
      Array.from({ length: maxCalls }, (_, index) => index + 1).flatMap((nth) =>
        phases.map((phase): FaultRule => {
          const id = `${name}-${point}-${nth}-${phase}`;
          const match = { function: name, nth, phase };
          return {
            id,
            point: point as FaultRule['point'],
            action: 'kill',
            match,
            count: 1,
            probability,
            seed: `${seed}/${id}`,
          };
        }),
      ),
    ),
  );
  const refusals = (['uploads', 'cleanup'] as const).map((name): FaultRule => ({
    id: `${name}-refused`,
    point: 'storage',
    action: 'fail',
    status: 503,
    match: { function: name },
    count: 12,
    probability: probability / 2,
    seed: `${seed}/${name}`,
  }));
  const repeats: FaultRule = {
    id: 'events-repeated',
    point: 'events',
    action: 'duplicate',
    probability: 0.3,
    seed: `${seed}/events`,
  };
  return [...kills, ...refusals, repeats];
}

async function write(writer: FileWriter, others: readonly FileWriter[], random: Random, count: number) {
  for (let file = 0; file < count; file += 1) {
    // All of one length, as the form demands.
    const text = (part: number): string => `file ${file} of ${writer.person.username}, part ${part}`;
    // Some forms are posted twice before the message, and some again after it.
    const texts = random.chance(0.2) ? [text(1), text(2)] : [text(1)];
    const id = await writer.upload(texts);
    if (id === undefined) continue;
    const sent = await (random.chance(0.3)
      ? writer.sendTwice(id, texts)
      : writer.send(id, texts, random.chance(0.5) ? 'socket' : 'http'));
    if (sent === undefined) continue;
    if (random.chance(0.3)) await random.pick([writer, ...others]).misuse(id);
    if (random.chance(0.4)) await writer.remove(sent);
  }
}

/** Waits until an address leads nowhere, and returns how long that took since, in milliseconds. */
async function goneAfter(url: string, sinceMs: number, patienceMs: number): Promise<number> {
  while ((await download(url)) !== undefined) {
    if (Date.now() - sinceMs > patienceMs) return Infinity;
    await delay(100);
  }
  return Date.now() - sinceMs;
}

async function countMissing(files: readonly SentFile[]): Promise<{ missing: number; changed: number }> {
  const served = await Promise.all(files.map(({ url }) => download(url)));
  const had = served.filter((text) => text !== undefined);
  const isSame = (text: string | undefined, { served: first, texts }: SentFile): boolean =>
    text === undefined || (text === first && texts.includes(text));
  return {
    missing: files.length - had.length,
    changed: files.filter((file, index) => !isSame(served[index], file)).length,
  };
}

/** Returns the keys of the bucket of files. */
function keysOf({ local }: FaultyRuntime): string[] {
  const { bucketName } = local.stack.buckets.find(({ logicalId }) => logicalId.startsWith('Files'))!;
  return local.buckets.list(bucketName).map(({ key }) => key);
}

export const keptFiles: Scenario<Size> = {
  name: 'files are kept and removed',
  sizes: {
    short: { rooms: 2, writersPerRoom: 3, filesPerWriter: 4, probability: 0.12, removalMs: minuteMs },
    middle: { rooms: 3, writersPerRoom: 3, filesPerWriter: 20, probability: 0.08, removalMs: minuteMs },
    full: { rooms: 4, writersPerRoom: 4, filesPerWriter: 60, probability: 0.05, removalMs: minuteMs },
  },
  async run({ seed, size, runtime, log }) {
    const { url } = runtime;
    const people = await newPeople(url, size.writersPerRoom);
    const rooms = await Promise.all(Array.from({ length: size.rooms }, () => newRoom(url, people[0]!)));
    const writers = rooms.flatMap((room, index) =>
      people.map((person, number) =>
        fileWriter(runtime, { person, room, random: seeded(seed, index, number) }),
      ),
    );
    await runtime.rules.add(...schedule(seed, size));
    await Promise.all(
      writers.map((writer, index) => {
        const others = writers.filter((one) => one !== writer);
        return write(writer, others, seeded(seed, 'files', index), size.filesPerWriter);
      }),
    );
    const [lastRoom, lastPerson] = [rooms.at(-1)!, people.at(-1)!];
    const endedAtMs = Date.now();
    await Promise.all([
      repeat(() => request(url, 'DELETE', `/chat/rooms/${lastRoom.room_id}/`, people[0])),
      repeat(() =>
        request(url, 'DELETE', '/users/auth/profile/', {
          access: lastPerson.access,
          body: { password: lastPerson.password },
        }),
      ),
    ]);
    log('everything was sent, and a room and an account were deleted');
    const files = writers.flatMap(({ sent }) => sent);
    const deleted = files.filter(({ deletedAtMs }) => deletedAtMs !== undefined);
    const isEnded = ({ roomId, userId }: SentFile): boolean =>
      roomId === lastRoom.room_id || userId === lastPerson.id;
    const ended = files.filter((file) => file.deletedAtMs === undefined && isEnded(file));
    const kept = files.filter((file) => file.deletedAtMs === undefined && !isEnded(file));
    const times = await Promise.all(
      deleted.map((file) => goneAfter(file.url, file.deletedAtMs!, size.removalMs)),
    );
    // A purge and an erasure that are killed continue when Lambda repeats them.
    const endTimes = await Promise.all(
      ended.map((file) => goneAfter(file.url, endedAtMs, 3 * size.removalMs)),
    );
    const fired = await runtime.rules.countFired();
    await runtime.rules.clear();
    const now = await countMissing(kept);
    await runtime.rules.passDays(3);
    const later = await countMissing(kept);
    const folders = kept.map(({ url: address }) => new URL(address).pathname.slice(1, -'/original'.length));
    const own = rooms.map(({ room_id: id }) => `files/${id}/`);
    const left = keysOf(runtime).filter(
      (key) =>
        own.some((start) => key.startsWith(start)) && !folders.some((folder) => key.startsWith(folder)),
    );
    const uploads = await runtime.table.partition(`UPLOAD#${lastRoom.room_id}`);
    await Promise.all(writers.map((writer) => writer.close()));
    const sum = (count: (writer: FileWriter) => number): number =>
      writers.reduce((total, writer) => total + count(writer), 0);
    return {
      done: {
        sent: files.length,
        kept: kept.length,
        deleted: deleted.length,
        ended: ended.length,
        misused: sum(({ refused }) => refused),
        faults: fired,
        slowestMs: Math.max(0, ...times.filter(Number.isFinite)),
      },
      wrong: {
        missing: now.missing,
        changed: now.changed + later.changed,
        expired: later.missing - now.missing,
        reachable: times.filter((time) => time > size.removalMs).length,
        reachableAfterEnd: endTimes.filter((time) => !Number.isFinite(time)).length,
        leftObjects: left.length,
        leftUploads: uploads.filter(({ upload_state: state }) => state !== 'awaited').length,
        wronglyAccepted: sum(({ wronglyAccepted }) => wronglyAccepted),
        givenUp: sum(({ givenUp }) => givenUp),
      },
    };
  },
};

/** Repeats a deletion until it was made, by this request or by one whose answer was lost. */
async function repeat(deletion: () => Promise<{ status: number }>): Promise<void> {
  for (let attempts = 0; attempts < 60; attempts += 1) {
    const answer = await deletion().catch(() => undefined);
    if (answer !== undefined && (answer.status < 300 || [401, 404].includes(answer.status))) return;
    await delay(500);
  }
  throw new Error('A room or an account could not be deleted');
}
