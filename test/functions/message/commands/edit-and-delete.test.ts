import { describe, expect, it } from 'vitest';
import { encodeMessageId } from '../../../../shared/domain/message-id.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, connectionOf } from '../../../kit/memory-chat/system.ts';
import { send } from '../../../shared/domain/log-steps.ts';
import { openSockets } from '../open-sockets.ts';

describe('the edit and delete commands', () => {
  it('are allowed to the sender of a message only, in a room that is open on the socket', async () => {
    const { ports, run } = await openSockets();
    const message_id = encodeMessageId(roomId, (await send(ports, 'mine')).seq);
    const bobs = ports.connections.all.get('b')!;
    await expect(run({ type: 'edit', message_id, content: 'x' }, bobs)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(run({ type: 'delete', message_id }, connectionOf(ann, 'elsewhere'))).rejects.toBeDefined();
    await run({ type: 'edit', message_id, content: 'changed' });
    await run({ type: 'delete', message_id });
    expect(ports.connectionGateway.framesTo('b').map(({ type }) => type)).toEqual([
      'message_edited',
      'message_deleted',
    ]);
  });
});
