/** Clients with real sockets that a test can cut, and a way to wait for what they show. */
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { ChatClient, type ChatClientOptions, type Room } from '../../../client/src/index.ts';
import { chatUrl } from '../../kit/deployment.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

/** A client, its user, and its sockets in the order of their opening. */
export interface TestClient {
  client: ChatClient;
  user: TestUser;
  sockets: WebSocket[];
}

/** Creates a connected client of a new user or of the given one. It is disconnected when the test ends. */
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
  onTestFinished(() => client.disconnect());
  await client.signIn(user.username, user.password);
  client.connect();
  return { client, user, sockets };
}

/** Delays the frames of a socket in each direction. */
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
      const delayed = (event: object): void => void setTimeout(() => listener(event), latencyMs);
      listen(type, type === 'message' ? delayed : listener);
    },
  });
}

/** Waits until a snapshot satisfies the condition. Rejects with the last snapshot after `timeoutMs`. */
export async function until<T>(
  view: { subscribe(listener: () => void): () => void; getSnapshot(): T },
  condition: (snapshot: T) => boolean,
  timeoutMs = 15_000,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const snapshot = view.getSnapshot();
      if (!condition(snapshot)) return;
      stop();
      clearTimeout(timer);
      resolve(snapshot);
    };
    const stop = view.subscribe(check);
    const timer = setTimeout(() => {
      stop();
      reject(
        new Error(`the condition was not met by: ${JSON.stringify(view.getSnapshot()).slice(0, 2_000)}`),
      );
    }, timeoutMs);
    check();
  });
}

export const isLive = ({ status }: { status: string }): boolean => status === 'live';

export const contents = (room: Room): string[] => room.messages.map(({ content }) => content);
