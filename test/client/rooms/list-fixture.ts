/** A fake server with two rooms of ann, and a client that shows the list of them. */
import type { RoomListSnapshot } from '../../../client/src/index.ts';
import { createFakeSystem, settle, type FakeSystem } from '../fake-system.ts';
import { ann, bob, roomId, type Frame } from '../server-events.ts';

export const otherId = '11111111-1111-4111-8111-222222222222';
export const list = 'GET /chat/rooms/mine/';

export const message = (room_id: string, seq: number, content = `message ${seq}`) => ({
  message_id: `m${seq}`,
  room_id,
  seq,
  sender_id: bob.id,
  sender_username: 'bob',
  content,
  timestamp: '2027-01-15T08:00:00.000Z',
  edited_at: null,
  is_deleted: false,
});

export const mine = (room_id: string, room_name: string, more: object = {}) => ({
  room_id,
  room_name,
  created_at: '2027-01-15T08:00:00.000Z',
  creator_id: ann.id,
  creator_username: 'ann',
  description: '',
  is_private: true,
  is_direct: false,
  message_count: 0,
  member_count: 2,
  unread_count: 0,
  last_read_message_id: null,
  last_message: null,
  ...more,
});

export const activity = (room_id: string, head: number, unread_count: number): Frame => ({
  type: 'room_activity',
  room_id,
  head,
  unread_count,
  last_message: message(room_id, head),
});

export class ListFixture {
  readonly system: FakeSystem;
  /** What the server lists. */
  listed: object[] = [
    mine(roomId, 'general', { unread_count: 2, last_message: message(roomId, 5) }),
    mine(otherId, 'dm_x', { is_direct: true, peer: { ...bob, profile_picture: null }, unread_count: 1 }),
  ];

  constructor(options: { listOnDemand?: boolean } = {}) {
    this.system = createFakeSystem(options);
    this.system.answers.set(list, () => Response.json(this.listed));
  }

  loads(): number {
    return this.system.requests.filter((request) => request === list).length;
  }

  snapshot(): RoomListSnapshot {
    return this.system.client.rooms.getSnapshot();
  }

  names(): string[] {
    return this.snapshot().rooms.map(({ display_name }) => display_name);
  }

  async push(...events: Frame[]): Promise<void> {
    this.system.socket().push(events);
    await settle();
  }

  /** Answers the last `inbox` command as the server does. */
  async acceptInbox(user = ann): Promise<void> {
    const ref = this.system.socket().ofType('inbox').at(-1)?.['ref'];
    await this.push({
      type: 'ready',
      user,
      room_id: null,
      room: null,
      head: null,
      heartbeat_seconds: 60,
      server_time: '',
      inbox: true,
      ref,
    });
  }

  /** Lets minutes pass on a socket whose pings are answered. */
  async passAlive(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes * 60_000; passed += 5_000) {
      await this.system.clock.advance(5_000);
      await this.push({ type: 'pong', heads: {}, server_time: '' });
    }
  }

  /** Connects as ann, subscribes to the list, and lets the server answer. */
  async openList(): Promise<() => void> {
    const { system } = this;
    await system.client.signIn('ann', 'secret');
    system.client.connect();
    await settle();
    system.socket().accept();
    const stop = system.client.rooms.subscribe(() => undefined);
    await settle();
    await this.acceptInbox();
    return stop;
  }
}
