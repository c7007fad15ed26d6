/**
 * Two rooms with files over an in-memory table and bucket, with the real code of sends, checks, deletions, the table stream
 * and cleanups. All of them take turns, may be killed at any turn, and meet a bucket that refuses some requests.
 */
import type { Checked, CheckedFile } from '../../../functions/uploads/check-file.ts';
import type { CheckPorts } from '../../../functions/uploads/check-upload.ts';
import { runStep } from '../../../functions/cleanup/run-step.ts';
import { handleBatch } from '../../../functions/table-stream/handle-batch.ts';
import { seededRandom } from '../../../local/faults/seeded-random.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import { contentHeaders } from '../../../shared/domain/files/content-headers.ts';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import type { CleanupTask } from '../../../shared/domain/model/cleanup.ts';
import type { ConnectionGateway } from '../../../shared/realtime/connection-gateway.ts';
import { memoryObjects } from '../../kit/memory-objects.ts';
import { memberOf, roomOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, cat, start, uuid } from '../../kit/memory-chat/system.ts';
import { immediately, memoryTable, type Take } from '../../kit/memory-table/memory-table.ts';
import { portsOver, type Ports } from '../model/real-ports.ts';
import { turns, type Lifetime } from '../model/turns.ts';

export const people: readonly Caller[] = [ann, bob, cat];
/** The first room stays; the second is purged at some time. */
export const roomIds: readonly string[] = [uuid(100), uuid(101)];

/** No user has a socket open. */
const connectionGateway: ConnectionGateway = { post: async () => 'gone', close: async () => undefined };

/** How often the bucket refuses a request, and how often work is killed. */
const refusals = 0.02;
const kills = 0.15;

const maxAttempts = 200;

/** The check of a file takes many turns now and then. */
export type FilesPorts = Ports & Pick<CheckPorts, 'checkFile'>;

export interface FilesSystem {
  table: ReturnType<typeof memoryTable>;
  bucket: ReturnType<typeof memoryObjects>;
  random: () => number;
  below(limit: number): number;
  now(): number;
  pass(milliseconds: number): void;
  /** Runs work that is killed at some turn now and then. Returns undefined when it was, or was refused. */
  begin<T>(work: (ports: FilesPorts) => Promise<T>): Promise<T | undefined>;
  /** Runs work until it has ended once without being killed, as Lambda repeats asynchronous invocations. */
  persist(work: (ports: FilesPorts) => Promise<unknown>): Promise<void>;
  /** Waits until all that has begun is done, with everything that follows from it. */
  untilQuiet(): Promise<void>;
  counts: { killed: number; refused: number; tasks: number; batches: number };
}

/** The file that a client posts tells what it becomes: `bad` ones are refused. */
function checkText(text: string): Checked<CheckedFile> {
  if (text.startsWith('bad')) return { problem: 'unreadable_image' };
  const headers = contentHeaders('image/png', 'map.png');
  const objects = (['original', '96'] as const).map((name) => ({
    name,
    bytes: Buffer.from(contentOf(name, text)),
    headers,
  }));
  return { file: { type: text, size: text.length, dimensions: { width: 4, height: 3 }, objects } };
}

export const contentOf = (name: string, text: string): string => `${name} of ${text}`;

export async function openFilesSystem(seed: number, onTurn: () => void): Promise<FilesSystem> {
  const random = seededRandom(`files ${seed}`);
  const below = (limit: number): number => Math.floor(random() * limit);
  let now = start;
  const clock = { now: () => now };
  const table = memoryTable();
  const bucket = memoryObjects(clock);
  const counts = { killed: 0, refused: 0, tasks: 0, batches: 0 };
  const tasks: CleanupTask[] = [];
  let made = 0;
  const schedule = turns(random, () => {
    now += 1;
    onTurn();
  });
  // The bundle's timers: a pause takes a turn.
  Object.assign(globalThis, {
    modelTimeout: (resume: () => void) => void schedule.begin((take) => take(resume)),
  });

  function portsFor(take: Take): FilesPorts {
    const unreliable: Take = (step) =>
      take(() => {
        if (random() >= refusals) return step();
        counts.refused += 1;
        throw new Error('Slow down');
      });
    const ports = portsOver(table, take, {
      clock,
      random,
      connectionGateway,
      bucket: { ...bucket, as: () => bucket.as(unreliable) },
    });
    return {
      ...ports,
      random: { ...ports.random, uuid: () => uuid(5_000 + (made += 1)) },
      checkFile: async ({ bytes }) => {
        for (let left = random() < 0.3 ? below(40) : 0; left > 0; left -= 1) await take(() => undefined);
        return checkText(Buffer.from(bytes).toString());
      },
      enqueueCleanup: (task) => take(() => void tasks.push(task)),
    };
  }

  const someLifetime = (): Lifetime | undefined =>
    random() < kills ? { killAtTurn: 1 + below(14), killAfterStep: random() < 0.5 } : undefined;

  /** Returns false when the work was killed or failed. */
  async function attempt(
    work: (ports: FilesPorts) => Promise<unknown>,
    lifetime?: Lifetime,
  ): Promise<boolean> {
    try {
      const end = await schedule.begin((take) => work(portsFor(take)).then(() => undefined), lifetime);
      if (end === 'killed') counts.killed += 1;
      return end === 'done';
    } catch (error) {
      if (error instanceof ChatError || (error instanceof Error && error.message === 'Slow down'))
        return false;
      throw error;
    }
  }

  async function persist(work: (ports: FilesPorts) => Promise<unknown>): Promise<void> {
    for (let attempts = 0; !(await attempt(work, someLifetime())); attempts += 1)
      if (attempts > maxAttempts) throw new Error('Work that is repeated never ends');
    // At least once is sometimes twice, and late.
    if (random() < 0.15) await attempt(work, someLifetime());
  }

  const runTask = (task: CleanupTask): Promise<void> => {
    counts.tasks += 1;
    return persist((ports) => runStep({ ...ports, pause: async () => undefined }, task));
  };

  let isHandling = false;
  function more(): boolean {
    const task = tasks.splice(below(tasks.length), 1)[0];
    if (task !== undefined) void runTask(task);
    if (isHandling) return task !== undefined;
    const records = table.nextRecords(1 + below(6));
    if (records.length === 0) return task !== undefined;
    isHandling = true;
    counts.batches += 1;
    void persist(async (ports) => {
      const failed = await handleBatch(ports, records, () => undefined);
      if (failed.length > 0) throw new Error('Slow down');
    }).finally(() => (isHandling = false));
    return true;
  }

  await createRooms(portsOver(table, immediately, { clock, random, connectionGateway, bucket }));
  return {
    table,
    bucket,
    random,
    below,
    now: clock.now,
    pass(milliseconds) {
      now += milliseconds;
      bucket.expire();
    },
    async begin(work) {
      let outcome: Awaited<ReturnType<typeof work>> | undefined;
      const isDone = await attempt(async (ports) => void (outcome = await work(ports)), someLifetime());
      return isDone ? outcome : undefined;
    },
    persist,
    untilQuiet: () => schedule.untilQuiet(more),
    counts,
  };
}

async function createRooms(ports: Ports): Promise<void> {
  for (const { userId, username } of people)
    await ports.users.register(
      { userId, username, firstName: '', lastName: '', profilePicture: null, createdAtMs: start },
      { userId, email: '' },
      { userId, username, passwordHash: '', tokenVersion: 0 },
    );
  for (const [index, roomId] of roomIds.entries()) {
    const room = roomOf({
      roomId,
      name: `room ${index}`,
      isPrivate: index === 1,
      memberCount: people.length,
    });
    await ports.rooms.create(
      room,
      people.map((caller) => memberOf(room, caller)),
      [],
    );
  }
}
