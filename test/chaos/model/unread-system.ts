/** The messages and members of one room over an in-memory table, whose requests interleave by a random seed. */
import { gapAgeMs } from '../../../shared/domain/thresholds.ts';
import { listMessages } from '../../../shared/domain/messages/list-messages.ts';
import { subscriptionStore } from '../../../shared/storage/entities/subscription.ts';
import { connectionStore } from '../../../shared/storage/connection-store.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { logStore } from '../../../shared/storage/log-store.ts';
import { memberStore } from '../../../shared/storage/member-store.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import { inboxStore } from '../../../shared/storage/inbox-store.ts';
import { userStore } from '../../../shared/storage/user-store.ts';
import { unreadStore } from '../../../shared/storage/unread-store.ts';
import { contentHashes } from '../../../shared/lambda/content-hashes.ts';
import { fingerprint } from '../../../shared/lambda/system.ts';
import { memberOf, roomId, roomOf } from '../../kit/memory-chat/chat.ts';
import { unkeyedCursors } from '../../kit/memory-chat/cursors.ts';
import { plainFileAddresses } from '../../kit/memory-chat/files.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';
import { memoryTable, type Take } from '../../kit/memory-table/memory-table.ts';
import { turns, type Lifetime } from './turns.ts';

/** Mulberry32: the same numbers for the same random seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function openSystem(seed: number) {
  const random = randomFrom(seed);
  const table = memoryTable();
  let now = start;
  const clock = { now: () => now };
  const schedule = turns(random, () => void (now += 1));
  const portsFor = (take: Take) => {
    const db = table.as(take);
    return {
      rooms: roomStore(db),
      members: memberStore(db),
      log: logStore(db),
      files: plainFileAddresses(),
      unread: unreadStore(db),
      users: userStore(db),
      inbox: inboxStore(db),
      subscriptions: subscriptionStore(db),
      connections: connectionStore(db),
      cursors: unkeyedCursors(),
      budget: { charge: async () => undefined },
      clock,
      logger: { error: () => undefined },
      fingerprint,
      contentHashes: contentHashes(async () => 'the key of the stack'),
    };
  };
  type Ports = ReturnType<typeof portsFor>;
  const atOnce = portsFor(async (step) => step());
  const room = roomOf();
  await atOnce.rooms.create(room, [memberOf(room, ann)], []);
  return {
    random,
    below: (limit: number) => Math.floor(random() * limit),
    atOnce,
    room,
    /** Begins work whose steps interleave with those of other work. */
    begin: (work: (ports: Ports) => Promise<unknown>, lifetime?: Lifetime) =>
      schedule.begin((take) => work(portsFor(take)).then(() => undefined), lifetime),
    untilQuiet: () => schedule.untilQuiet(() => false),
    log: (): Item[] => table.partition(`LOG#${roomId}`),
    own: (userId: string): number[] =>
      table
        .partition(`UNREAD#${roomId}`)
        .filter(({ sk }) => String(sk).startsWith(`OWN#${userId}`))
        .flatMap((item) => [...((item['seqs'] as Set<number> | undefined) ?? [])]),
    archived: () => table.partition(`UNREAD#${roomId}`).filter(({ sk }) => /^DEAD|^OWN#.*#/.test(String(sk))),
    /** Reads between the steps of other work, whose gaps count as old by then. */
    async readConcurrently() {
      now += gapAgeMs;
      await schedule.begin(async (take) => {
        const from = this.below(20);
        const { head } = (await atOnce.rooms.getWithMember(roomId, ann.userId))!;
        const after = random() < 0.5 ? Math.max(0, head.seq - from) : undefined;
        await listMessages(portsFor(take), ann, roomId, { after, limit: 10 });
      });
    },
    /** Lets the gaps that killed writers left become old, and fills them by reading the log. */
    async fillGaps() {
      now += gapAgeMs;
      for (let next: { after: number } | undefined = { after: 0 }; next !== undefined;)
        next = (await listMessages(atOnce, ann, roomId, { ...next, limit: 50 })).next as typeof next;
    },
    hasGaps: () => {
      const head = table.partition(`ROOM#${roomId}`).find(({ sk }) => sk === 'HEAD')!;
      return table.partition(`LOG#${roomId}`).length < (head['seq'] as number);
    },
  };
}

export type System = Awaited<ReturnType<typeof openSystem>>;
