/** The tabs of a run: opens, reloads and closes them, and tracks what was started in them. */

import { fakeStorage } from '../../client/fake-storage.ts';
import { FakeChannels } from '../../client/tabs/fake-channels.ts';
import { FakeLocks } from '../../client/tabs/fake-locks.ts';
import { seeded } from '../harness/random.ts';
import type { FaultyRuntime } from '../harness/runtime.ts';
import type { TabEvidence } from './evidence.ts';
import type { Fixture } from './fixture.ts';
import type { Conditions } from './network.ts';
import type { Pace } from './pace.ts';
import { deviceCount, type Schedule } from './schedule.ts';
import { Tab, type Breakage, type Device } from './tab.ts';

export interface TabsOptions {
  runtime: FaultyRuntime;
  fixture: Fixture;
  schedule: Schedule;
  pace: Pace;
  /** Called for each tab. */
  breakage: (() => Breakage) | undefined;
  /** Whether the tabs of a device share a socket. */
  sharesConnection: boolean;
}

/** Shares of frames that are lost or doubled on live sockets. */
const faults = { lossToClient: 0.01, duplicatesToClient: 0.03, lossToServer: 0.005 };
const noFaults = { lossToClient: 0, duplicatesToClient: 0, lossToServer: 0 };

export class Tabs {
  /** The open tabs, by the numbers that steps use. */
  readonly open = new Map<number, Tab>();
  readonly devices: Device[];
  /** Work that was started and not awaited, with its tab. */
  private readonly started: { work: Promise<unknown>; tab: Tab | undefined }[] = [];
  private readonly options: TabsOptions;
  private readonly conditions: Conditions;
  private instances = 0;

  constructor(options: TabsOptions) {
    this.options = options;
    const { maxLatencyMs } = options.schedule;
    this.conditions = { maxLatencyMs, ...faults };
    this.devices = Array.from({ length: deviceCount }, (_, number) => ({
      number,
      storage: fakeStorage(),
      locks: new FakeLocks(),
      channels: new FakeChannels<Tab>({
        later: (run) => void setImmediate(run),
        runIn: (_, run) => run(),
        isRunning: (tab) => tab.network.isAlive,
      }),
      setBackMs: 0,
      wasSignedOut: false,
    }));
  }

  /** Opens a tab on each device, and signs the device's user in. */
  async openFirstTabs(): Promise<void> {
    await Promise.all(
      this.devices.map(async (_, index) => {
        const device = this.deviceFor(index);
        const tab = this.add(index, device);
        if (device.number !== index) return;
        tab.network.conditions = { maxLatencyMs: 1, ...noFaults };
        const { username, password } = this.options.fixture.users[index]!;
        await tab.client.signIn(username, password);
        tab.network.conditions = this.conditions;
      }),
    );
  }

  /** Returns a device by its number. Tabs that share a socket are on fewer devices, so that they have one to share. */
  deviceFor(number: number): Device {
    return this.devices[this.options.sharesConnection ? number % 2 : number]!;
  }

  /** Ends all faults: from now on each frame arrives once and soon, and every tab is online. */
  endFaults(): void {
    Object.assign(this.conditions, { maxLatencyMs: 5, ...noFaults });
    for (const slot of this.open.keys()) this.goOnline(slot);
  }

  add(slot: number, device: Device): Tab {
    const { runtime, schedule, pace, breakage, sharesConnection } = this.options;
    const random = seeded(schedule.seed, 'tab', slot, (this.instances += 1));
    const { conditions } = this;
    const tab = new Tab({
      url: runtime.url,
      slot,
      device,
      random,
      pace,
      conditions,
      breakage: breakage?.(),
      sharesConnection,
    });
    this.open.set(slot, tab);
    tab.client.connect();
    this.track(tab.client.findUser(), tab);
    return tab;
  }

  reload(slot: number): void {
    const tab = this.open.get(slot);
    if (tab === undefined) return;
    this.close(slot);
    this.add(slot, tab.device).network.enter(tab.network.mode);
  }

  close(slot: number): void {
    this.open.get(slot)?.kill();
    this.open.delete(slot);
  }

  goOnline(slot: number): void {
    const tab = this.open.get(slot);
    tab?.network.enter('online');
    // A page does this when the browser reports that it is online.
    tab?.client.reconnectNow();
  }

  evidence(): TabEvidence[] {
    return [...this.open.values()].map(({ slot, client, device }) => {
      const { state, problem, rooms } = client.getSnapshot();
      const named = rooms.map(({ status, roomId, getSnapshot }) => ({
        name: `${getSnapshot().name} (${roomId})`,
        status,
      }));
      const { wasSignedOut } = device;
      return { tab: slot, state, reason: problem?.code, wasSignedOut, rooms: named };
    });
  }

  track(work: Promise<unknown>, tab?: Tab): void {
    this.started.push({ work: work.catch(() => undefined), tab });
  }

  /** Resolves when all tracked work has ended, except for that of killed tabs. */
  async finishTracked(): Promise<void> {
    const living = this.started.filter(({ tab }) => tab?.network.isAlive !== false);
    await Promise.all(living.map(({ work }) => work));
  }
}
