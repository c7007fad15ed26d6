/** The list of the user's rooms: loaded when it is first shown, and again when it may have changed. */
import { ChatProblem, type ChatClient } from '../index.ts';
import type { Store } from './use-selected.ts';

/** A room of the user, with the number of unread messages. */
export type MyRoom = Awaited<ReturnType<ReturnType<ChatClient['http']['listMyRooms']>['firstPage']>>[number];

export interface RoomsSnapshot {
  rooms: readonly MyRoom[];
  isLoading: boolean;
  problem: ChatProblem | undefined;
}

const empty: RoomsSnapshot = { rooms: [], isLoading: true, problem: undefined };

export class RoomsStore implements Store<RoomsSnapshot> {
  private readonly client: ChatClient;
  private readonly listeners = new Set<() => void>();
  private snapshot = empty;
  private stop = (): void => {};
  private userId: string | undefined;
  private wasLive = false;
  /** Identifies the newest request, so that an earlier answer does not replace a later one. */
  private request = 0;

  constructor(client: ChatClient) {
    this.client = client;
  }

  subscribe = (listener: () => void): (() => void) => {
    const own = (): void => listener();
    this.listeners.add(own);
    if (this.listeners.size === 1) this.start();
    return () => {
      this.listeners.delete(own);
      if (this.listeners.size === 0) this.stop();
    };
  };

  getSnapshot = (): RoomsSnapshot => this.snapshot;

  refresh = async (): Promise<void> => {
    if (this.userId === undefined) return;
    this.request += 1;
    const { request } = this;
    try {
      const rooms: MyRoom[] = [];
      for await (const room of this.client.http.listMyRooms()) rooms.push(room);
      if (request === this.request) this.show({ rooms, isLoading: false, problem: undefined });
    } catch (error) {
      if (!(error instanceof ChatProblem)) throw error;
      if (request === this.request) this.show({ ...this.snapshot, isLoading: false, problem: error });
    }
  };

  private start(): void {
    const stops = [
      this.client.subscribe(() => this.clientChanged()),
      this.client.onAdded(() => void this.refresh()),
    ];
    this.stop = () => {
      for (const stop of stops) stop();
      this.wasLive = false;
      this.userId = undefined;
    };
    this.clientChanged();
  }

  /** Loads the list for a user who has signed in, and after each time without a connection. */
  private clientChanged(): void {
    const { user, state } = this.client;
    const isLive = state === 'live';
    const hasOtherUser = user?.id !== this.userId;
    const isBack = isLive && !this.wasLive;
    this.wasLive = isLive;
    this.userId = user?.id;
    if (hasOtherUser) this.show(empty);
    if (hasOtherUser || isBack) void this.refresh();
  }

  private show(snapshot: RoomsSnapshot): void {
    this.snapshot = snapshot;
    for (const listener of Array.from(this.listeners)) listener();
  }
}
