/**
 * Clients that break one invariant each, by a port that does something else than it should. What they do wrong is
 * what earlier clients did: matching answers by their order, forgetting, repeating under another key.
 */

import type { OutboxEntry, OutboxStore } from '../../../client/index.ts';
import type { Invariant } from './check.ts';
import type { Frame } from './network.ts';
import type { Breakage } from './tab.ts';

export interface BrokenClient {
  /** Completes "a client that …". */
  what: string;
  breaks: Invariant;
  /** From where on schedules show it; the first one when absent. */
  firstSeed?: number;
  breakage: () => Breakage;
}

export const brokenClients: readonly BrokenClient[] = [
  {
    what: 'takes the room that was opened last for the one that a text is for',
    breaks: 'text in another room',
    breakage: () => {
      let opened: unknown;
      return {
        toClient: (frame) => {
          if (frame.type === 'ready') opened = frame['room_id'] ?? opened;
          return frame;
        },
        toServer: (frame) => (frame.type === 'message' ? { ...frame, room_id: opened } : frame),
      };
    },
  },
  {
    what: 'goes on with the socket of the first user that signed in',
    breaks: 'text under another author',
    // In these tabs change their users.
    firstSeed: 6,
    breakage: keepingTheFirstUser,
  },
  {
    what: 'forgets what waits when its page is gone',
    breaks: 'text lost',
    breakage: () => ({ outbox: (store) => ({ ...store, put: () => undefined }) }),
  },
  {
    what: 'repeats a text under another client_id',
    breaks: 'text doubled',
    breakage: () => {
      let sent = 0;
      return {
        toServer: (frame) =>
          frame.type === 'message'
            ? { ...frame, client_id: `${String(frame['client_id'])}-${(sent += 1)}` }
            : frame,
      };
    },
  },
  {
    what: 'reads what waits in the wrong order',
    breaks: 'order of writing changed',
    breakage: () => ({ outbox: reversing }),
  },
  {
    what: 'waits without an end for answers that were lost',
    breaks: 'view without a definite state',
    breakage: () => {
      const lost = new Set<unknown>();
      return {
        toClient: (frame) => {
          if (frame.type !== 'history_end' || lost.has(frame['room_id'])) return frame;
          lost.add(frame['room_id']);
          return undefined;
        },
        clock: (clock) => ({
          ...clock,
          after: (milliseconds, run) =>
            milliseconds >= 3_000 ? () => undefined : clock.after(milliseconds, run),
        }),
      };
    },
  },
  {
    what: 'does not show every fourth entry',
    breaks: 'view differs from the log',
    breakage: () => ({
      toClient: (frame) =>
        frame.type === 'chat_message' && Number(frame['seq']) % 4 === 0 ? undefined : frame,
    }),
  },
  {
    what: 'only pretends to leave',
    breaks: 'presence does not end',
    breakage: () => ({
      toServer: (frame, reply) => {
        if (frame.type !== 'leave') return frame;
        const { room_id, ref } = frame;
        reply({ type: 'left', room_id, ...(ref === undefined ? {} : { ref }) });
        return undefined;
      },
    }),
  },
  {
    what: 'makes a room when it comes back to one',
    breaks: 'room that nobody asked for',
    breakage: returningElsewhere,
  },
];

/** The contents of what waits change places, whatever the order is taken from. */
function reversing(store: OutboxStore): OutboxStore {
  const reverse = (entries: readonly OutboxEntry[]): OutboxEntry[] => {
    const contents = entries.map(({ content }) => content).toReversed();
    return entries.map((entry, index) => ({ ...entry, content: contents[index]! }));
  };
  return {
    list: () => reverse(store.list() as readonly OutboxEntry[]),
    put: (entry) => store.put(entry),
    remove: (clientId) => store.remove(clientId),
  };
}

function returningElsewhere(): Breakage {
  const names = new Map<unknown, string>();
  return {
    toClient: (frame) => {
      if (frame.type === 'ready') names.set(frame['room_id'], String(frame['room']));
      return frame;
    },
    toServer: (frame): Frame => {
      const { room_id, ...rest } = frame;
      const name = names.get(room_id);
      return frame.type === 'join' && name !== undefined ? { ...rest, room: `${name}-again` } : frame;
    },
  };
}

/** Its tickets are the first user's, and it does not see whose socket it was given. */
function keepingTheFirstUser(): Breakage {
  let first: string | undefined;
  let user: unknown;
  return {
    request: (url, init) => {
      const headers = new Headers(init.headers);
      const token = headers.get('authorization');
      if (!url.includes('/ws-ticket') || token === null) return init;
      user = userOf(token);
      first ??= token;
      headers.set('authorization', first);
      return { ...init, headers };
    },
    toClient: (frame) =>
      frame.type === 'ready' ? { ...frame, user: { ...(frame['user'] as object), id: user } } : frame,
  };
}

function userOf(token: string): unknown {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return (JSON.parse(payload) as { sub?: unknown }).sub;
}
