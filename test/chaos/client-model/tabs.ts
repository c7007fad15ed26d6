/** The tabs of a run over the storage of their devices: opened, reloaded, closed, and what was begun in them. */

import { fakeStorage } from '../../client/fake-storage.ts';
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
  /** Made anew for each tab. */
  breakage: (() => Breakage) | undefined;
}

/** Shares of frames on sockets that live. */
const faults = { lossToClient: 0.01, duplicatesToClient: 0.03, lossToServer: 0.005 };
const noFaults = { lossToClient: 0, duplicatesToClient: 0, lossToServer: 0 };

export class Tabs {
  /** By the numbers that steps use; those that are open. */
  readonly open = new Map<number, Tab>();
  readonly devices: Device[];
  /** What was begun and not waited for, and the tab that it is done in. */
  private readonly begun: { work: Promise<unknown>; tab: Tab | undefined }[] = [];
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
      setBackMs: 0,
      wasSignedOut: false,
    }));
  }

  /** A tab of each device, in which its user is signed in. */
  async start(): Promise<void> {
    await Promise.all(
      this.devices.map(async (device, index) => {
        const tab = this.add(index, device);
        tab.network.conditions = { maxLatencyMs: 1, ...noFaults };
        const { username, password } = this.options.fixture.users[index]!;
        await tab.client.signIn(username, password);
        tab.network.conditions = this.conditions;
      }),
    );
  }

  /** From now on frames arrive, once and soon, and every tab has a network. */
  calm(): void {
    Object.assign(this.conditions, { maxLatencyMs: 5, ...noFaults });
    for (const slot of this.open.keys()) this.goOnline(slot);
  }

  add(slot: number, device: Device): Tab {
    const { runtime, schedule, pace, breakage } = this.options;
    const random = seeded(schedule.seed, 'tab', slot, (this.instances += 1));
    const { conditions } = this;
    const tab = new Tab({ url: runtime.url, slot, device, random, pace, conditions, breakage: breakage?.() });
    this.open.set(slot, tab);
    tab.client.connect();
    this.begin(tab.client.findUser(), tab);
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
    // As a page does when the browser says that it is online.
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

  begin(work: Promise<unknown>, tab?: Tab): void {
    this.begun.push({ work: work.catch(() => undefined), tab });
  }

  /** Settles when everything that was begun has ended, but for what died with its tab. */
  async finishBegun(): Promise<void> {
    const living = this.begun.filter(({ tab }) => tab?.network.isAlive !== false);
    await Promise.all(living.map(({ work }) => work));
  }
}
