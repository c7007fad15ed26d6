import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createDynamoDbClient } from '../../../local/engine/dynamodb-request.ts';
import { createLog } from '../../../local/log.ts';
import { startLocal, type LocalRuntime } from '../../../local/start.ts';
import type { FixtureGrant } from '../start/fixture/app.ts';
import { unchangedFixtureApp } from '../start/fixture/bundles.ts';

const underPrefix = (...prefixes: string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes },
});

/** The permissions of the HTTP function: a part of the operations of each service. */
const grants: FixtureGrant[] = [
  {
    on: 'table',
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:BatchGetItem'],
    Condition: underPrefix('MINE#*', 'ALSO#*'),
  },
  { on: 'table', Effect: 'Allow', Action: ['dynamodb:BatchWriteItem'], Condition: underPrefix('MINE#*') },
  {
    on: 'table',
    Effect: 'Deny',
    Action: ['dynamodb:*'],
    // ForAllValues would also match requests without a key, so a scan would be denied for a different reason.
    Condition: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['MINE#secret*'] } },
  },
  {
    on: 'index',
    Effect: 'Allow',
    Action: ['dynamodb:Query'],
    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['OPEN'] } },
  },
  {
    on: 'connections',
    under: '/POST/@connections/*',
    Effect: 'Allow',
    Action: ['execute-api:ManageConnections'],
  },
];

const directory = mkdtempSync(join(tmpdir(), 'permissions-'));
const { app, environment } = unchangedFixtureApp(join(import.meta.dirname, 'functions'));
let runtime: LocalRuntime;
let TableName: string;

beforeAll(async () => {
  runtime = await startLocal({
    app,
    environment: { ...environment, FIXTURE_GRANTS: JSON.stringify({ api: grants }) },
    dataDirectory: join(directory, 'data'),
    log: createLog('silent'),
  });
  TableName = runtime.stack.table.tableName;
});

afterAll(async () => {
  await runtime?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Makes the HTTP function perform a call, and returns the result. */
async function call(name: string, input: object): Promise<any> {
  const response = await fetch(`${runtime.url}/api/${name}`, { method: 'POST', body: JSON.stringify(input) });
  return response.json();
}

const arnOf = (resource: string) => `arn:aws:${resource}`;
const account = 'us-east-1:000000000000';

/** The error for a denied action on a resource, as the function's SDK client receives it. */
const refused = (action: string, resource: string, status = 400) => ({
  type: 'AccessDeniedException',
  status,
  message: expect.stringMatching(
    new RegExp(
      `^User: arn:aws:sts::000000000000:assumed-role/api\\w+/api\\w+ is not authorized to perform: ${action} on resource: ${resource.replace(/[$*+?.]/g, '\\$&')} because no identity-based policy allows the ${action} action$`,
    ),
  ),
});
const onTable = (action: string) =>
  refused(`dynamodb:${action}`, arnOf(`dynamodb:${account}:table/${TableName}`));

const item = (pk: string, sk = 'x') => ({ pk: { S: pk }, sk: { S: sk } });
const query = (pk: string) => ({
  TableName,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: pk } },
});
const queryIndex = (sk: string) => ({
  TableName,
  IndexName: 'bySk',
  KeyConditionExpression: 'sk = :sk',
  ExpressionAttributeValues: { ':sk': { S: sk } },
});
const allowed = { output: { $metadata: { httpStatusCode: 200 } } };

/** Reads the items of a partition directly from the database, without permission checks. */
async function stored(pk: string): Promise<unknown[]> {
  const { endpoint, credentials } = runtime.engine;
  const database = createDynamoDbClient({ endpoint, credentials, region: 'us-east-1' });
  const { Items } = await database.call<{ Items: unknown[] }>('DynamoDB_20120810.Query', query(pk));
  database.close();
  return Items;
}

describe('a function', () => {
  it('may do what its role allows', async () => {
    expect(await call('PutItem', { TableName, Item: item('MINE#1') })).toMatchObject(allowed);
    expect(await call('GetItem', { TableName, Key: item('MINE#1') })).toMatchObject({
      output: { Item: item('MINE#1') },
    });
    expect(await call('Query', query('MINE#1'))).toMatchObject({ output: { Count: 1 } });
    expect(
      await call('BatchGetItem', {
        RequestItems: { [TableName]: { Keys: [item('MINE#1'), item('ALSO#1')] } },
      }),
    ).toMatchObject(allowed);
    expect(await call('Query', queryIndex('OPEN'))).toMatchObject(allowed);
  });

  it('is refused what DynamoDB refuses and the engine accepts', async () => {
    const elsewhere = { ...query('MINE#1'), ExclusiveStartKey: item('MINE#2') };
    expect(await call('Query', elsewhere)).toMatchObject({
      type: 'ValidationException',
      message: expect.stringContaining('outside query boundaries'),
    });
    expect(await call('Query', { ...elsewhere, ExclusiveStartKey: item('MINE#1') })).toMatchObject(allowed);
    expect(await call('PutItem', { TableName, Item: item('MINE#1', 'x'.repeat(2_049)) })).toMatchObject({
      type: 'ValidationException',
      message: expect.stringContaining('index key sk'),
    });
  });

  it('may not read or write a key outside its role, and nothing is stored', async () => {
    expect(await call('PutItem', { TableName, Item: item('THEIRS#1') })).toEqual(onTable('PutItem'));
    expect(await call('GetItem', { TableName, Key: item('THEIRS#1') })).toEqual(onTable('GetItem'));
    expect(await call('Query', query('THEIRS#1'))).toEqual(onTable('Query'));
    expect(await stored('THEIRS#1')).toEqual([]);
  });

  it('may not include a single key outside its role in a batch or a transaction', async () => {
    expect(
      await call('BatchGetItem', {
        RequestItems: { [TableName]: { Keys: [item('MINE#1'), item('THEIRS#2')] } },
      }),
    ).toEqual(onTable('BatchGetItem'));
    expect(
      await call('BatchWriteItem', {
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: item('MINE#batch') } },
            { DeleteRequest: { Key: item('ALSO#1') } },
          ],
        },
      }),
    ).toEqual(onTable('BatchWriteItem'));
    const puts = ['MINE#transaction', 'THEIRS#2'].map((pk) => ({ Put: { TableName, Item: item(pk) } }));
    expect(await call('TransactWriteItems', { TransactItems: puts })).toEqual(onTable('PutItem'));
    expect(await stored('MINE#batch')).toEqual([]);
    expect(await stored('MINE#transaction')).toEqual([]);
  });

  it('may not use an action outside its role on an allowed key', async () => {
    const check = {
      ConditionCheck: { TableName, Key: item('MINE#1'), ConditionExpression: 'attribute_exists(pk)' },
    };
    expect(await call('TransactWriteItems', { TransactItems: [check] })).toEqual(
      onTable('ConditionCheckItem'),
    );
    expect(await call('Scan', { TableName })).toEqual(onTable('Scan'));
  });

  it('may not do what one statement denies, even when another allows it', async () => {
    const answer = await call('PutItem', { TableName, Item: item('MINE#secret-1') });
    expect(answer).toMatchObject({ type: 'AccessDeniedException', status: 400 });
    expect(answer.message).toMatch(/with an explicit deny in an identity-based policy$/);
  });

  it('may not query an index partition outside its role', async () => {
    const index = arnOf(`dynamodb:${account}:table/${TableName}/index/bySk`);
    expect(await call('Query', queryIndex('CLOSED'))).toEqual(refused('dynamodb:Query', index));
    expect(await call('Scan', { TableName, IndexName: 'bySk' })).toEqual(refused('dynamodb:Scan', index));
  });

  it('may not bypass its role by raw HTTP requests, even when the body is sent before the end', async () => {
    const write = (pk: string) => call('write', { body: JSON.stringify({ TableName, Item: item(pk) }) });
    const { output } = await write('THEIRS#3');
    expect(output.status).toBe(400);
    expect(JSON.parse(output.body)).toMatchObject({
      __type: 'com.amazon.coral.service#AccessDeniedException',
      Message: expect.stringContaining('dynamodb:PutItem'),
    });
    expect(await stored('THEIRS#3')).toEqual([]);
    expect(await write('MINE#3')).toMatchObject({ output: { status: 200 } });
    expect(await stored('MINE#3')).toHaveLength(1);
  });

  it('may post to a connection but not close it', async () => {
    const socket = new WebSocket(`${runtime.webSocketUrl}/local`);
    await once(socket, 'open');
    const reply = once(socket, 'message');
    socket.send('who am I');
    const [id] = (await reply) as [Buffer];
    const ConnectionId = id.toString();
    const posted = once(socket, 'message');
    expect(await call('PostToConnection', { ConnectionId, Data: 'hello' })).toMatchObject(allowed);
    expect(String((await posted)[0])).toBe('hello');
    const { apiId } = runtime.stack.webSocketApi;
    expect(await call('DeleteConnection', { ConnectionId })).toEqual(
      refused(
        'execute-api:ManageConnections',
        arnOf(`execute-api:${account}:${apiId}/local/DELETE/@connections/${ConnectionId}`),
        403,
      ),
    );
    expect((await call('flush', { connectionId: ConnectionId })).output.status).toBe(403);
    expect(await call('PostToConnection', { ConnectionId, Data: 'still here' })).toMatchObject(allowed);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close();
  });

  it('may neither read a secret nor invoke a function outside its role', async () => {
    const [secret] = runtime.stack.secrets;
    expect(await call('GetSecretValue', { SecretId: secret!.arn })).toEqual(
      refused('secretsmanager:GetSecretValue', secret!.arn),
    );
    const { functionName } = runtime.stack.functions.find(({ logicalId }) => logicalId.startsWith('stream'))!;
    expect(await call('Invoke', { FunctionName: functionName })).toEqual(
      refused('lambda:InvokeFunction', arnOf(`lambda:${account}:function:${functionName}`), 403),
    );
  });
});
