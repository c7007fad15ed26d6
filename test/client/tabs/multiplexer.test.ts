/** The frames of several tabs on one socket: their order at the server, and the tabs that receive the answers. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '../../../client/src/contract/commands.ts';
import type { ServerEvent } from '../../../client/src/index.ts';
import { Multiplexer } from '../../../client/src/tabs/multiplexer.ts';
import { ManualClock } from '../fake-system.ts';
import { ann, historyEnd, ready, refusal, roomId, said, type Frame } from '../server-events.ts';

const otherId = '11111111-1111-4111-8111-222222222222';

let clock: ManualClock;
let toServer: Frame[];
let toTabs: Map<number, Frame[]>;
let isFailed: boolean;
let multiplexer: Multiplexer;

beforeEach(() => {
  clock = new ManualClock();
  toServer = [];
  toTabs = new Map([
    [0, []],
    [1, []],
  ]);
  isFailed = false;
  multiplexer = new Multiplexer({
    clock,
    userId: ann.id,
    roomsPerConnection: 50,
    toServer: (command) => void toServer.push(command as unknown as Frame),
    toTabs: (tabs, events) => {
      for (const tab of tabs) toTabs.get(tab)?.push(...(events as unknown as Frame[]));
    },
    fail: () => (isFailed = true),
    full: () => {},
  });
  multiplexer.tabOpened(0);
  multiplexer.tabOpened(1);
});

const command = (tab: number, ref: string, frame: object): void =>
  multiplexer.command(tab, { ref, ...frame } as Command & { ref: string });

const receive = (...events: Frame[]): void => {
  for (const event of events) multiplexer.receive(event as unknown as ServerEvent);
};

/** What the server received since the last call, as `type` and `ref`. */
const takeSent = (): string[] => toServer.splice(0).map(({ type, ref }) => `${type} ${String(ref)}`);

const typesOf = (tab: number): string[] => (toTabs.get(tab) ?? []).splice(0).map(({ type }) => type);

/** The tab joins the room, and the server answers. */
function openRoom(tab: number): void {
  command(tab, 'r1', { type: 'join', room_id: roomId });
  receive({ ...ready(3), ref: `${tab}.r1` }, { ...historyEnd(3), ref: `${tab}.r1` });
  takeSent();
  typesOf(tab);
}

describe('joins and leaves', () => {
  test('no room is joined while it is being left', () => {
    openRoom(0);
    command(0, 'r2', { type: 'leave', room_id: roomId });
    expect([typesOf(0), takeSent()]).toEqual([['left'], ['leave -1.leave1']]);
    command(1, 'r1', { type: 'join', room_id: roomId });
    expect(takeSent()).toEqual([]);
    receive({ type: 'left', room_id: roomId, ref: '-1.leave1' });
    expect([typesOf(0), takeSent()]).toEqual([[], ['join 1.r1']]);
  });

  test('no room is joined by name while any room is being left, and another one by its id is', () => {
    openRoom(0);
    command(0, 'r2', { type: 'leave', room_id: roomId });
    takeSent();
    command(1, 'r1', { type: 'join', room: 'other' });
    command(1, 'r2', { type: 'join', room_id: otherId });
    expect(takeSent()).toEqual(['join 1.r2']);
    receive({ type: 'left', room_id: roomId, ref: '-1.leave1' });
    expect(takeSent()).toEqual(['join 1.r1']);
  });

  test('no room is left while a join by name is not answered, which may lead to it', () => {
    openRoom(0);
    command(1, 'r1', { type: 'join', room: 'general' });
    command(0, 'r2', { type: 'leave', room_id: roomId });
    expect([typesOf(0), takeSent()]).toEqual([['left'], ['join 1.r1']]);
    receive({ ...ready(3), ref: '1.r1' });
    expect(takeSent()).toEqual([]);
    command(1, 'r2', { type: 'leave', room_id: roomId });
    expect(takeSent()).toEqual(['leave -1.leave1']);
  });

  test('a join waits for that of another tab, and is sent if that one is refused', () => {
    command(0, 'r1', { type: 'join', room_id: roomId });
    command(1, 'r1', { type: 'join', room_id: roomId });
    expect(takeSent()).toEqual(['join 0.r1']);
    receive(refusal({ type: 'join', ref: '0.r1' }, 4003, 'forbidden'));
    expect([typesOf(0), typesOf(1), takeSent()]).toEqual([['error'], [], ['join 1.r1']]);
  });

  test('all tabs learn what concerns their lists of a room that one of them has open', () => {
    openRoom(0);
    receive(said(4), { type: 'message_unread', room_id: roomId, message_id: null, unread_count: 1 });
    expect([typesOf(0), typesOf(1)]).toEqual([['chat_message', 'message_unread'], ['message_unread']]);
  });

  test('a further tab is welcomed with the head and the users of this moment', () => {
    openRoom(0);
    receive(
      { type: 'room_users_list', room_id: roomId, users: [ann] },
      { type: 'user_join', room_id: roomId, user_id: 'b', username: 'bob' },
      { type: 'user_join', room_id: roomId, user_id: 'c', username: 'cy' },
      { type: 'user_leave', room_id: roomId, user_id: 'b', username: 'bob' },
      said(4),
    );
    toTabs.get(1)?.splice(0);
    command(1, 'r1', { type: 'join', room_id: roomId, after: 2, history: 20 });
    const [first, users] = toTabs.get(1)!;
    expect(first).toMatchObject({ type: 'ready', room_id: roomId, head: 4, ref: 'r1' });
    expect(users?.['users']).toEqual([ann, { id: 'c', username: 'cy' }]);
    expect(toServer).toEqual([{ type: 'history', room_id: roomId, ref: '1.r1', after: 2, limit: 20 }]);
    receive(said(3), said(4), { ...historyEnd(4), ref: '1.r1' });
    expect(toTabs.get(1)?.at(-1)).toMatchObject({ type: 'history_end', ref: 'r1' });
    expect(typesOf(0).filter((type) => type === 'history_end')).toEqual([]);
  });

  test('a tab joins at the server when the server refuses the history, which shows why', () => {
    openRoom(0);
    command(1, 'r1', { type: 'join', room_id: roomId });
    takeSent();
    typesOf(1);
    receive(refusal({ type: 'history', ref: '1.r1' }, 4004, 'not_found'));
    expect([typesOf(1), takeSent()]).toEqual([[], ['join 1.r1']]);
    receive(refusal({ type: 'join', ref: '1.r1' }, 4003, 'forbidden'));
    // The pong shows the other tab whether the room is still open for it.
    expect([typesOf(1), takeSent()]).toEqual([['error'], ['ping -1.ping']]);
  });

  test('a tab that joins a room again does so at the server', () => {
    openRoom(0);
    command(0, 'r2', { type: 'join', room_id: roomId });
    expect(takeSent()).toEqual(['join 0.r2']);
  });

  test('a room that the server has closed is joined at the server', () => {
    openRoom(0);
    receive({ type: 'member_removed', room_id: roomId, seq: 4, member: ann });
    command(1, 'r1', { type: 'join', room_id: roomId });
    expect(takeSent()).toEqual(['join 1.r1']);
  });

  test('a room that only a tab has open which is gone is left, even if its join is answered later', () => {
    command(1, 'r1', { type: 'join', room_id: roomId });
    multiplexer.tabClosed(1);
    takeSent();
    receive({ ...ready(3), ref: '1.r1' });
    expect([typesOf(0), takeSent()]).toEqual([[], ['leave -1.leave1']]);
  });

  test('a leave is repeated once, and the socket ends when that is not answered either', async () => {
    openRoom(0);
    command(0, 'r2', { type: 'leave', room_id: roomId });
    await clock.advance(10_000);
    expect([takeSent(), isFailed]).toEqual([['leave -1.leave1', 'leave -1.leave2'], false]);
    await clock.advance(10_000);
    expect(isFailed).toBe(true);
  });
});

test('the refusal of a message reaches every tab that sent it, with the ref of each', () => {
  openRoom(0);
  const message = { type: 'message', room_id: roomId, client_id: 'c', content: 'hello' };
  command(0, 'r5', message);
  command(1, 'r9', message);
  expect(takeSent()).toEqual(['message 0.r5']);
  receive(refusal({ type: 'message', ref: '0.r5' }, 4003, 'forbidden'));
  expect([toTabs.get(0)?.at(-1)?.['ref'], toTabs.get(1)?.at(-1)?.['ref']]).toEqual(['r5', 'r9']);
});

test('a message is sent again when its tab has waited in vain', () => {
  const message = { type: 'message', room_id: roomId, client_id: 'c', content: 'hello' };
  command(0, 'r5', message);
  command(0, 'r6', message);
  expect(takeSent()).toEqual(['message 0.r5', 'message 0.r6']);
});

test('a ping that is not answered in ten seconds ends the socket', async () => {
  command(1, 'r1', { type: 'ping' });
  await clock.advance(9_999);
  expect(isFailed).toBe(false);
  await clock.advance(1);
  expect(isFailed).toBe(true);
});
