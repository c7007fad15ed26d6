/** Clients for the suites: real sockets that a test can cut, and waiting for what a client comes to show. */
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import { ChatClient, type ChatClientOptions, type Room } from '../../../client/index.ts';
import { chatUrl, newUser, type TestUser } from '../api.ts';

/** A client with its sockets, the latest last. */
export interface TestClient {
  client: ChatClient;
  user: TestUser;
  sockets: WebSocket[];
}

const open: ChatClient[] = [];

afterEach(() => {
  for (const client of open.splice(0)) client.disconnect();
});

/** A connected client of a new user, or of that one. */
export async function newClient(
  prefix: string,
  options: Partial<ChatClientOptions> & { user?: TestUser; latencyMs?: number } = {},
): Promise<TestClient> {
  const { user = await newUser(prefix), latencyMs = 0, ...others } = options;
  const sockets: WebSocket[] = [];
  class CountedWebSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      sockets.push(this);
      if (latencyMs > 0) slowDown(this, latencyMs);
    }
  }
  const client = new ChatClient({ url: chatUrl(), WebSocket: CountedWebSocket, ...others });
  open.push(client);
  await client.signIn(user.username, user.password);
  client.connect();
  return { client, user, sockets };
}

/** Makes the socket's frames take that long in each direction. */
function slowDown(socket: WebSocket, latencyMs: number): void {
  const send = socket.send.bind(socket) as (data: string) => void;
  const listen = socket.addEventListener.bind(socket) as (
    type: string,
    listener: (event: object) => void,
  ) => void;
  Object.assign(socket, {
    send(data: string) {
      setTimeout(() => {
        if (socket.readyState === WebSocket.OPEN) send(data);
      }, latencyMs);
    },
    addEventListener(type: string, listener: (event: object) => void) {
      const late = (event: object): void => void setTimeout(() => listener(event), latencyMs);
      listen(type, type === 'message' ? late : listener);
    },
  });
}

/** Waits until what is shown satisfies the condition; rejects with what was shown last. */
export async function until<T>(
  shown: { subscribe(listener: () => void): () => void; getSnapshot(): T },
  condition: (snapshot: T) => boolean,
  patienceMs = 15_000,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const snapshot = shown.getSnapshot();
      if (!condition(snapshot)) return;
      stop();
      clearTimeout(timer);
      resolve(snapshot);
    };
    const stop = shown.subscribe(check);
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`never came to show it: ${JSON.stringify(shown.getSnapshot()).slice(0, 2_000)}`));
    }, patienceMs);
    check();
  });
}

export const isLive = ({ status }: { status: string }): boolean => status === 'live';

export const contents = (room: Room): string[] => room.messages.map(({ content }) => content);
