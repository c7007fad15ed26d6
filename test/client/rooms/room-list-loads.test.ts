/** When the list of rooms is loaded again, and what it shows until then. */
import { beforeEach, describe, expect, test } from 'vitest';
import { problem, settle } from '../fake-system.ts';
import { refusal, roomId } from '../server-events.ts';
import { activity, list, message, mine, ListFixture } from './list-fixture.ts';

let fixture: ListFixture;
beforeEach(() => {
  fixture = new ListFixture();
});

describe('the list of rooms', () => {
  test('is stale without a connection, and is loaded again once the server sends activity on the next socket', async () => {
    await fixture.openList();
    const first = fixture.system.socket();
    first.cut();
    await settle();
    expect(fixture.snapshot().status).toBe('stale');
    await fixture.system.clock.advance(2_000);
    expect(fixture.system.socket()).not.toBe(first);
    fixture.system.socket().accept();
    await settle();
    fixture.listed = [mine(roomId, 'general', { unread_count: 8, last_message: message(roomId, 11) })];
    await fixture.acceptInbox();
    expect(fixture.snapshot()).toMatchObject({ status: 'live', unread: 8 });
    expect(fixture.loads()).toBe(2);
  });

  test('asks a server that does not know the command again every minute', async () => {
    await fixture.system.client.signIn('ann', 'secret');
    fixture.system.client.connect();
    await settle();
    fixture.system.socket().accept();
    fixture.system.client.rooms.subscribe(() => undefined);
    await fixture.push(refusal(fixture.system.socket().ofType('inbox').at(-1), 4005, 'invalid_frame'));
    expect(fixture.snapshot()).toMatchObject({ status: 'live', unread: 3 });
    expect(fixture.loads()).toBe(1);
    await fixture.system.clock.advance(61_000);
    expect(fixture.loads()).toBe(2);
  });

  test('is loaded when the answer to the command is lost, and again when it comes late', async () => {
    await fixture.system.client.signIn('ann', 'secret');
    fixture.system.client.connect();
    await settle();
    fixture.system.socket().accept();
    fixture.system.client.rooms.subscribe(() => undefined);
    await fixture.system.clock.advance(10_000);
    expect([fixture.loads(), fixture.snapshot().status]).toEqual([1, 'live']);
    await fixture.acceptInbox();
    expect(fixture.loads()).toBe(2);
  });

  test('asks for large rooms that are not open again every five minutes, and for others never', async () => {
    await fixture.openList();
    await fixture.passAlive(11);
    expect(fixture.loads()).toBe(1);
    fixture.listed = [mine(roomId, 'crowd', { member_count: 101 })];
    await fixture.system.client.rooms.refresh();
    await fixture.passAlive(5);
    expect(fixture.loads()).toBe(3);
  });

  test('shows the problem when it cannot be loaded, and tries again', async () => {
    fixture.system.answers.set(list, () => problem(503, 'try_again'));
    await fixture.openList();
    expect(fixture.snapshot()).toMatchObject({ status: 'loading', problem: { code: 'try_again' } });
    fixture.system.answers.set(list, () => Response.json(fixture.listed));
    await fixture.system.clock.advance(2_000);
    expect(fixture.snapshot()).toMatchObject({ status: 'live', unread: 3, problem: undefined });
  });

  test('shows nothing of a user who has signed out, and is loaded for the next one', async () => {
    await fixture.openList();
    await fixture.system.client.signOut();
    expect(fixture.snapshot()).toMatchObject({ status: 'loading', rooms: [], unread: 0 });
    await fixture.system.client.signIn('bob', 'secret');
    await fixture.system.clock.advance(3_000);
    expect(fixture.snapshot().rooms).toHaveLength(2);
  });

  test('follows nothing any more a second after the last listener is gone', async () => {
    const stop = await fixture.openList();
    stop();
    const again = fixture.system.client.rooms.subscribe(() => undefined);
    await fixture.system.clock.advance(2_000);
    expect(fixture.loads()).toBe(1);
    again();
    await fixture.system.clock.advance(2_000);
    const before = fixture.snapshot();
    expect(before.status).toBe('stale');
    await fixture.push(activity(roomId, 9, 9));
    expect(fixture.snapshot()).toBe(before);
  });

  test('is loaded once when a page begins with it: with the answer of the socket that is being opened', async () => {
    await fixture.system.client.signIn('ann', 'secret');
    fixture.system.client.rooms.subscribe(() => undefined);
    fixture.system.client.connect();
    await settle();
    fixture.system.socket().accept();
    await settle();
    await fixture.acceptInbox();
    expect([fixture.loads(), fixture.snapshot().status]).toEqual([1, 'live']);
    await fixture.passAlive(2);
    expect(fixture.loads()).toBe(1);
  });

  test('is loaded without a socket that does not open within two seconds', async () => {
    await fixture.system.client.signIn('ann', 'secret');
    fixture.system.client.connect();
    await settle();
    fixture.system.client.rooms.subscribe(() => undefined);
    await fixture.system.clock.advance(1_500);
    expect(fixture.loads()).toBe(0);
    await fixture.system.clock.advance(1_000);
    expect(fixture.loads()).toBe(1);
    expect(fixture.snapshot()).toMatchObject({ status: 'stale', unread: 3 });
  });

  test('is loaded once by calls at the same time, and when the network comes back with a new socket', async () => {
    await fixture.openList();
    const { rooms } = fixture.system.client;
    await Promise.all([rooms.refresh(), rooms.refresh(), rooms.refresh()]);
    expect(fixture.loads()).toBe(2);
    await fixture.passAlive(1);
    fixture.system.socket().cut();
    await settle();
    fixture.system.client.reconnectNow();
    await settle();
    fixture.system.socket().accept();
    await settle();
    fixture.system.client.reconnectNow();
    await fixture.acceptInbox();
    expect([fixture.loads(), fixture.system.socket().ofType('inbox').length]).toEqual([3, 1]);
  });

  test('asks a socket that sends activity for nothing when it is followed again', async () => {
    const stop = await fixture.openList();
    stop();
    await fixture.system.clock.advance(2_000);
    fixture.system.client.rooms.subscribe(() => undefined);
    await settle();
    expect(fixture.loads()).toBe(2);
    expect(fixture.system.socket().ofType('inbox')).toHaveLength(1);
    expect(fixture.snapshot().status).toBe('live');
  });
});
