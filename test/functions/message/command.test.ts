import { describe, expect, it, vi } from 'vitest';
import { roomOf } from '../../../functions/message/command.ts';
import type { Command } from '../../../shared/contract/websocket/commands.ts';
import { encodeMessageId } from '../../../shared/domain/message-id.ts';
import { roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, start, uuid } from '../../kit/memory-chat/system.ts';
import { outline, send } from '../../shared/domain/log-steps.ts';
import { place, inRoom, openSockets, notFound, hi } from './open-sockets.ts';

describe('the room of a command', () => {
  const two = connectionOf(ann, 'a', { rooms: { [roomId]: place, [uuid(2)]: place } });

  it('is the only room of the socket, or the room that the command names', () => {
    expect(roomOf(connectionOf(ann, 'a', inRoom), {}).roomId).toBe(roomId);
    expect(roomOf(two, { room_id: roomId.toUpperCase() }).roomId).toBe(roomId);
  });

  it('must be named on a socket with several rooms, and must be open there', () => {
    expect(() => roomOf(two, {})).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => roomOf(connectionOf(ann, 'a'), {})).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
    for (const room_id of [uuid(9), 'constructor', '__proto__'])
      expect(() => roomOf(two, { room_id })).toThrow(expect.objectContaining(notFound));
  });

  it('is closed to a user who was removed, before the socket is evicted', async () => {
    const { ports, run } = await openSockets();
    const message_id = encodeMessageId(roomId, (await send(ports)).seq);
    await ports.connections.updateRoom('a', roomId, { isRemoved: true });
    const commands: Command[] = [
      hi,
      { type: 'typing', is_typing: true },
      { type: 'read', message_id },
      { type: 'edit', message_id, content: 'x' },
      { type: 'delete', message_id },
      { type: 'history', after: 0 },
    ];
    for (const command of commands) await expect(run(command)).rejects.toMatchObject(notFound);
    expect(ports.connectionGateway.done).toEqual([]);
  });
});

describe('a right that ended after its socket was opened', () => {
  const endRight = async (ports: Awaited<ReturnType<typeof openSockets>>['ports'], userId: string) => {
    // Like a removal that has not found this socket.
    await ports.members.startRemoval(roomId, userId);
    await ports.log.takeSeq(roomId, { forMessage: false, endsRight: true }, start);
  };

  it('is detected by every command, even if the socket was not evicted, and leaves void entries', async () => {
    const { ports, run } = await openSockets();
    const message_id = encodeMessageId(roomId, (await send(ports, 'mine', { caller: bob })).seq);
    await endRight(ports, bob.userId);
    const commands: Command[] = [
      hi,
      { type: 'edit', message_id, content: 'x' },
      { type: 'delete', message_id },
      { type: 'history' },
      { type: 'read', message_id },
    ];
    for (const command of commands)
      await expect(run(command, ports.connections.all.get('b'))).rejects.toMatchObject({
        code: command.type === 'read' ? 'forbidden' : 'not_found',
      });
    expect(outline(ports)).toBe('m1 _3 -4 -5');
    expect(await ports.log.get(roomId, 1)).toMatchObject({ content: 'mine', isDeleted: false });
    expect(ports.connectionGateway.done).toEqual([]);
  });

  it('of another user is looked up once, and then recorded on the connection', async () => {
    const { ports, run } = await openSockets();
    await endRight(ports, bob.userId);
    const look = vi.spyOn(ports.rooms, 'getWithMember');
    await run(hi);
    expect(look).toHaveBeenCalledOnce();
    expect(ports.connections.all.get('a')?.rooms[roomId]?.verifiedSeq).toBe(1);
    await run({ type: 'message', content: 'again' });
    await run({ type: 'history' });
    expect(look).toHaveBeenCalledOnce();
  });

  it('keeps history from being sent when it ends while the log is read', async () => {
    const { ports, run } = await openSockets();
    await send(ports, 'secret');
    const { rangeDown } = ports.log;
    ports.log.rangeDown = async (...args) => {
      await endRight(ports, bob.userId);
      return rangeDown(...args);
    };
    await expect(run({ type: 'history' }, ports.connections.all.get('b'))).rejects.toMatchObject(notFound);
    expect(ports.connectionGateway.framesTo('b')).toEqual([]);
  });
});
