import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../../functions/message/run-command.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, connectionOf, start } from '../../../kit/memory-chat/system.ts';
import { inRoom, notFound, openSockets } from '../open-sockets.ts';

describe('the join and leave commands', () => {
  it('are refused on a socket that was opened for one room', async () => {
    const { run } = await openSockets();
    const single = connectionOf(ann, 'a', { ...inRoom, isSingleRoom: true });
    for (const command of [{ type: 'join', room: 'other' }, { type: 'leave' }] as const) {
      await expect(run(command, single)).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  describe('delivered at once or in any order', () => {
    const join = { type: 'join', room_id: roomId, ref: 'join' } as const;
    const leave = { type: 'leave', room_id: roomId, ref: 'leave' } as const;

    async function idleSocket() {
      const { ports } = await openSockets();
      await ports.connections.open(connectionOf(ann, 'idle'));
      const stored = () => ports.connections.all.get('idle')!;
      const isSubscribed = () =>
        ports.subscriptions.of(roomId).some(({ connectionId }) => connectionId === 'idle');
      return { ports, stored, isSubscribed, idle: structuredClone(stored()) };
    }

    it('undo a join that was received before the leave and runs after it', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await runCommand(ports, idle, leave, start + 10);
      await expect(runCommand(ports, stored(), join, start + 9)).rejects.toMatchObject(notFound);
      expect([isSubscribed(), stored().rooms]).toEqual([false, {}]);
      expect(ports.connectionGateway.framesTo('idle')).toEqual([
        { type: 'left', room_id: roomId, ref: 'leave' },
      ]);
    });

    it('keep a room open that was joined again before a late leave runs', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await runCommand(ports, idle, join, start + 1);
      const beforeLeave = structuredClone(stored());
      await runCommand(ports, stored(), join, start + 20);
      await runCommand(ports, beforeLeave, leave, start + 10);
      expect([isSubscribed(), Object.keys(stored().rooms)]).toEqual([true, [roomId]]);
    });

    it('keep a room open that is joined again while a leave runs', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await runCommand(ports, idle, join, start + 1);
      const { leaveRoom } = ports.connections;
      ports.connections.leaveRoom = async (...args) => {
        const room = await leaveRoom(...args);
        await runCommand(ports, stored(), join, start + 20);
        return room;
      };
      await runCommand(ports, structuredClone(stored()), leave, start + 10);
      expect([isSubscribed(), Object.keys(stored().rooms)]).toEqual([true, [roomId]]);
    });

    it('publish user_leave last when the leave runs while user_join is being published', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await ports.subscriptions.remove({ topic: roomId, shard: 0, connectionId: 'a' });
      const post = ports.connectionGateway.post.bind(ports.connectionGateway);
      ports.connectionGateway.post = async (connectionId, frame) => {
        if (frame.includes('user_join'))
          await runCommand(ports, structuredClone(stored()), leave, start + 10);
        return post(connectionId, frame);
      };
      await runCommand(ports, idle, join, start + 1);
      const types = ports.connectionGateway.framesTo('b').map(({ type }) => type);
      expect([isSubscribed(), types.at(-1)]).toEqual([false, 'user_leave']);
    });

    it('leave an open room and open it again when both were received in the same millisecond', async () => {
      const { ports, stored, isSubscribed, idle } = await idleSocket();
      await runCommand(ports, idle, join, start + 1);
      await runCommand(ports, structuredClone(stored()), leave, start + 10);
      await runCommand(ports, structuredClone(stored()), join, start + 10);
      expect([isSubscribed(), Object.keys(stored().rooms)]).toEqual([true, [roomId]]);
    });
  });

  it('open a room and close it', async () => {
    const { ports, run } = await openSockets();
    const idle = connectionOf(ann, 'idle');
    await ports.connections.open(idle);
    await run({ type: 'join', room: 'general' }, idle);
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toContain('idle');
    await run({ type: 'leave' }, ports.connections.all.get('idle'));
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).not.toContain('idle');
    expect(ports.connections.all.get('idle')?.rooms).toEqual({});
  });
});
