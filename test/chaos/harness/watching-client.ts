/** Follows a user's list of rooms with the project's typed client, and records what must not happen on the way. */
import { WebSocket } from 'ws';
import { createChatClient, type ChatClient } from '../../../client/src/index.ts';
import type { Person } from './people.ts';

/** What a list shows of a room. */
export interface ListedState {
  name: string;
  unread: number;
  /** The seq of the last message; 0 without one. */
  lastSeq: number;
  content: string | undefined;
}

export interface WatchingClient {
  person: Person;
  client: ChatClient;
  /** What the list shows now, by room id. */
  states(): Map<string, ListedState>;
  /** How often a room showed an older last message than before. */
  readonly backwards: number;
  /** How often the list was requested over HTTP. */
  readonly loads: number;
  stop(): void;
}

/** Signs in, and resolves when the list is live. */
export async function watchingClient(url: string, person: Person): Promise<WatchingClient> {
  let loads = 0;
  let backwards = 0;
  const client = createChatClient({
    url,
    WebSocket,
    fetch: (...[address, options]: Parameters<typeof fetch>) => {
      const path = address instanceof Request ? address.url : address.toString();
      if (path.includes('/chat/rooms/mine/')) loads += 1;
      return fetch(address, options);
    },
  });
  const states = (): Map<string, ListedState> =>
    new Map(
      client.rooms.getSnapshot().rooms.map(({ room_id, room_name, unread_count, last_message }) => [
        room_id,
        {
          name: room_name,
          unread: unread_count,
          lastSeq: last_message?.seq ?? 0,
          content: last_message?.content,
        },
      ]),
    );
  await client.signIn(person.username, person.password);
  const isLive = new Promise<void>((resolve) => {
    let before = new Map<string, ListedState>();
    client.rooms.subscribe(() => {
      const now = states();
      for (const [roomId, { lastSeq }] of now)
        if (lastSeq < (before.get(roomId)?.lastSeq ?? 0)) backwards += 1;
      before = now;
      if (client.rooms.getSnapshot().status === 'live') resolve();
    });
  });
  client.connect();
  await isLive;
  return {
    person,
    client,
    states,
    get backwards() {
      return backwards;
    },
    get loads() {
      return loads;
    },
    stop: () => client.disconnect(),
  };
}
