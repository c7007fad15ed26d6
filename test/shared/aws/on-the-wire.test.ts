/** Compares the signatures of requests that leave the process with those of the SDK, since only AWS verifies them. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { sdkSigner } from '../../../shared/aws/sdk-signer.ts';
import { openConnectionGateway } from '../../../shared/realtime/connection-gateway.ts';
import { openTable } from '../../../shared/storage/open-table.ts';
import { region, signatureBySdk } from './signature-by-sdk.ts';

const role = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'secret+/key',
  sessionToken: 'IQoJb3JpZ2luX2VjE+/=',
};

interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let received: Received[];
/** The statuses of the next responses; 200 when there are none left. */
let statuses: number[];
let server: Server;
let address: string;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = await request.toArray();
  const { method = '', url = '', headers } = request;
  received.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
  const status = statuses.shift() ?? 200;
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
}

beforeEach(async () => {
  received = [];
  statuses = [];
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', role.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', role.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', role.sessionToken);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', address);
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
});

/** Fails unless the role signed the request. Returns the headers that the signature covers. */
async function expectSigned(service: string, { method, path, headers, body }: Received): Promise<string[]> {
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const added = ['x-amz-date', 'x-amz-security-token'];
  const covered = names.split(';').filter((name) => !added.includes(name));
  const unsigned = Object.fromEntries(covered.map((name) => [name, headers[name] as string]));
  const [, year, month, day, ...time] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(
    headers['x-amz-date'] as string,
  )!;
  const signedAtMs = Date.parse(`${year}-${month}-${day}T${time.join(':')}Z`);
  const expected = await signatureBySdk(service, role, { method, path, headers: unsigned, body }, signedAtMs);
  expect(headers).toMatchObject(expected);
  return covered;
}

describe('a request of a function', () => {
  it('to the table is signed by its role, including its target', async () => {
    await openTable('chat').get({ pk: 'USER#ä🙂', sk: 'PROFILE' });
    const [request] = received;
    expect(request?.body).toContain('ä🙂');
    expect(await expectSigned('dynamodb', request!)).toEqual(['content-type', 'host', 'x-amz-target']);
  });

  it('to the table is signed again for each attempt', async () => {
    statuses = [500, 500];
    await openTable('chat').get({ pk: 'USER#abc', sk: 'PROFILE' });
    expect(received).toHaveLength(3);
    for (const request of received) await expectSigned('dynamodb', request);
  });

  it('to a connection is signed by its role', async () => {
    const connectionGateway = openConnectionGateway(`${address}/prod`, {
      region,
      credentials: async () => role,
      clock: { now: () => Date.now() },
      random: { integer: () => 0 },
      logger: { warn: () => {} },
      metrics: { add: () => {} },
    });
    expect(await connectionGateway.post('L0SM9cOFvHcCIhw=', '{"type":"ä"}')).toBe('sent');
    await connectionGateway.close('L0SM9cOFvHcCIhw=');
    expect(received.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
    for (const request of received) expect(await expectSigned('execute-api', request)).toEqual(['host']);
  });
});

describe('a request of the SDK to AWS', () => {
  it('is signed for the region and the service of its address', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', undefined);
    const client = new DynamoDBClient({
      region,
      credentials: role,
      signer: sdkSigner({ service: 'dynamodb', region, credentials: async () => role }),
    });
    const sent: { hostname: string; headers: Record<string, string> }[] = [];
    client.config.requestHandler.handle = async (request) => {
      sent.push(request);
      throw new Error('not sent');
    };
    await expect(client.send(new ListTablesCommand({}))).rejects.toThrow('not sent');
    expect(sent[0]?.hostname).toContain(`dynamodb.${region}.amazonaws.com`);
    expect(sent[0]?.headers['authorization']).toContain(`/${region}/dynamodb/aws4_request`);
    expect(sent[0]?.headers['authorization']).toContain('host;x-amz-date;x-amz-security-token;x-amz-target');
  });
});
