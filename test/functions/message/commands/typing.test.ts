import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../shared/contract/websocket/commands.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, subscriberFor } from '../../../kit/memory-chat/system.ts';
import { openSockets } from '../open-sockets.ts';

describe('a typing indicator', () => {
  const typing = (isTyping: boolean): Command => ({ type: 'typing', is_typing: isTyping });

  it('is published once in two seconds while it does not change', async () => {
    const { ports, run } = await openSockets();
    for (let count = 0; count < 5; count += 1) await run(typing(true));
    expect(ports.connectionGateway.framesTo('b')).toHaveLength(1);
    await run(typing(false));
    expect(ports.connectionGateway.framesTo('b')).toHaveLength(2);
    ports.clock.pass(2_000);
    await run(typing(false));
    expect(ports.connectionGateway.framesTo('b')).toHaveLength(3);
  });

  it.each([100, 101])('is posted to at most a hundred sockets, in a room of %i', async (sockets) => {
    const { ports, run } = await openSockets();
    for (let at = 2; at < sockets; at += 1)
      await ports.subscriptions.add(roomId, subscriberFor(bob, `b${at}`));
    await run(typing(true));
    expect(ports.connectionGateway.done).toHaveLength(sockets <= 100 ? sockets - 1 : 0);
  });

  it('is not published in a room of several shards, and reads nothing', async () => {
    const { ports, run } = await openSockets();
    ports.subscriptions.shard = () => Promise.reject(new Error('read'));
    const far = connectionOf(ann, 'a', { rooms: { [roomId]: { name: 'general', shard: 3 } } });
    await run(typing(true), far);
    expect(ports.connectionGateway.done).toEqual([]);
  });

  it('is posted to the other users only', async () => {
    const { ports, run } = await openSockets();
    await run({ type: 'typing', is_typing: true });
    expect(ports.connectionGateway.done).toEqual(['post b typing_indicator']);
  });
});
