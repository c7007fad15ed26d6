/** Closes a gateway during a function call; the process must then exit. Run by closing.test.ts. */
import { WebSocket } from 'ws';
import { createGateway } from '../../../local/gateway/gateway.ts';

const gateway = createGateway({
  httpApi: { apiId: 'h', stage: '$default', routes: [] },
  webSocketApi: {
    apiId: 'w',
    stage: 'local',
    routeSelectionExpression: '$request.body.type',
    routes: [{ routeKey: '$default', functionId: 'hangs' }],
  },
  edge: [],
  invoke() {
    void gateway.close().then(() => process.stdout.write('closed'));
    return new Promise(() => undefined);
  },
  region: 'us-east-1',
  accountId: '123456789012',
  limits: { closeGraceSeconds: 0.1 },
});

async function main(): Promise<void> {
  const port = await gateway.listen(0);
  const client = new WebSocket(`ws://127.0.0.1:${port}/local`);
  client.on('open', () => client.send('hello'));
}
void main();
