/** Records what a view of a room shows, from its opening until it or its tab is closed. */

import type { Room, RoomSnapshot } from '../../../client/src/index.ts';
import type { RestingView, ShownMessage, Target, ViewEvidence } from './evidence.ts';
import type { Tab } from './tab.ts';

export interface ViewOptions {
  handle: number;
  tab: Tab;
  room: Room;
  opened: Target;
}

export class ViewRecorder {
  readonly handle: number;
  readonly tab: Tab;
  readonly room: Room;
  readonly opened: Target;
  /** Whether a step has closed the view. */
  isClosed = false;
  /** The problem with which each text was shown last; undefined if it was not shown as failed. */
  readonly failures = new Map<string, string | undefined>();
  private readonly openedAtMs = Date.now();
  /** The id of the signed-in user, once that is known. */
  private user: string | undefined;
  private identifiedAtMs: number | undefined;
  private readonly roomIds = new Set<string>();
  private readonly shown = new Map<string, ShownMessage>();
  private readonly doubled = new Set<string>();
  private readonly subscriptions: (() => void)[] = [];
  private last: RoomSnapshot | undefined;

  constructor({ handle, tab, room, opened }: ViewOptions) {
    this.handle = handle;
    this.tab = tab;
    this.room = room;
    this.opened = opened;
    this.record();
  }

  subscribe(): void {
    this.subscriptions.push(this.room.subscribe(() => this.record()));
  }

  unsubscribe(): void {
    this.subscriptions.shift()?.();
  }

  close(): void {
    this.record();
    this.isClosed = true;
    for (const end of this.subscriptions.splice(0)) end();
    this.room.close();
  }

  get isOpen(): boolean {
    return !this.isClosed && this.tab.network.isAlive;
  }

  /** Records what the view shows now. */
  record(): void {
    if (!this.isOpen) return;
    this.user ??= this.tab.user;
    const snapshot = this.room.getSnapshot();
    if (snapshot === this.last) return;
    this.last = snapshot;
    const { room_id: roomId, messages } = snapshot;
    if (roomId !== undefined) {
      this.identifiedAtMs ??= Date.now();
      this.roomIds.add(roomId);
    }
    const texts = new Set<string>();
    for (const { content: text, sender_id: author, state, problem } of messages) {
      if (texts.has(text)) this.doubled.add(text);
      texts.add(text);
      this.failures.set(text, state === 'failed' ? (problem?.code ?? 'no reason') : undefined);
      this.shown.set(`${text} ${author} ${roomId}`, { text, author, roomId });
    }
  }

  /** Returns what the view shows after everything has settled; undefined when it is not open. */
  atRest(): RestingView | undefined {
    this.record();
    if (!this.isOpen) return undefined;
    const { status, problem, room_id: roomId, messages } = this.room.getSnapshot();
    return {
      status,
      reason: problem?.code,
      roomId,
      messages: messages.flatMap(({ content, seq, state }) =>
        seq === null || state !== 'sent' ? [] : [{ text: content, seq }],
      ),
      pending: messages.filter(({ state }) => state === 'sending').map(({ content }) => content),
    };
  }

  evidence(atRest: RestingView | undefined): ViewEvidence {
    const { handle, tab, user, opened, openedAtMs, identifiedAtMs } = this;
    return {
      handle,
      tab: tab.slot,
      user,
      opened,
      openedAtMs,
      identifiedAtMs,
      roomIds: [...this.roomIds],
      shown: [...this.shown.values()],
      doubled: [...this.doubled],
      atRest,
    };
  }
}
