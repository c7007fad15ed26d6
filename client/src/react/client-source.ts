/** The client of one `ChatProvider`: created when it is first needed, and connected while the provider is mounted. */
import type { ChatClient, ChatSnapshot } from '../index.ts';
import type { Store } from './use-selected.ts';

export interface SourceSnapshot extends ChatSnapshot {
  /** Whether the token store has been read: until then a user without a name may still turn out to be signed in. */
  hasReadUser: boolean;
}

/** React unmounts and mounts again at once in strict mode and on hot reload; the socket survives that. */
const lingerMs = 1_000;

export class ClientSource implements Store<SourceSnapshot> {
  readonly #create: () => ChatClient;
  /** Whether the provider connects the client; otherwise the application does. */
  readonly #isOwned: boolean;
  #created: ChatClient | undefined;
  #holders = 0;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  #hasReadUser = false;
  readonly #listeners = new Set<() => void>();
  #snapshot: SourceSnapshot | undefined;

  /** @param client the application's client, or a function that creates one which the provider owns */
  constructor(client: ChatClient | (() => ChatClient)) {
    this.#isOwned = typeof client === 'function';
    this.#created = typeof client === 'function' ? undefined : client;
    this.#create = typeof client === 'function' ? client : () => client;
  }

  /**
   * The client. Effects and event handlers read it, and rendering does not: a render that React abandons creates
   * nothing, and neither does a server.
   */
  get client(): ChatClient {
    this.#created ??= this.#create();
    return this.#created;
  }

  subscribe = (listener: () => void): (() => void) => {
    // Two components may pass the same function.
    const own = (): void => listener();
    this.#listeners.add(own);
    const stop = this.client.subscribe(own);
    return () => {
      this.#listeners.delete(own);
      stop();
    };
  };

  /** Returns undefined until the client exists. */
  getSnapshot = (): SourceSnapshot | undefined => {
    const chat = this.#created?.getSnapshot();
    if (chat === undefined) return undefined;
    const hasReadUser = this.#hasReadUser;
    const { state, user, problem, storageProblem, rooms } = chat;
    const last = this.#snapshot;
    const isSame =
      last?.state === state &&
      last.user === user &&
      last.problem === problem &&
      last.storageProblem === storageProblem &&
      last.rooms === rooms &&
      last.hasReadUser === hasReadUser;
    if (last === undefined || !isSame) this.#snapshot = { ...chat, hasReadUser };
    return this.#snapshot;
  };

  /** Keeps the client connected, if it is owned, until the returned function is called. */
  hold(): () => void {
    this.#holders += 1;
    clearTimeout(this.#lingering);
    if (this.#isOwned) this.client.connect();
    void this.#readUser();
    return () => {
      this.#holders -= 1;
      if (this.#holders > 0 || !this.#isOwned) return;
      this.#lingering = setTimeout(() => this.client.disconnect(), lingerMs);
    };
  }

  async #readUser(): Promise<void> {
    if (this.#hasReadUser) return;
    try {
      await this.client.findUser();
    } catch {
      // The token store cannot be read, so no user is signed in.
    }
    this.#hasReadUser = true;
    for (const listener of Array.from(this.#listeners)) listener();
  }
}
