import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSocket, refusedHandshake, send } from './clients.ts';
import { createGate } from './gate.ts';
import { startGateway } from './started-gateway.ts';

describe('closing the gateway', () => {
  it('closes the sockets with 1001 and calls $disconnect for each of them', async () => {
    const { ws, gateway, calls } = await startGateway();
    const clients = await Promise.all([1, 2, 3].map(() => openSocket(`${ws}/local`)));
    await gateway.close();
    for (const client of clients) expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    expect(calls.filter(({ functionId }) => functionId === '$disconnect')).toHaveLength(3);
    expect(gateway.connectionCount()).toBe(0);
  });

  it('refuses new TCP connections', async () => {
    const { port, gateway } = await startGateway();
    await gateway.close();
    await expect(send(port, '/')).rejects.toThrow('ECONNREFUSED');
  });

  it('first answers the request whose function is running', async () => {
    const finished = createGate();
    const { port, gateway, called } = await startGateway({
      functions: { $default: () => finished.opened.then(() => 'done') },
    });
    const answer = send(port, '/');
    await called('$default');
    const closing = gateway.close();
    finished.open();
    expect(await answer).toMatchObject({ status: 200, body: '"done"' });
    await closing;
  });

  it('refuses a handshake whose $connect is still running with 503, and calls $disconnect', async () => {
    const finished = createGate();
    const { ws, gateway, called } = await startGateway({
      functions: { $connect: () => finished.opened.then(() => ({ statusCode: 200 })) },
    });
    const refusal = refusedHandshake(`${ws}/local`);
    await called('$connect');
    const closing = gateway.close();
    finished.open();
    expect(await refusal).toMatchObject({ status: 503 });
    expect((await called('$disconnect')).requestContext).toMatchObject({ disconnectStatusCode: 1001 });
    await closing;
  });

  it('waits no longer than the grace period for idle connections, clients and functions that hang', async () => {
    const { ws, port, gateway, called } = await startGateway({
      functions: { $default: () => new Promise(() => undefined) },
      limits: { closeGraceSeconds: 0.2 },
    });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const [response] = await once(httpRequest({ port, path: '/local', agent }).end(), 'response');
    response.resume();
    const stalled = await openSocket(`${ws}/local`);
    stalled.webSocket.pause();
    stalled.send('hello');
    await called('$default');
    const silent = connectTcp(port, '127.0.0.1');
    onTestFinished(() => void silent.destroy());
    await once(silent, 'connect');
    const startedAtMs = performance.now();
    await gateway.close();
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  });

  it('leaves no timer or socket that keeps the process running, even when a function hangs', async () => {
    const script = fileURLToPath(new URL('closing-process.ts', import.meta.url));
    // Much less than the 29 seconds that the gateway waits for a function.
    const options = { timeout: 12_000 };
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], options);
    expect(stdout).toBe('closed');
  });

  it('can be done twice', async () => {
    const { gateway } = await startGateway();
    await Promise.all([gateway.close(), gateway.close()]);
    await expect(gateway.close()).resolves.toBeUndefined();
  });
});

it('listen rejects with EADDRINUSE when the port is in use', async () => {
  const { port } = await startGateway();
  const { gateway } = await startGateway();
  await gateway.close();
  await expect(gateway.listen(port)).rejects.toThrow('EADDRINUSE');
});
