/** A browser with tabs in one process: they share a storage, locks and channels, and can be paused and killed. */
import {
  ChatClient,
  storageOutboxStore,
  storageTokenStore,
  type ChatClientOptions,
  type Clock,
} from '../../../client/src/index.ts';
import type { LocksLike } from '../../../client/src/tabs/locks.ts';
import type { FakeServer } from '../fake-server.ts';
import type { FakeSocket, FakeSystem } from '../fake-system.ts';
import { fakeStorage } from '../fake-storage.ts';
import { asTab } from './as-tab.ts';
import { FakeChannels } from './fake-channels.ts';
import { FakeLocks } from './fake-locks.ts';

const deniedLocks: LocksLike = {
  request: () => Promise.reject(new DOMException('denied', 'SecurityError')),
};

export interface Tab extends FakeSystem {
  /** The sockets that this tab has opened. */
  sockets: FakeSocket[];
  /** `paused`: the browser does not run the tab's scripts, and keeps what it holds. `gone`: the tab has crashed. */
  mode: 'running' | 'paused' | 'gone';
  /** What a paused tab does when it goes on: its timers are due, and messages have arrived. */
  postponed: (() => void)[];
}

export class FakeBrowser {
  readonly server: FakeServer;
  readonly storage = fakeStorage();
  /** Whether the browser refuses all locks, as it does in a frame with an origin of its own. */
  deniesLocks = false;
  private readonly locks = new FakeLocks();
  private readonly channels: FakeChannels<Tab>;

  constructor(server: FakeServer) {
    this.server = server;
    this.channels = new FakeChannels<Tab>({
      later: (run) => void server.clock.after(1, run),
      runIn,
      isRunning: (tab) => tab.mode === 'running',
    });
  }

  /** Opens a tab with a client that is not connected yet. */
  open(options: Partial<ChatClientOptions> = {}): Tab {
    const sockets: FakeSocket[] = [];
    const tab: Tab = { sockets, mode: 'running', postponed: [] } as unknown as Tab;
    const create = (all: ChatClientOptions): ChatClient => this.createClient(tab, all);
    const system = this.server.client({
      tokens: storageTokenStore(this.storage),
      outbox: storageOutboxStore(this.storage),
      shareConnection: true,
      ...options,
      create,
    });
    return Object.assign(tab, system);
  }

  /** Stops the scripts of a tab, as browsers do with tabs in the background. */
  pause(tab: Tab): void {
    tab.mode = 'paused';
  }

  resume(tab: Tab): void {
    tab.mode = 'running';
    for (const run of tab.postponed.splice(0)) run();
  }

  /** Ends a tab without a word to the others. */
  kill(tab: Tab): void {
    tab.mode = 'gone';
    // No event reaches the tab.
    for (const socket of tab.sockets) socket.readyState = 3;
    this.channels.kill(tab);
    this.locks.kill(tab);
  }

  /** The sockets of all tabs that are open, or being opened. */
  get liveSockets(): FakeSocket[] {
    return this.tabSockets.filter(({ readyState }) => readyState < 2);
  }

  private readonly tabSockets: FakeSocket[] = [];

  private createClient(tab: Tab, all: ChatClientOptions): ChatClient {
    const { clock, WebSocket } = all as Required<ChatClientOptions>;
    const tabSockets = this.tabSockets;
    const locks = this.deniesLocks ? deniedLocks : this.locks.of(tab);
    return asTab({ locks, BroadcastChannel: this.channels.of(tab) }, () => {
      return new ChatClient({
        ...all,
        clock: clockOf(tab, clock),
        WebSocket: class extends (WebSocket as typeof FakeSocket) {
          constructor(url: string, protocols: string[]) {
            super(url, protocols);
            // What a crashed tab had begun ends with it.
            if (tab.mode === 'gone') this.readyState = 3;
            tab.sockets.push(this);
            tabSockets.push(this);
          }
        },
      });
    });
  }
}

/** A timer that is due while the tab is paused runs when the tab goes on, unless it is cancelled by then. */
function clockOf(tab: Tab, clock: Clock): Clock {
  return {
    now: () => clock.now(),
    after(milliseconds, run) {
      let isCancelled = false;
      const cancel = clock.after(milliseconds, () => runIn(tab, () => isCancelled || run()));
      return () => {
        isCancelled = true;
        cancel();
      };
    },
  };
}

function runIn(tab: Tab, run: () => unknown): void {
  if (tab.mode === 'running') run();
  else if (tab.mode === 'paused') tab.postponed.push(() => run());
}
