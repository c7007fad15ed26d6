/** Tabs that come and go in random schedules: no message is lost, doubled or out of order, and one socket serves them. */
import { expect, test } from 'vitest';
import type { Room } from '../../../client/src/index.ts';
import { FakeServer, start } from '../fake-server.ts';
import { createGenerator } from '../random-draws.ts';
import { FakeBrowser, type Tab } from './fake-browser.ts';

const runs = Number(process.env['TAB_SCHEDULES'] ?? 25);
const firstSeed = Number(process.env['TAB_SCHEDULES_SEED'] ?? 1);
const steps = 40;
const maxTabs = 5;
const names = ['x', 'y'];

interface Sent {
  writer: number;
  room: string;
  content: string;
}

class Run {
  readonly server = new FakeServer();
  readonly browser = new FakeBrowser(this.server);
  readonly draw: (below: number) => number;
  readonly tabs = new Map<Tab, Map<string, Room>>();
  readonly sent: Sent[] = [];
  private writers = new Map<Tab, number>();
  private readonly lossesPerThousand: number;

  constructor(seed: number) {
    this.draw = createGenerator(seed);
    for (const name of names) this.server.room(name);
    this.lossesPerThousand = this.draw(3) * 4;
    this.server.latencyMs = () => 5 + this.draw(200);
    this.server.loses = () => this.draw(1_000) < this.lossesPerThousand;
  }

  async open(): Promise<void> {
    const tab = this.browser.open();
    this.tabs.set(tab, new Map());
    this.writers.set(tab, this.writers.size);
    if (this.writers.size === 1) await start(tab);
    else tab.client.connect();
  }

  async step(): Promise<void> {
    const tabs = [...this.tabs.keys()];
    const tab = tabs[this.draw(tabs.length)]!;
    const name = names[this.draw(names.length)]!;
    const choice = this.draw(20);
    if (choice < 3 && tabs.length < maxTabs) await this.open();
    else if (choice < 6) this.openRoom(tab, name);
    else if (choice < 12) this.write(tab, name, 1 + this.draw(4));
    else if (choice < 13) this.closeRoom(tab, name);
    else if (choice < 14) this.server.write(name, `from bob ${this.server.texts(name)?.length}`);
    else if (choice < 15 && tabs.length > 1) this.kill(tab);
    else if (choice < 16) this.browser.liveSockets.at(-1)?.cut();
    else if (choice < 17) this.browser[tab.mode === 'running' ? 'pause' : 'resume'](tab);
    else if (choice < 18) tab.client.reconnectNow();
    else if (choice < 19 && tabs.length > 1) this.disconnect(tab);
    if (this.draw(3) > 0) await this.server.pass(this.draw(4) * 400);
  }

  /** Ends all faults, and sends what closed tabs have left in the outbox. */
  async rest(): Promise<void> {
    this.server.loses = () => false;
    for (const tab of this.tabs.keys()) this.browser.resume(tab);
    await this.server.pass(150_000);
    await this.open();
    await this.server.pass(30_000);
  }

  private openRoom(tab: Tab, name: string): Room {
    const rooms = this.tabs.get(tab)!;
    const known = this.server.rooms.find((room) => room.name === name)!;
    const room = rooms.get(name) ?? tab.client.room(this.draw(2) === 0 ? name : known.id);
    rooms.set(name, room);
    return room;
  }

  private closeRoom(tab: Tab, name: string): void {
    this.tabs.get(tab)?.get(name)?.close();
    this.tabs.get(tab)?.delete(name);
  }

  private write(tab: Tab, name: string, count: number): void {
    if (tab.mode !== 'running') return;
    const room = this.openRoom(tab, name);
    for (let index = 0; index < count; index += 1) {
      const content = `text ${this.sent.length}`;
      room.send(content);
      this.sent.push({ writer: this.writers.get(tab)!, room: name, content });
    }
  }

  private kill(tab: Tab): void {
    this.browser.kill(tab);
    this.tabs.delete(tab);
  }

  private disconnect(tab: Tab): void {
    tab.client.disconnect();
    tab.client.connect();
  }
}

const isLive = (room: Room): boolean => room.status === 'live';

test.each(Array.from({ length: runs }, (_, index) => firstSeed + index))(
  'all tabs show each message once and in order after random schedule %i',
  async (seed) => {
    const run = new Run(seed);
    await run.open();
    for (let step = 0; step < steps; step += 1) await run.step();
    await run.rest();
    for (const name of names) {
      const stored = run.server.texts(name)!;
      const own = stored.filter((text) => text.startsWith('text'));
      const written = run.sent.filter(({ room }) => room === name);
      expect(own.toSorted()).toEqual(written.map(({ content }) => content).toSorted());
      for (const writer of new Set(written.map((one) => one.writer))) {
        const ofWriter = written.flatMap((one) => (one.writer === writer ? [one.content] : []));
        expect(own.filter((text) => ofWriter.includes(text))).toEqual(ofWriter);
      }
      for (const rooms of run.tabs.values()) {
        const room = rooms.get(name);
        if (room === undefined) continue;
        expect(isLive(room)).toBe(true);
        expect(room.getSnapshot().messages.map(({ content }) => content)).toEqual(stored);
      }
    }
    expect([...run.tabs.keys()].map(({ client }) => client.state)).toEqual([...run.tabs].map(() => 'live'));
    expect(run.browser.liveSockets).toHaveLength(1);
  },
);
