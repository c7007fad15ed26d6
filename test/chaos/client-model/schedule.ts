/** The steps of a run, drawn from a random seed: what the users of a few tabs do, and what happens to the network. */

import { seeded, type Random } from '../harness/random.ts';

/** How a room is asked for: by its current name, that name in capitals, the name before its last rename, or its id. */
export type Spelling = 'name' | 'capitals' | 'old_name' | 'id';

export type Action =
  | { kind: 'open'; tab: number; handle: number; room: number; as: Spelling }
  | { kind: 'close'; handle: number }
  | { kind: 'subscribe'; handle: number }
  | { kind: 'unsubscribe'; handle: number }
  | { kind: 'send'; handle: number; count: number }
  | { kind: 'discard'; handle: number }
  /** The sockets of the tab end; the next attempt succeeds. */
  | { kind: 'cut'; tab: number }
  /** `isSilent`: frames are lost without an error, as when a train enters a tunnel. */
  | { kind: 'offline'; tab: number; isSilent: boolean }
  | { kind: 'online'; tab: number }
  | { kind: 'reload'; tab: number }
  | { kind: 'open_tab'; tab: number; device: number }
  | { kind: 'close_tab'; tab: number }
  | { kind: 'sign_in'; tab: number; user: number }
  | { kind: 'sign_out'; tab: number }
  | { kind: 'rename'; room: number }
  | { kind: 'delete'; room: number }
  /** Another user creates a public room with the name that a room had before it was renamed or deleted. */
  | { kind: 'reuse_name'; room: number; user: number }
  | { kind: 'remove'; room: number; user: number }
  | { kind: 'add'; room: number; user: number }
  | { kind: 'set_clock_back'; device: number };

/** The next step follows after `pauseMs` real milliseconds; after 0 it runs in the same tick. */
export type Step = Action & { pauseMs: number };

export interface Schedule {
  seed: number;
  /** The longest latency of a frame or request in each direction, in real milliseconds. */
  maxLatencyMs: number;
  steps: readonly Step[];
}

const maxLatenciesMs = [4, 40, 200, 400];

export const userCount = 3;
/** Each device has a storage. At first, user N is signed in on device N, in tab N. */
export const deviceCount = 3;
export const tabCount = 5;
/** The numbers of the rooms. Those from `firstNewRoom` on do not exist until a client opens them by name. */
export const rooms = { open: 0, hidden: 1, direct: 2, shared: 3 } as const;
export const firstNewRoom = 4;
export const roomCount = 6;

export function createSchedule(seed: number, length: number): Schedule {
  const random = seeded(seed, 'client schedule');
  const maxLatencyMs = random.pick(maxLatenciesMs);
  const writer = new ScheduleWriter(random);
  for (let tab = 0; tab < deviceCount; tab += 1) writer.open(tab, { room: rooms.open });
  while (writer.steps.length < length) writer.addEpisode();
  return { seed, maxLatencyMs, steps: writer.steps };
}

const spellings: Spelling[] = ['name', 'name', 'id', 'id', 'capitals', 'old_name'];

class ScheduleWriter {
  readonly steps: Step[] = [];
  private readonly random: Random;
  private nextHandle = 0;
  /** The tab of each open view by its handle, in the order of opening. */
  private readonly views = new Map<number, number>();
  private readonly tabs = new Set<number>();

  constructor(random: Random) {
    this.random = random;
    for (let tab = 0; tab < deviceCount; tab += 1) this.tabs.add(tab);
  }

  open(tab: number, request: { room?: number; as?: Spelling; pauseMs?: number } = {}): number {
    const { random } = this;
    const { room = random.integer(0, roomCount - 1), as = random.pick(spellings), pauseMs } = request;
    const handle = this.nextHandle++;
    this.views.set(handle, tab);
    this.add({ kind: 'open', tab, handle, room, as }, pauseMs);
    return handle;
  }

  /** Adds one step, or a few that belong together. */
  addEpisode(): void {
    const { random } = this;
    const tab = random.pick([...this.tabs]);
    const handle = this.pickHandle();
    const room = random.integer(0, roomCount - 1);
    const user = random.integer(0, userCount - 1);
    const weighted: [number, () => unknown][] = [
      [14, () => this.send(handle)],
      [8, () => this.sendTo(this.open(tab))],
      [4, () => this.switchRooms(tab)],
      [4, () => this.mountTwice(tab)],
      [4, () => this.openTwice(tab)],
      [4, () => this.add({ kind: 'close', handle })],
      [3, () => this.resubscribe(handle)],
      [1, () => this.add({ kind: 'discard', handle })],
      [4, () => this.add({ kind: 'cut', tab })],
      [4, () => this.goAway(tab)],
      [4, () => this.add({ kind: 'reload', tab })],
      [2, () => this.reloadUnsent(tab, room)],
      [3, () => this.anotherTab(random.integer(0, tabCount - 1))],
      [1, () => this.tabs.size > 1 && this.add({ kind: 'close_tab', tab })],
      [3, () => this.changeUser(tab, user)],
      [1, () => this.signOutAndIn(tab, user)],
      [2, () => this.add({ kind: 'rename', room })],
      [2, () => this.add({ kind: 'reuse_name', room, user })],
      [1, () => this.add({ kind: 'delete', room })],
      [2, () => this.add({ kind: 'remove', room, user })],
      [2, () => this.add({ kind: 'add', room, user })],
      [1, () => this.add({ kind: 'set_clock_back', device: random.integer(0, deviceCount - 1) })],
    ];
    const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
    let chosen = random.next() * total;
    for (const [weight, write] of weighted) {
      chosen -= weight;
      if (chosen < 0) {
        write();
        return;
      }
    }
  }

  private add(action: Action, pauseMs = this.pause()): void {
    if (action.kind === 'close') this.views.delete(action.handle);
    if (action.kind === 'close_tab') this.tabs.delete(action.tab);
    if (action.kind === 'reload' || action.kind === 'close_tab') {
      for (const [handle, tab] of this.views) if (tab === action.tab) this.views.delete(handle);
    }
    this.steps.push({ ...action, pauseMs });
  }

  private pause(): number {
    const { random } = this;
    if (random.chance(0.4)) return 0;
    return random.chance(0.5) ? random.integer(1, 60) : random.integer(60, 400);
  }

  /** Returns an open view, mostly one of the latest. */
  private pickHandle(): number {
    const { random } = this;
    const open = [...this.views.keys()];
    if (open.length === 0) return this.open(random.pick([...this.tabs]));
    return open[open.length - 1 - Math.floor(random.next() ** 2 * open.length)]!;
  }

  private send(handle: number): void {
    const { random } = this;
    this.add({ kind: 'send', handle, count: random.chance(0.3) ? random.integer(2, 6) : 1 });
  }

  private sendTo(handle: number): void {
    this.send(handle);
    if (this.random.chance(0.3)) this.send(handle);
  }

  private anotherTab(tab: number): void {
    if (this.tabs.has(tab)) return;
    this.tabs.add(tab);
    this.add({ kind: 'open_tab', tab, device: this.random.integer(0, deviceCount - 1) });
  }

  /** Another user signs in while views of the previous user are open. */
  private changeUser(tab: number, user: number): void {
    const { random } = this;
    this.add({ kind: 'sign_in', tab, user }, random.integer(0, 600));
    this.send(this.pickHandle());
    this.sendTo(this.open(tab));
  }

  private signOutAndIn(tab: number, user: number): void {
    this.add({ kind: 'sign_out', tab });
    this.add({ kind: 'sign_in', tab, user }, this.random.integer(60, 400));
  }

  /** Opens a room, and closes it for another before it has opened. */
  private switchRooms(tab: number): void {
    const first = this.open(tab, { pauseMs: this.random.integer(0, 120) });
    this.add({ kind: 'close', handle: first }, 0);
    this.send(this.open(tab, { pauseMs: 0 }));
  }

  /** Opens, closes and reopens a view at once, as user interfaces do that mount twice. */
  private mountTwice(tab: number): void {
    const room = this.random.integer(0, roomCount - 1);
    const as = this.random.pick(spellings);
    const first = this.open(tab, { room, as, pauseMs: 0 });
    this.add({ kind: 'subscribe', handle: first }, 0);
    this.add({ kind: 'unsubscribe', handle: first }, 0);
    this.add({ kind: 'close', handle: first }, this.random.pick([0, 0, 30]));
    this.send(this.open(tab, { room, as }));
  }

  /** Opens one room by name and in another way, before the first is answered. */
  private openTwice(tab: number): void {
    const room = this.random.integer(0, roomCount - 1);
    const handles = [
      this.open(tab, { room, as: 'name', pauseMs: 0 }),
      this.open(tab, { room, as: this.random.pick(['id', 'capitals']), pauseMs: 0 }),
    ];
    for (const handle of this.random.shuffle(handles)) this.send(handle);
    if (this.random.chance(0.5)) this.add({ kind: 'close', handle: this.random.pick(handles) });
  }

  private resubscribe(handle: number): void {
    for (const kind of this.random.shuffle(['subscribe', 'unsubscribe', 'subscribe'] as const)) {
      this.add({ kind, handle }, 0);
    }
  }

  private goAway(tab: number): void {
    const { random } = this;
    this.add({ kind: 'offline', tab, isSilent: random.chance(0.4) });
    this.send(this.pickHandle());
    if (random.chance(0.3)) this.add({ kind: 'rename', room: random.integer(0, roomCount - 1) });
    if (random.chance(0.3)) this.add({ kind: 'reload', tab });
    this.add({ kind: 'online', tab });
  }

  /** Writes while offline, reloads, and comes back after the room may have been renamed, deleted or replaced. */
  private reloadUnsent(tab: number, room: number): void {
    const { random } = this;
    const handle = this.open(tab, { room, pauseMs: random.integer(0, 300) });
    this.add({ kind: 'offline', tab, isSilent: random.chance(0.5) }, 0);
    this.add({ kind: 'send', handle, count: random.integer(1, 6) });
    this.add({ kind: 'reload', tab });
    const change = random.pick(['rename', 'delete', 'none'] as const);
    if (change !== 'none') this.add({ kind: change, room }, random.integer(50, 200));
    if (random.chance(0.7)) this.add({ kind: 'reuse_name', room, user: random.integer(0, 2) });
    this.add({ kind: 'online', tab });
  }
}

/** Formats a schedule for the report of a failure, one line for each step. */
export function describeSchedule({ seed, maxLatencyMs, steps }: Schedule): string {
  const lines = steps.map(({ kind, pauseMs, ...rest }) => {
    const fields = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`);
    return `  ${kind} ${fields.join(' ')}${pauseMs === 0 ? '' : `, then ${pauseMs} ms`}`;
  });
  return [`seed ${seed}, latency up to ${maxLatencyMs} ms`, ...lines].join('\n');
}
