import { describe, expect, it } from 'vitest';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { start } from '../../../kit/memory-chat/system.ts';
import { send } from '../../../shared/domain/log-steps.ts';
import { openSockets } from '../open-sockets.ts';

describe('the ping command', () => {
  it('is answered with the heads, and extends the lease by two and a half heartbeats', async () => {
    const { ports, run } = await openSockets();
    await send(ports);
    await run({ type: 'ping' });
    expect(ports.connectionGateway.framesTo('a')).toMatchObject([{ type: 'pong', heads: { [roomId]: 1 } }]);
    expect(ports.connections.all.get('a')?.leaseEndsAtMs).toBe(start + 50_000);
  });
});
