/** Random schedules of messages with files, over lost networks, reloads, tabs and expired uploads, on a simulated clock. */
import { expect, test } from 'vitest';
import {
  storageOutboxStore,
  storageTokenStore,
  type Room,
  type StorageLike,
} from '../../../client/src/index.ts';
import '../../../client/src/uploads/uploader.ts';
import { FakeServer, start, type FakeRoom } from '../fake-server.ts';
import { fakeStorage } from '../fake-storage.ts';
import { FakeSocket, settle, type FakeSystem } from '../fake-system.ts';
import { openFakeBrowser } from '../offline/fake-browser.ts';
import { createGenerator } from '../random-draws.ts';
import type { FakeRequest } from './fake-files.ts';

interface Written {
  text: string;
  roomId: string;
  /** The texts of its files, in their order. */
  files: string[];
  isDiscarded: boolean;
}

interface Tab {
  system: FakeSystem;
  isAlive: boolean;
  views: Room[];
}

const never = new Promise<Response>(() => {});

/** A page that is gone writes nothing any more. */
function aliveStorage(storage: StorageLike, tab: { isAlive: boolean }): StorageLike {
  return {
    get length() {
      return storage.length;
    },
    key: (index) => storage.key(index),
    getItem: (key) => storage.getItem(key),
    setItem: (key, value) => void (tab.isAlive && storage.setItem(key, value)),
    removeItem: (key) => void (tab.isAlive && storage.removeItem(key)),
  };
}

/** Lets the database finish what it does, which no clock of a test measures. */
async function settleDatabase(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await settle();
}

class Run {
  readonly server = new FakeServer();
  readonly log: string[] = [];
  readonly written: Written[] = [];
  readonly rooms: FakeRoom[];
  readonly draw: (below: number) => number;
  private readonly storage = fakeStorage();
  private readonly tabs: Tab[] = [];
  private fileCount = 0;

  constructor(seed: number) {
    this.draw = createGenerator(seed);
    this.rooms = ['red', 'blue'].map((name) => this.server.room(name));
    this.server.latencyMs = () => this.draw(10) ** 2 * 12;
    this.server.files.latencyMs = () => this.draw(10) ** 2 * 12;
  }

  async open(): Promise<Tab> {
    const tab = { isAlive: true, views: [] as Room[] };
    const storage = aliveStorage(this.storage, tab);
    const handle = (request: FakeRequest) => (tab.isAlive ? this.server.files.handle(request) : never);
    const stores = { tokens: storageTokenStore(storage), outbox: storageOutboxStore(storage) };
    const system = this.server.client({ ...stores, cache: true, handle });
    const opened = Object.assign(tab, { system });
    this.tabs.push(opened);
    if (this.tabs.length === 1) await start(system);
    else await system.client.findUser();
    for (const { id } of this.rooms) opened.views.push(system.client.room(id));
    system.client.connect();
    return opened;
  }

  async step(): Promise<void> {
    const { draw, server, log } = this;
    const alive = this.tabs.filter(({ isAlive }) => isAlive);
    const tab = alive[draw(alive.length)] as Tab;
    const view = tab.views[draw(tab.views.length)] as Room;
    const { client } = tab.system;
    switch (draw(16)) {
      case 0:
      case 1:
      case 2:
      case 3: {
        this.fileCount += 1;
        log.push(`add ${this.fileCount} to ${view.key}`);
        view.uploads.add(new File([`file ${this.fileCount}`], 'x.txt'));
        break;
      }
      case 4:
      case 5:
      case 6:
      case 7:
        await this.send(view);
        break;
      case 8: {
        const uploads = view.uploads.getSnapshot();
        const upload = uploads[draw(Math.max(1, uploads.length))];
        const action = (['cancel', 'remove', 'retry', 'setAlt'] as const)[draw(4)] ?? 'retry';
        log.push(`${action} an upload of ${view.key}`);
        upload?.[action]('a plan');
        break;
      }
      case 9:
        this.discard(view);
        break;
      case 10: {
        log.push('cut a socket');
        const sockets = FakeSocket.all.filter(({ readyState }) => readyState === 1);
        sockets[draw(Math.max(1, sockets.length))]?.cut();
        break;
      }
      case 11:
        server.files.isCut = !server.files.isCut;
        log.push(`requests are ${server.files.isCut ? 'lost' : 'answered'}`);
        break;
      case 12:
        log.push('offline');
        client.disconnect();
        break;
      case 13:
        log.push('online');
        client.connect();
        break;
      case 14:
        await this.reload(tab, alive.length);
        break;
      case 15:
        await this.passTime();
        break;
    }
    await server.pass(draw(4) * 200);
  }

  /** Ends all faults, and returns what is not as promised. */
  async rest(): Promise<string[]> {
    const { server, log, written } = this;
    log.push('rest');
    server.files.isCut = false;
    server.files.refusesForms = false;
    server.files.checks = true;
    server.loses = () => false;
    for (const { system } of this.tabs.filter(({ isAlive }) => isAlive)) system.client.connect();
    for (let round = 0; round < 3; round += 1) {
      await server.pass(60_000);
      await settleDatabase();
      for (const { views } of this.tabs.filter(({ isAlive }) => isAlive))
        for (const view of views)
          for (const { state, client_id: id = '' } of view.messages) if (state === 'failed') view.retry(id);
    }
    await server.pass(60_000);
    const faults: string[] = [];
    const stored = server.rooms.flatMap(({ id, texts }) => texts.map((text) => ({ ...text, roomId: id })));
    for (const { text, roomId, files, isDiscarded } of written) {
      const found = stored.filter(({ content }) => content === text);
      if (found.length > 1 || (found.length === 0 && !isDiscarded))
        faults.push(`${text} is stored ${found.length} times`);
      for (const one of found) {
        if (one.roomId !== roomId) faults.push(`${text} is in another room`);
        const texts = (one.files ?? []).map((file) => file.text).join();
        if (texts !== files.join()) faults.push(`${text} has ${texts} instead of ${files.join()}`);
        if (one.files?.some((file) => file.roomId !== roomId) === true)
          faults.push(`${text} has foreign files`);
      }
    }
    const attached = stored.flatMap(({ files }) => files ?? []);
    if (new Set(attached).size !== attached.length) faults.push('an upload is in two messages');
    for (const { views, isAlive, system } of this.tabs) {
      if (!isAlive) continue;
      for (const view of views)
        for (const { state, content, problem } of view.messages)
          if (state !== 'sent') faults.push(`${content} is ${state}: ${problem?.detail}`);
      const unsent = await system.client.unsent();
      if (unsent.length > 0) faults.push(`${unsent.length} messages are in the outbox`);
    }
    return faults;
  }

  private async send(view: Room): Promise<void> {
    const { draw, log, written } = this;
    const uploads = view.uploads.getSnapshot();
    const attachments = uploads.slice(0, draw(uploads.length + 1));
    const text = `text ${written.length}`;
    const files = await Promise.all(
      attachments.map(async ({ previewUrl = '' }) => (await fetch(previewUrl)).text()),
    );
    // The list may have changed in the meantime.
    if (view.uploads.getSnapshot() !== uploads) return;
    try {
      view.send(text, { attachments });
      written.push({ text, roomId: view.key, files, isDiscarded: false });
      log.push(`send ${text} with ${files.join()} to ${view.key}`);
    } catch (error) {
      log.push(`send refused: ${String(error)}`);
    }
  }

  private discard(view: Room): void {
    const unsent = view.messages.filter(({ state }) => state !== 'sent');
    const message = unsent[this.draw(Math.max(1, unsent.length))];
    if (message === undefined) return;
    this.log.push(`discard ${message.content}`);
    for (const one of this.written) if (one.text === message.content) one.isDiscarded = true;
    view.discard(message.client_id ?? '');
  }

  private async reload(tab: Tab, tabCount: number): Promise<void> {
    this.log.push('reload');
    await settleDatabase();
    tab.isAlive = false;
    tab.system.client.disconnect();
    await this.open();
    if (tabCount < 2 && this.draw(2) === 0) {
      this.log.push('second tab');
      await this.open();
    }
  }

  private async passTime(): Promise<void> {
    const { draw, server, log } = this;
    const what = draw(4);
    if (what === 0) server.files.refusesForms = draw(3) === 0;
    if (what === 1) server.files.checks = draw(3) > 0;
    if (what === 2)
      server.loses = draw(2) === 0 ? () => false : ({ type }) => type !== 'ready' && draw(8) === 0;
    if (what !== 3) return;
    log.push('13 hours');
    const alive = this.tabs.filter(({ isAlive }) => isAlive);
    for (const { system } of alive) system.client.disconnect();
    await server.clock.advance(13 * 60 * 60_000);
    for (const { system } of alive) system.client.connect();
  }
}

async function run(seed: number, steps: number): Promise<string[]> {
  openFakeBrowser();
  const schedule = new Run(seed);
  await schedule.open();
  for (let step = 0; step < steps; step += 1) await schedule.step();
  const faults = await schedule.rest();
  return faults.length === 0 ? [] : [`seed ${seed}`, ...faults, ...schedule.log];
}

const runs = Number(process.env['CLIENT_SCHEDULES'] ?? 15);

test(
  'no file is lost, doubled, or in a message or room that it was not added to',
  { timeout: 600_000 },
  async () => {
    for (let seed = 1; seed <= runs; seed += 1) expect(await run(seed, 60)).toEqual([]);
  },
);
