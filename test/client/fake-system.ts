/** The environment of a client in tests: a simulated clock, sockets that the test answers, and a small HTTP API. */
import {
  ChatClient,
  type ChatClientOptions,
  type Clock,
  type WebSocketLike,
} from '../../client/src/index.ts';
import type { FakeRequest } from './uploads/fake-files.ts';
import { ann, bob, historyEnd, ready, said, type Frame } from './server-events.ts';

export class ManualClock implements Clock {
  private time = 1_800_000_000_000;
  private timers: { dueMs: number; run: () => void }[] = [];

  now = (): number => this.time;

  after = (milliseconds: number, run: () => void): (() => void) => {
    const timer = { dueMs: this.time + milliseconds, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  /** Runs the timers that become due, in their order, and lets promises settle in between. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds;
    await settle();
    for (;;) {
      const next = this.timers.filter(({ dueMs }) => dueMs <= until).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.time = Math.max(this.time, next.dueMs);
      next.run();
      await settle();
    }
    this.time = until;
  }
}

/** Code that clients load, which takes a time that no clock of a test measures. */
const loading: Promise<void>[] = [];

/** Waits until every promise chain of the client has settled: apart from its code, it has no real input or output here. */
export async function settle(): Promise<void> {
  await Promise.all(loading.splice(0));
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A socket whose server is the test. */
export class FakeSocket implements WebSocketLike {
  static all: FakeSocket[] = [];
  readyState = 0;
  readonly sent: Frame[] = [];
  readonly url: string;
  readonly protocols: string[];
  private readonly listeners: { type: string; listener: (event: { data: unknown }) => void }[] = [];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.all.push(this);
  }

  addEventListener(type: string, listener: (event: { data: unknown }) => void): void {
    this.listeners.push({ type, listener });
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Frame);
  }

  close(): void {
    this.cut();
  }

  accept(): void {
    this.readyState = 1;
    this.emit('open');
  }

  cut(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.emit('close');
  }

  /** Sends one event or a batch to the client. */
  push(events: Frame | Frame[]): void {
    this.emit(
      'message',
      JSON.stringify(Array.isArray(events) ? events.map(this.withRef) : this.withRef(events)),
    );
  }

  /** Gives an answer without a `ref` that of the latest command of its kind. */
  private readonly withRef = (event: Frame): Frame => {
    const answered = { ready: ['join'], history_end: ['join', 'history'], left: ['leave'] }[event.type];
    if (answered === undefined || event['ref'] !== undefined) return event;
    const ref = this.sent.findLast(({ type }) => answered.includes(type))?.['ref'];
    return ref === undefined ? event : { ...event, ref };
  };

  ofType(type: string): Frame[] {
    return this.sent.filter((frame) => frame.type === type);
  }

  private emit(type: string, data?: unknown): void {
    for (const one of this.listeners) if (one.type === type) one.listener({ data });
  }
}

export interface FakeSystem {
  clock: ManualClock;
  client: ChatClient;
  /** Requests so far, as `METHOD /path`. */
  requests: string[];
  /** Their bodies, parsed, in the same order; undefined for a request without one. */
  bodies: unknown[];
  /** Replaces the API's answers, by `METHOD /path`; undefined simulates a lost network. */
  answers: Map<string, (() => Response | Promise<Response>) | undefined>;
  /** Returns the newest socket. */
  socket: () => FakeSocket;
}

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json(
    { type: 'about:blank', title: code, status, detail: `because of ${code}`, code, request_id: 'r' },
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  );

/** Returns the user that the body names; ann otherwise. */
function userIn(body: string): typeof ann {
  return body.includes('"bob"') ? bob : ann;
}

/** Returns `.bob` for a request signed as bob: the fake server reads the user of a socket from its ticket. */
function ticketSuffixOf(init: RequestInit | undefined): string {
  const token = new Headers(init?.headers).get('authorization') ?? '';
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return payload.includes('"bob"') ? '.bob' : '';
}

let issuedTokens = 0;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Returns tokens of a user as the API issues them at that time, valid for five minutes. */
export function tokensOf(user: typeof ann, clock: Clock): { access: string; refresh: string } {
  const iat = Math.floor(clock.now() / 1_000);
  const claims = { sub: user.id, username: user.username, iat, exp: iat + 300, jti: (issuedTokens += 1) };
  return {
    access: `${encode({ alg: 'none' })}.${encode(claims)}.signature`,
    refresh: `refresh ${issuedTokens}`,
  };
}

/**
 * Creates a client that is not connected yet. With a clock, it shares the sockets of the system that has that clock.
 */
export function createFakeSystem(
  options: Omit<Partial<ChatClientOptions>, 'clock'> & {
    clock?: ManualClock | undefined;
    /** Loads the code of the list of rooms when the list is used, instead of beforehand. */
    listOnDemand?: boolean;
    /** Answers requests that have no other answer; undefined for those that are not found. */
    handle?: (request: FakeRequest) => Promise<Response> | undefined;
    /** Creates the client, by default that of this realm. */
    create?: (options: ChatClientOptions) => ChatClient;
  } = {},
): FakeSystem {
  const {
    clock = new ManualClock(),
    create = (all) => new ChatClient(all),
    listOnDemand = false,
    handle,
    ...others
  } = options;
  if (options.clock === undefined) FakeSocket.all = [];
  const requests: string[] = [];
  const bodies: unknown[] = [];
  const answers: FakeSystem['answers'] = new Map();
  const api: Record<string, (init: RequestInit | undefined) => Response> = {
    'POST /users/auth/login/': (init) => Response.json(tokensOf(userIn(init?.body as string), clock)),
    'POST /users/token/refresh/': () => Response.json(tokensOf(ann, clock)),
    'POST /chat/ws-ticket/': (init) =>
      Response.json({ ticket: `t${requests.length}${ticketSuffixOf(init)}`, expires_in: 30 }),
    'GET /chat/rooms/mine/': () => Response.json([]),
  };
  const client = create({
    url: 'http://chat.test/',
    WebSocket: FakeSocket,
    clock,
    random: () => 0.5,
    persist: false,
    logLevel: 'silent',
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const name = `${init?.method} ${url.pathname}`;
      requests.push(name);
      bodies.push(typeof init?.body === 'string' ? JSON.parse(init.body) : undefined);
      if (!answers.has(name)) {
        const user = ticketSuffixOf(init) === '' ? 'ann' : 'bob';
        const handled = handle?.({ method: init?.method ?? 'GET', url, init, user });
        return handled ?? (api[name] ?? (() => problem(404, 'not_found')))(init);
      }
      const answer = answers.get(name);
      if (answer === undefined) throw new TypeError('fetch failed');
      return answer();
    },
    ...others,
  });
  if (!listOnDemand) loading.push(client.rooms.load());
  const socket = (): FakeSocket => FakeSocket.all.at(-1) as FakeSocket;
  return { clock, client, requests, bodies, answers, socket };
}

/** Signs in as ann, connects, and opens the room with that many messages. */
export async function openRoom(system: FakeSystem, messages = 0) {
  await system.client.signIn('ann', 'secret');
  const room = system.client.room('general');
  system.client.connect();
  await settle();
  system.socket().accept();
  welcome(system.socket(), messages);
  await settle();
  return room;
}

export function welcome(socket: FakeSocket, messages: number): void {
  const seqs = Array.from({ length: messages }, (_, index) => index + 1);
  socket.push([ready(messages), ...seqs.map((seq) => said(seq)), historyEnd(messages)]);
}
