/**
 * A tab: one instance of the client over the storage of its device. After a reload nothing that the old instance
 * started reaches the storage, the network or a view.
 */

import {
  createChatClient,
  storageOutboxStore,
  storageTokenStore,
  type ChatClient,
  type ChatClientOptions,
  type Clock,
  type OutboxStore,
  type StorageLike,
  type TokenStore,
} from '../../../client/src/index.ts';
import { asTab } from '../../client/tabs/as-tab.ts';
import type { FakeChannels } from '../../client/tabs/fake-channels.ts';
import type { FakeLocks } from '../../client/tabs/fake-locks.ts';
import type { Random } from '../harness/random.ts';
import { Network, type Conditions, type Tampering } from './network.ts';
import type { Pace } from './pace.ts';

/** What the tabs of one browser share: a storage and a clock. */
export interface Device {
  number: number;
  storage: StorageLike;
  locks: FakeLocks;
  channels: FakeChannels<Tab>;
  /** How far the device's clock was set back. */
  setBackMs: number;
  /** Whether a step signed a user out on this device. */
  wasSignedOut: boolean;
}

/** The parts of a client to replace, for clients that are broken on purpose. */
export interface Breakage extends Tampering {
  tokens?: (store: TokenStore) => TokenStore;
  outbox?: (store: OutboxStore) => OutboxStore;
  clock?: (clock: Clock) => Clock;
}

export interface TabOptions {
  url: string;
  slot: number;
  device: Device;
  random: Random;
  pace: Pace;
  conditions: Conditions;
  breakage?: Breakage | undefined;
  /** Whether the tabs of a device share a socket. */
  sharesConnection: boolean;
}

/** The start of the run by the devices' clocks. */
const startMs = Date.now();

export class Tab {
  readonly slot: number;
  readonly device: Device;
  readonly client: ChatClient;
  readonly network: Network;
  private isAlive = true;

  constructor({ url, slot, device, random, pace, conditions, breakage = {}, sharesConnection }: TabOptions) {
    this.slot = slot;
    this.device = device;
    this.network = new Network({ random, conditions, pace, tampering: breakage });
    const unchanged = <T>(part: T): T => part;
    const offered = { locks: device.locks.of(this), BroadcastChannel: device.channels.of(this) };
    const options: ChatClientOptions = {
      url,
      WebSocket: this.network.WebSocket,
      fetch: this.network.fetch,
      tokens: this.guardTokens((breakage.tokens ?? unchanged)(storageTokenStore(device.storage))),
      outbox: this.guardOutbox((breakage.outbox ?? unchanged)(storageOutboxStore(device.storage))),
      clock: (breakage.clock ?? unchanged)(this.clock(pace)),
      random: () => random.next(),
      shareConnection: sharesConnection,
    };
    this.client = asTab(offered, () => createChatClient(options));
  }

  /** The id of the user that the tab shows. */
  get user(): string | undefined {
    return this.client.getSnapshot().user?.id;
  }

  kill(): void {
    this.isAlive = false;
    this.network.kill();
    this.device.locks.kill(this);
    this.device.channels.kill(this);
  }

  /** Returns a clock with the run's time and the error of the device's clock. */
  private clock(pace: Pace): Clock {
    return {
      now: () => Math.round(startMs + pace.now() - this.device.setBackMs),
      after: (milliseconds, run) =>
        pace.after(milliseconds, () => {
          if (this.isAlive) run();
        }),
    };
  }

  private guardTokens(store: TokenStore): TokenStore {
    return {
      get: () => (this.isAlive ? store.get() : never()),
      set: (tokens) => (this.isAlive ? store.set(tokens) : undefined),
      clear: () => (this.isAlive ? store.clear() : undefined),
    };
  }

  private guardOutbox(store: OutboxStore): OutboxStore {
    return {
      list: () => (this.isAlive ? store.list() : never()),
      put: (entry) => (this.isAlive ? store.put(entry) : undefined),
      remove: (clientId) => (this.isAlive ? store.remove(clientId) : undefined),
    };
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}
