/**
 * What commands and what follows from them cost at most, in micro-dollars by the prices of docs/cost.md. A test holds each
 * against what the bench counts. Operations over HTTP name theirs in the contract.
 */
import type { Command, CommandName } from '../../contract/websocket/commands.ts';
import { limits } from '../../contract/limits.ts';
import { shardCapacity, tellsPresence } from '../connections/subscribers.ts';
import type { Head } from '../model.ts';
import type { Charge, UserBudget } from './user-budget.ts';

/** A post of a short event and its share of the function that makes it. */
const postMicroDollars = 1.1;

/** A kilobyte that leaves AWS once. */
const kilobyteOutMicroDollars = 0.09;

/** Storing a kilobyte. */
const kilobyteStoredMicroDollars = 0.7;

/** Telling every socket of a room: an entry, or that someone is typing. Short events are part of the post. */
function fanOutCost(shards: number, contentBytes = 0): number {
  const perPost = postMicroDollars + kilobyteOutMicroDollars * (contentBytes / 1_024);
  return Math.round(perPost * shardCapacity(shards));
}

/** Of which every writer pays the part of a small room beforehand, since how large the room is shows only later. */
export const smallRoomFanOut = fanOutCost(1);

/** The rest, once the room's head has been read. */
export function fanOutSurcharge({ shards }: Pick<Head, 'shards'>, contentBytes = 0): number {
  return shards === 1 ? 0 : fanOutCost(shards, contentBytes) - fanOutCost(1, contentBytes);
}

/** Opening a room, beyond what a small one costs: its presence is read twice, and the coming and going may be told. */
export function openingSurcharge({ shards }: Pick<Head, 'shards'>): number {
  if (shards === 1) return 0;
  return tellsPresence(shards) ? 2 * fanOutSurcharge({ shards }) : 10 * shards;
}

/** An entry of the log that is told to the room. */
export function entryCost(contentBytes = 0): Charge {
  const stored = kilobyteStoredMicroDollars * (contentBytes / 1_024);
  return { costMicroDollars: Math.ceil(fanOutCost(1, contentBytes) + 10 + stored), isWrite: true };
}

/** A page of a room's log: a frame for each entry, and up to a megabyte of reading. */
const historyCost = (limit: number): Charge => ({ costMicroDollars: 35 + 3 * limit });

/** The welcome with its page, the coming and the going of a small room. */
export const openingCost = (history: number): Charge => ({
  costMicroDollars: 2 * smallRoomFanOut + 30 + 3 * history,
});

type CommandCost<N extends CommandName> = (command: Extract<Command, { type: N }>) => Charge;

/** Commands that are charged to their user's budget. The others are counted by each instance for itself (flood-guard.ts). */
export const commandCosts: { readonly [N in CommandName]?: CommandCost<N> } = {
  message: ({ content }) => entryCost(Buffer.byteLength(content)),
  edit: ({ content }) => entryCost(Buffer.byteLength(content)),
  delete: () => entryCost(),
  history: ({ limit }) => historyCost(limit ?? limits.pageSize),
  join: ({ history }) => openingCost(history ?? limits.pageSize),
  leave: () => ({ costMicroDollars: 5 }),
  auth: () => ({ costMicroDollars: 10 + limits.roomsPerConnection }),
};

/** Charges for a room that is larger than what everybody pays for beforehand. */
export async function chargeFanOut(
  budget: Pick<UserBudget, 'charge'>,
  userId: string,
  head: Pick<Head, 'shards'>,
  contentBytes = 0,
): Promise<void> {
  await budget.charge(userId, fanOutSurcharge(head, contentBytes));
}
