import { describe, expect, it } from 'vitest';
import { send } from '../../../shared/domain/log-steps.ts';
import { openSockets } from '../open-sockets.ts';

describe('the history command', () => {
  it('accepts one direction, and is sent to this socket alone', async () => {
    const { ports, run } = await openSockets();
    await send(ports);
    await expect(run({ type: 'history', before: 1, after: 1 })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await run({ type: 'history' });
    expect(ports.connectionGateway.done).toEqual(['post a chat_message', 'post a history_end']);
  });
});
