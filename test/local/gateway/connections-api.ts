/** A gateway with one open socket, and the clients that call `@connections` about it. */
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { onTestFinished } from 'vitest';
import { openSocket } from './clients.ts';
import { startGateway, type StartOptions } from './started-gateway.ts';

/** Creates the client of the AWS SDK, as a function does. */
export function managementClient(port: number, stage = 'local'): ApiGatewayManagementApiClient {
  const client = new ApiGatewayManagementApiClient({
    endpoint: `http://127.0.0.1:${port}/${stage}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** Starts a gateway and opens a socket, whose address below `@connections` is `path`. */
export async function startWithSocket(options: StartOptions = {}) {
  const started = await startGateway(options);
  const socket = await openSocket(`${started.ws}/local`, { headers: { 'User-Agent': 'tester/1' } });
  const { connectionId } = (await started.called('$connect')).requestContext;
  const path = `/local/@connections/${encodeURIComponent(connectionId)}`;
  return { ...started, socket, connectionId, path };
}
