/**
 * Carries out the steps of a schedule. A step that cannot be done, for example because its view was never opened, does
 * nothing, so that steps can be left out of a schedule.
 */

import type { Target, WrittenText } from './evidence.ts';
import { foldName, type Fixture } from './fixture.ts';
import type { Spelling, Step } from './schedule.ts';
import { Tabs, type TabsOptions } from './tabs.ts';
import { ViewRecorder } from './view-recorder.ts';

const setBackByMs = 3_600_000;
const noUser = 'no user';

export class Users {
  readonly texts: WrittenText[] = [];
  readonly views: ViewRecorder[] = [];
  readonly tabs: Tabs;
  private readonly fixture: Fixture;
  private readonly recordTimer: NodeJS.Timeout;

  constructor(options: TabsOptions) {
    this.fixture = options.fixture;
    this.tabs = new Tabs(options);
    this.recordTimer = setInterval(() => this.recordViews(), 10);
  }

  /** Closes every tab. */
  stop(): void {
    for (const slot of this.tabs.open.keys()) this.closeTab(slot);
    clearInterval(this.recordTimer);
  }

  closeTab(slot: number): void {
    this.recordViews();
    this.tabs.close(slot);
  }

  perform(step: Step): void {
    const { fixture, tabs } = this;
    switch (step.kind) {
      case 'open':
        return this.open(step);
      case 'close':
        return this.viewOf(step.handle)?.close();
      case 'subscribe':
        return this.viewOf(step.handle)?.subscribe();
      case 'unsubscribe':
        return this.viewOf(step.handle)?.unsubscribe();
      case 'send':
        for (let count = 0; count < step.count; count += 1) this.send(step.handle);
        return;
      case 'discard':
        return this.discard(step.handle);
      case 'cut':
        return tabs.open.get(step.tab)?.network.cut();
      case 'offline':
        return tabs.open.get(step.tab)?.network.enter(step.isSilent ? 'silent' : 'offline');
      case 'online':
        return tabs.goOnline(step.tab);
      case 'reload':
        this.recordViews();
        return tabs.reload(step.tab);
      case 'open_tab':
        if (!tabs.open.has(step.tab)) tabs.add(step.tab, tabs.deviceFor(step.device));
        return;
      case 'close_tab':
        return this.closeTab(step.tab);
      case 'sign_in':
        return this.signIn(step.tab, step.user);
      case 'sign_out':
        return this.signOut(step.tab);
      case 'rename':
        return tabs.track(fixture.rename(step.room));
      case 'delete':
        return tabs.track(fixture.remove(step.room));
      case 'reuse_name':
        return tabs.track(fixture.reuseName(step.room, step.user));
      case 'remove':
        return tabs.track(fixture.setMember(step.room, step.user, false));
      case 'add':
        return tabs.track(fixture.setMember(step.room, step.user, true));
      case 'set_clock_back':
        tabs.devices[step.device]!.setBackMs += setBackByMs;
    }
  }

  private recordViews(): void {
    for (const view of this.views) view.record();
  }

  private viewOf(handle: number): ViewRecorder | undefined {
    return this.views.find((view) => view.handle === handle && view.isOpen);
  }

  private open({ tab: slot, handle, room, as }: Extract<Step, { kind: 'open' }>): void {
    const tab = this.tabs.open.get(slot);
    const opened = this.targetOf(room, as);
    if (tab === undefined || tab.client.state === 'signed-out' || opened === undefined) return;
    const key = opened.by === 'id' ? opened.roomId : opened.name;
    const view = new ViewRecorder({
      handle,
      tab,
      room: tab.client.room(as === 'capitals' ? key.toUpperCase() : key),
      opened,
    });
    view.subscribe();
    this.views.push(view);
  }

  private targetOf(slot: number, as: Spelling): Target | undefined {
    const { fixture } = this;
    const names = fixture.namesOf(slot);
    if (as === 'id') {
      const roomId = fixture.slots[slot]?.roomId;
      return roomId === undefined ? undefined : { by: 'id', roomId };
    }
    const name = as === 'old_name' ? (names.at(-2) ?? names.at(-1)) : names.at(-1);
    return name === undefined ? undefined : { by: 'name', name: foldName(name), since: Date.now() };
  }

  private send(handle: number): void {
    const view = this.viewOf(handle);
    if (view === undefined) return;
    const number = this.texts.length + 1;
    const text = `text ${number}`;
    const { room_id: roomId } = view.room.getSnapshot();
    const written: WrittenText = {
      text,
      number,
      author: view.tab.user ?? noUser,
      tab: view.tab.slot,
      device: view.tab.device.number,
      handle,
      target: roomId === undefined ? view.opened : { by: 'id', roomId },
      isAccepted: true,
      isCanceled: false,
      failedWith: undefined,
      isWaiting: false,
    };
    this.texts.push(written);
    try {
      view.room.send(text);
      // After a reload the client may read its user from the store only now.
      if (written.author === noUser) written.author = view.tab.user ?? noUser;
    } catch {
      // The room is closed, which the view shows.
      written.isAccepted = false;
    }
  }

  private discard(handle: number): void {
    const view = this.viewOf(handle);
    const waiting = view?.room.messages.findLast(({ state, is_mine }) => is_mine && state !== 'sent');
    if (view === undefined || waiting?.client_id === undefined) return;
    const written = this.texts.find(({ text }) => text === waiting.content);
    if (written !== undefined) written.isCanceled = true;
    view.room.discard(waiting.client_id);
  }

  private signIn(slot: number, user: number): void {
    const tab = this.tabs.open.get(slot);
    const { username, password } = this.fixture.users[user]!;
    if (tab !== undefined) this.tabs.track(tab.client.signIn(username, password), tab);
  }

  /** Signing out discards what the user wrote on this device and has not sent. */
  private signOut(slot: number): void {
    const tab = this.tabs.open.get(slot);
    if (tab?.user === undefined) return;
    const { user } = tab;
    tab.device.wasSignedOut = true;
    const markCanceled = (): void => {
      for (const written of this.texts) {
        if (written.device === tab.device.number && written.author === user) written.isCanceled = true;
      }
    };
    markCanceled();
    this.tabs.track(tab.client.signOut().finally(markCanceled), tab);
  }
}
