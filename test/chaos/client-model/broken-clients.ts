/**
 * Clients that break one invariant each: their network, clock or stores are replaced by faulty ones. The mistakes are
 * those of earlier clients, such as matching answers by their order.
 */

import type { OutboxEntry, OutboxStore } from '../../../client/src/index.ts';
import type { Invariant } from './violation.ts';
import type { Frame } from './network.ts';
import type { Breakage } from './tab.ts';

export interface BrokenClient {
  /** Completes "a client that …". */
  what: string;
  breaks: Invariant;
  /** The first random seed whose schedule shows the mistake; 1 when absent. */
  firstSeed?: number;
  breakage: () => Breakage;
}

export const brokenClients: readonly BrokenClient[] = [
  {
    what: 'sends texts to the room that was opened last',
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
    what: 'keeps using the socket of the first user who signed in',
    breaks: 'text under another author',
    // Schedules from this seed on change users.
    firstSeed: 6,
    breakage: keepingTheFirstUser,
  },
  {
    what: 'loses unsent texts on a reload',
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
    what: 'reads unsent texts in the wrong order',
    breaks: 'order of writing changed',
    breakage: () => ({ outbox: reversing }),
  },
  {
    what: 'waits for lost answers without a timeout',
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
    what: 'does not send leave commands',
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
    what: 'creates a new room when it reconnects to one',
    breaks: 'room created unasked',
    breakage: joiningByNewName,
  },
];

/** Exchanges the contents of the entries, so that their order is wrong by whatever field it is read. */
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

function joiningByNewName(): Breakage {
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

/** Requests all tickets as the first user, and hides from the client whose socket it is. */
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
