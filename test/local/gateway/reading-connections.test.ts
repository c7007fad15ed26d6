import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { send, signed } from './clients.ts';
import { managementClient, startWithSocket } from './connections-api.ts';

describe('getting a connection', () => {
  it('returns when it was opened, when it was last active, and its identity', async () => {
    const { port, connectionId, socket, called } = await startWithSocket();
    const client = managementClient(port);
    const command = new GetConnectionCommand({ ConnectionId: connectionId });
    const before = await client.send(command);
    const connectedAt = (await called('$connect')).requestContext['connectedAt'];
    expect(before.ConnectedAt).toEqual(new Date(Number(connectedAt)));
    expect(before.Identity).toEqual({ SourceIp: '127.0.0.1', UserAgent: 'tester/1' });
    expect(before.LastActiveAt).toEqual(before.ConnectedAt);
    await wait(20);
    socket.send('hello');
    await called('$default');
    const after = await client.send(command);
    expect(after.ConnectedAt).toEqual(before.ConnectedAt);
    expect(Number(after.LastActiveAt) - Number(before.LastActiveAt)).toBeGreaterThanOrEqual(19);
  });

  it('returns the times in ISO format', async () => {
    const { port, path } = await startWithSocket();
    const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(JSON.parse((await send(port, path, { headers: signed })).body)).toEqual({
      connectedAt: iso,
      lastActiveAt: iso,
      identity: { sourceIp: '127.0.0.1', userAgent: 'tester/1' },
    });
  });
});

describe('deleting a connection', () => {
  it('is answered with 204, closes the socket with 1000 and calls $disconnect', async () => {
    const { port, connectionId, socket, called } = await startWithSocket();
    const client = managementClient(port);
    const result = await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    expect(result.$metadata.httpStatusCode).toBe(204);
    expect(await socket.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    expect((await called('$disconnect')).requestContext).toMatchObject({
      disconnectStatusCode: 1000,
      disconnectReason: 'Connection Closed Normally',
    });
  });

  it('removes the connection at once, so that a second deletion fails with GoneException', async () => {
    const { port, connectionId } = await startWithSocket();
    const client = managementClient(port);
    const deletion = () => client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    await deletion();
    await expect(deletion()).rejects.toBeInstanceOf(GoneException);
  });
});
