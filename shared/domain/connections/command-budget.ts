/**
 * What one connection may ask for within ten seconds besides messages, which have a rate of their own. Commands that
 * write or read much are counted on the connection's item, and so by every function that serves it; those that must
 * not cost a write are counted by each function for itself (flood-guard.ts).
 */
import type { CommandName } from '../../contract/websocket/commands.ts';
import { ChatError } from '../chat-error.ts';
import type { Connection } from '../model.ts';
import type { ConnectionStore } from '../ports/sockets.ts';
import { rateWindowMs } from './message-rate.ts';

interface CommandCost {
  cost: number;
  /** By whom it is counted; `own` for a rate of its own. */
  counted: 'everywhere' | 'here' | 'own';
}

export const commandCosts: Record<CommandName, CommandCost> = {
  message: { cost: 0, counted: 'own' },
  // Told to everybody in the room, as a message is.
  edit: { cost: 4, counted: 'everywhere' },
  delete: { cost: 4, counted: 'everywhere' },
  auth: { cost: 4, counted: 'everywhere' },
  // A page of the log each; somebody who comes back joins fifty rooms at once and asks each what was missed.
  join: { cost: 2, counted: 'everywhere' },
  history: { cost: 2, counted: 'everywhere' },
  leave: { cost: 1, counted: 'everywhere' },
  // What is told to the room is counted again, by everybody: see `typingNewsCost`.
  typing: { cost: 1, counted: 'here' },
  read: { cost: 1, counted: 'here' },
  ping: { cost: 1, counted: 'here' },
};

/** News about typing is posted to everybody in a small room. */
export const typingNewsCost = 4;

/**
 * Counts the command, and only then lets it pass, so that the budget holds however many functions serve the
 * connection at once. Nothing is written for one whose budget is known to be spent. Throws `rate_limited`.
 */
export async function spendEverywhere(
  connections: Pick<ConnectionStore, 'countWork'>,
  connection: Connection,
  cost: number,
  now: number,
  budget: number,
): Promise<void> {
  const { startedAt, count } = connection.work;
  const isSameWindow = now < startedAt + rateWindowMs;
  if (isSameWindow && count >= budget) throw tooSoon(startedAt + rateWindowMs - now);
  const spent = await connections.countWork(connection, cost, now, rateWindowMs);
  if (spent > budget) throw tooSoon(isSameWindow ? startedAt + rateWindowMs - now : rateWindowMs);
}

const tooSoon = (retryAfterMs: number): ChatError => new ChatError('rate_limited', { retryAfterMs });
