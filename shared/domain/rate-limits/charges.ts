/**
 * Upper bounds of what commands and the fan-out that follows them cost, in micro-dollars at the prices in
 * docs/cost.md. A test compares them with what the benchmark counts. The costs of HTTP operations are
 * declared in the contract.
 */
import type { Command, CommandName } from '../../contract/websocket/commands.ts';
import * as limits from '../../contract/limits.ts';
import { publishesPresence } from '../connections/presence.ts';
import { shardCapacity } from '../connections/subscribers.ts';
import type { Head } from '../model/rooms.ts';
import type { Charge, UserBudget } from './user-budget.ts';

/** One post of a short event, with its share of the function that posts it. */
const postMicroDollars = 1.1;

/** Sending one kilobyte out of AWS. */
const kilobyteOutMicroDollars = 0.09;

/** Storing one kilobyte. */
const kilobyteStoredMicroDollars = 0.7;

/** Posting one event to every connection of a room. A short event costs no more than its post. */
function fanOutMicroDollars(shards: number, contentBytes = 0): number {
  const perPost = postMicroDollars + kilobyteOutMicroDollars * (contentBytes / 1_024);
  return Math.round(perPost * shardCapacity(shards));
}

/**
 * Micro-dollars of the fan-out to a small room. Every writer is charged it first, before the size of the room
 * is known.
 */
export const smallRoomFanOutMicroDollars = fanOutMicroDollars(1);

/** Returns the micro-dollars of a fan-out beyond that of a small room, once the room's head has been read. */
export function fanOutSurcharge({ shards }: Pick<Head, 'shards'>, contentBytes = 0): number {
  return shards === 1 ? 0 : fanOutMicroDollars(shards, contentBytes) - fanOutMicroDollars(1, contentBytes);
}

/**
 * Returns the micro-dollars of opening a room beyond those of a small one: presence is read twice, and the
 * arrival and departure are published in rooms that are not too large for it.
 */
export function openingSurcharge({ shards }: Pick<Head, 'shards'>): number {
  if (shards === 1) return 0;
  return publishesPresence(shards) ? 2 * fanOutSurcharge({ shards }) : 10 * shards;
}

/** Returns the cost of storing a log entry and publishing it to a small room. */
export function entryCharge(contentBytes = 0): Charge {
  const stored = kilobyteStoredMicroDollars * (contentBytes / 1_024);
  return { costMicroDollars: Math.ceil(fanOutMicroDollars(1, contentBytes) + 10 + stored), isWrite: true };
}

/** One check of an upload, of the largest image that is accepted: ten seconds of a whole processor with its memory. */
export const checkMicroDollars = 240;

/**
 * Storing one attachment with its message, and showing it with its addresses to a small room: two kilobytes, two write units
 * of a transaction, and its share of keeping its objects.
 */
const attachmentMicroDollars = 25;

/** Returns the micro-dollars of the attachments of a message in a small room. */
export const attachmentsMicroDollars = (attachmentIds: readonly string[] = []): number =>
  attachmentMicroDollars * attachmentIds.length;

/** A page of a room's log: one frame per entry, and up to a megabyte read. */
const historyCharge = (limit: number): Charge => ({ costMicroDollars: 35 + 3 * limit });

/** Watching as many rooms as one socket can: two writes and some reads for each of them. */
const inboxMicroDollars = 10 + 2 * limits.inboxRooms;

/** Returns the micro-dollars of sending the activity of a room: reads for each user, and a post to each socket. */
export function activityMicroDollars(users: number, posts: number): number {
  return Math.ceil(10 + 2 * users + 1.2 * posts);
}

/** The notification of inboxes that a room has changed, as if all its members watched it on four devices each. */
export const watchedUpdateMicroDollars = activityMicroDollars(
  limits.inboxRoomMembers,
  4 * limits.inboxRoomMembers,
);

/**
 * Returns the cost of opening a small room: the welcome with a page of `history` entries, the arrival and the
 * departure.
 */
export const openingCharge = (history: number, hasInbox = false): Charge => ({
  costMicroDollars: 2 * smallRoomFanOutMicroDollars + 30 + 3 * history + (hasInbox ? inboxMicroDollars : 0),
});

type CommandCharge<N extends CommandName> = (command: Extract<Command, { type: N }>) => Charge;

/** Commands that are charged to the user's budget. flood-guard.ts limits the others. */
export const commandCharges: { readonly [N in CommandName]?: CommandCharge<N> } = {
  message({ content, attachments }) {
    const { costMicroDollars, isWrite } = entryCharge(Buffer.byteLength(content));
    return {
      costMicroDollars: costMicroDollars + attachmentsMicroDollars(attachments),
      ...(isWrite !== undefined && { isWrite }),
    };
  },
  edit: ({ content }) => entryCharge(Buffer.byteLength(content)),
  delete: () => entryCharge(),
  history: ({ limit }) => historyCharge(limit ?? limits.pageSize),
  join: ({ history }) => openingCharge(history ?? limits.pageSize),
  leave: () => ({ costMicroDollars: 5 }),
  inbox: () => ({ costMicroDollars: inboxMicroDollars }),
  auth: () => ({ costMicroDollars: 10 + limits.roomsPerConnection }),
};

/** Reading four kilobytes of the table consistently. */
const readUnitMicroDollars = 0.125;

/** Returns the micro-dollars of reading these bytes of a log. */
export const readingMicroDollars = (bytes: number): number =>
  Math.ceil(readUnitMicroDollars * (bytes / 4_096));

/** Charges the fan-out to a room that is larger than the small one that was charged first. */
export async function chargeFanOut(
  budget: Pick<UserBudget, 'charge'>,
  userId: string,
  head: Pick<Head, 'shards'>,
  contentBytes = 0,
): Promise<void> {
  await budget.charge(userId, fanOutSurcharge(head, contentBytes));
}
