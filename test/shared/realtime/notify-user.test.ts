import { describe, expect, it, vi } from 'vitest';
import { notifyUser } from '../../../shared/realtime/notify-user.ts';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { bob, cat, connectionOf, subscriberFor } from '../../kit/memory-chat/system.ts';
import { enter, realtime } from './room-sockets.ts';

describe('notifyUser', () => {
  it('posts to live sockets that were opened without a room and do not have this room open', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'subscribed');
    for (const [id, more] of [
      ['idle', {}],
      ['single', { isSingleRoom: true }],
      ['ended', { tokenEndsAtMs: 0 }],
    ] as const) {
      await ports.connections.open(connectionOf(bob, id, more));
      await ports.subscriptions.add(bob.userId, subscriberFor(bob, id, more));
    }
    await ports.subscriptions.add(bob.userId, subscriberFor(bob, 'subscribed'));
    const post = vi.spyOn(ports.connectionGateway, 'post');
    await notifyUser(ports, bob.userId, roomId, {
      type: 'user_leave',
      user_id: cat.userId,
      username: 'cat',
      room_id: roomId,
    });
    expect(post.mock.calls.map(([id]) => id)).toEqual(['idle']);
  });
});
