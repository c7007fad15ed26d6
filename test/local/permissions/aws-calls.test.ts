import { describe, expect, it } from 'vitest';
import { readAwsCalls, type ServiceName } from '../../../local/permissions/aws-calls.mjs';
import type { AwsCall } from '../../../local/permissions/policy.mjs';

const account = 'us-east-1:000000000000';
const signingKey = `arn:aws:secretsmanager:${account}:secret:SigningKey-abc123`;
const table = `arn:aws:dynamodb:${account}:table/Chat`;

const reader = readAwsCalls({
  region: 'us-east-1',
  accountId: '000000000000',
  endpoints: {
    dynamodb: 'http://127.0.0.1:8000',
    apiGatewayManagementApi: 'http://127.0.0.1:3000/local',
    secretsManager: 'http://127.0.0.1:3000/_aws/secretsmanager',
    lambda: 'http://127.0.0.1:3000/_aws/lambda',
    sqs: 'http://127.0.0.1:3000/_aws/sqs',
    s3: 'http://127.0.0.1:3000/_aws/s3',
  },
  webSocketApiId: 'api1',
  secretArns: [signingKey],
  partitionKeys: { Chat: { '': 'pk', lookup: 'lookup_pk' } },
  indexKeyBytes: {},
});

function calls(
  service: ServiceName,
  {
    path = '/',
    method = 'POST',
    target = '',
    body = {},
    headers = {},
  }: Partial<Record<'path' | 'method' | 'target', string>> & {
    body?: object | string;
    headers?: Record<string, string>;
  } = {},
): AwsCall[] {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const header = (name: string): string | undefined => headers[name];
  const request = { method, host: '', path, target, header, body: () => text };
  return reader.callsOf(service, request);
}

const databaseCalls = (operation: string, body: object) =>
  calls('dynamodb', { target: `DynamoDB_20120810.${operation}`, body }).map(
    ({ action, resource, context }) => [
      action,
      resource.replace(table, 'table'),
      context?.['dynamodb:LeadingKeys'],
    ],
  );

const item = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });
const TableName = 'Chat';

describe('a request to the database needs permission for', () => {
  it.each(['GetItem', 'UpdateItem', 'DeleteItem'])('%s with its key', (operation) => {
    expect(databaseCalls(operation, { TableName, Key: item('A#1') })).toEqual([
      [`dynamodb:${operation}`, 'table', ['A#1']],
    ]);
  });

  it('PutItem with the key of its item, also when the table is named by its ARN', () => {
    expect(
      databaseCalls('PutItem', { TableName: table, Item: { ...item('A#1'), text: { S: 'B#2' } } }),
    ).toEqual([['dynamodb:PutItem', 'table', ['A#1']]]);
  });

  it.each([
    ['pk = :p', {}],
    ['#k = :p AND begins_with(sk, :q)', { '#k': 'pk' }],
    ['begins_with(#s, :q) AND (#k=:p)', { '#k': 'pk', '#s': 'sk' }],
    ['sk = :q AND pk = :p', {}],
  ])(
    'Query with the partition key in the expression %s',
    (KeyConditionExpression, ExpressionAttributeNames) => {
      const ExpressionAttributeValues = { ':p': { S: 'A#1' }, ':q': { S: 'B#2' } };
      const query = {
        TableName,
        KeyConditionExpression,
        ExpressionAttributeNames,
        ExpressionAttributeValues,
      };
      expect(databaseCalls('Query', query)).toEqual([['dynamodb:Query', 'table', ['A#1']]]);
    },
  );

  it('Query of an index with the key of that index', () => {
    const query = {
      TableName,
      IndexName: 'lookup',
      KeyConditionExpression: '#a = :a AND #b = :b',
      ExpressionAttributeNames: { '#a': 'pk', '#b': 'lookup_pk' },
      ExpressionAttributeValues: { ':a': { S: 'A#1' }, ':b': { S: 'B#2' } },
    };
    expect(databaseCalls('Query', query)).toEqual([['dynamodb:Query', 'table/index/lookup', ['B#2']]]);
  });

  it('Query with an empty key when its expression names no partition key', () => {
    const query = { TableName, KeyConditionExpression: ':p = pk', ExpressionAttributeValues: {} };
    expect(databaseCalls('Query', query)).toEqual([['dynamodb:Query', 'table', ['']]]);
  });

  it('a batch as one call with all its keys', () => {
    expect(
      databaseCalls('BatchGetItem', { RequestItems: { Chat: { Keys: [item('A#1'), item('B#2')] } } }),
    ).toEqual([['dynamodb:BatchGetItem', 'table', ['A#1', 'B#2']]]);
    const writes = [{ PutRequest: { Item: item('A#1') } }, { DeleteRequest: { Key: item('B#2') } }];
    expect(databaseCalls('BatchWriteItem', { RequestItems: { Chat: writes } })).toEqual([
      ['dynamodb:BatchWriteItem', 'table', ['A#1', 'B#2']],
    ]);
  });

  it('each part of a transaction under its own name', () => {
    const parts = [
      { Put: { TableName, Item: item('A#1') } },
      { Update: { TableName, Key: item('B#2') } },
      { Delete: { TableName, Key: item('C#3') } },
      { ConditionCheck: { TableName, Key: item('D#4') } },
    ];
    expect(databaseCalls('TransactWriteItems', { TransactItems: parts })).toEqual([
      ['dynamodb:PutItem', 'table', ['A#1']],
      ['dynamodb:UpdateItem', 'table', ['B#2']],
      ['dynamodb:DeleteItem', 'table', ['C#3']],
      ['dynamodb:ConditionCheckItem', 'table', ['D#4']],
    ]);
    expect(
      databaseCalls('TransactGetItems', { TransactItems: [{ Get: { TableName, Key: item('A#1') } }] }),
    ).toEqual([['dynamodb:GetItem', 'table', ['A#1']]]);
  });

  it.each(['Scan', 'DescribeTable', 'DeleteTable'])('%s without a key', (operation) => {
    expect(databaseCalls(operation, { TableName })).toEqual([[`dynamodb:${operation}`, 'table', undefined]]);
  });

  it('PartiQL on all tables, because the statement is not parsed', () => {
    const [statement] = calls('dynamodb', {
      target: 'DynamoDB_20120810.ExecuteStatement',
      body: { Statement: 'SELECT * FROM Chat' },
    });
    expect(statement).toMatchObject({
      action: 'dynamodb:ExecuteStatement',
      resource: `arn:aws:dynamodb:${account}:table/*`,
    });
  });

  it('an item of an unknown table with an empty key', () => {
    expect(databaseCalls('GetItem', { TableName: 'Other', Key: item('A#1') })[0]?.[2]).toEqual(['']);
  });
});

describe('a request to another service needs permission for', () => {
  it.each(['POST', 'GET', 'DELETE'])('its connection with the method %s', (method) => {
    expect(calls('apiGatewayManagementApi', { method, path: '/local/@connections/a%2Bb%3D' })).toEqual([
      {
        action: 'execute-api:ManageConnections',
        resource: `arn:aws:execute-api:${account}:api1/local/${method}/@connections/a+b=`,
      },
    ]);
  });

  it.each([signingKey, 'SigningKey'])('the ARN of a secret named %s', (SecretId) => {
    expect(calls('secretsManager', { target: 'secretsmanager.GetSecretValue', body: { SecretId } })).toEqual([
      { action: 'secretsmanager:GetSecretValue', resource: signingKey },
    ]);
  });

  it.each(['fan-out', `arn:aws:lambda:${account}:function:fan-out`])('the function %s', (name) => {
    const path = `/_aws/lambda/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
    expect(calls('lambda', { path })).toEqual([
      { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:${account}:function:fan-out` },
    ]);
  });

  it('the ARN of a queue', () => {
    const body = { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/Failures' };
    expect(calls('sqs', { target: 'AmazonSQS.SendMessage', body })).toEqual([
      { action: 'sqs:SendMessage', resource: `arn:aws:sqs:${account}:Failures` },
    ]);
  });
});

describe('a request to a bucket needs permission for', () => {
  const storageCalls = (
    method: string,
    path: string,
    more: { headers?: Record<string, string>; body?: string } = {},
  ) =>
    calls('s3', { method, path: `/_aws/s3${path}`, ...more }).map(({ action, resource, context }) => [
      action,
      resource.replace('arn:aws:s3:::', ''),
      context,
    ]);

  it.each([
    ['GET', '/files/a%20b%2Fc?x-id=GetObject', 's3:GetObject'],
    ['HEAD', '/files/a%20b/c', 's3:GetObject'],
    ['PUT', '/files/a%20b/c', 's3:PutObject'],
    ['DELETE', '/files/a%20b/c', 's3:DeleteObject'],
    ['PUT', '/files/a%20b/c?tagging', 's3:PutObjectTagging'],
    ['GET', '/files/a%20b/c?tagging=', 's3:GetObjectTagging'],
    ['DELETE', '/files/a%20b/c?tagging', 's3:DeleteObjectTagging'],
  ])('%s %s: %s', (method, path, action) => {
    expect(storageCalls(method, path)).toEqual([[action, 'files/a b/c', undefined]]);
  });

  it('its tags, when it stores an object with them', () => {
    expect(storageCalls('PUT', '/files/a', { headers: { 'x-amz-tagging': 'a=1' } })).toEqual([
      ['s3:PutObject', 'files/a', undefined],
      ['s3:PutObjectTagging', 'files/a', undefined],
    ]);
  });

  it('the prefix of a list', () => {
    expect(storageCalls('GET', '/files?list-type=2&prefix=a%2Bb%2F')).toEqual([
      ['s3:ListBucket', 'files', { 's3:prefix': 'a+b/' }],
    ]);
    expect(storageCalls('GET', '/files/?list-type=2')).toEqual([['s3:ListBucket', 'files', {}]]);
  });

  it('each object that it deletes', () => {
    const body =
      '<Delete><Object><Key>a &amp; b</Key></Object><Object><Key>c&#x20AC;</Key></Object></Delete>';
    expect(storageCalls('POST', '/files?delete=', { body })).toEqual([
      ['s3:DeleteObject', 'files/a & b', undefined],
      ['s3:DeleteObject', 'files/c€', undefined],
    ]);
  });
});

describe('serviceOf', () => {
  it.each([
    ['127.0.0.1:8000', '/', 'dynamodb'],
    ['127.0.0.1:3000', '/local/@connections/x', 'apiGatewayManagementApi'],
    ['127.0.0.1:3000', '/_aws/sqs', 'sqs'],
    ['127.0.0.1:3000', '/_aws/sqs?x=1', 'sqs'],
    ['127.0.0.1:3000', '/_aws/sqsx', undefined],
    ['127.0.0.1:3000', '/_aws/s3/files/key?tagging', 's3'],
    ['127.0.0.1:3000', '/users/', undefined],
    ['api.example', '/', undefined],
  ])('for %s%s returns %s', (host, path, service) => {
    expect(reader.serviceOf(host, path)).toBe(service);
  });
});
