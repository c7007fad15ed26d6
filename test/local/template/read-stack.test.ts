import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../local/template/assembly.ts';
import { readStack, type StackSource } from '../../../local/template/read-stack.ts';
import { buildApp } from '../start/fixture/app.ts';

const directory = mkdtempSync(join(tmpdir(), 'template-'));
const bundles = join(directory, 'bundles');
for (const name of ['api', 'socket', 'stream']) mkdirSync(join(bundles, name), { recursive: true });
const outdir = join(directory, 'assembly');
buildApp({ stage: 'local', outdir, environment: { FIXTURE_BUNDLES: bundles } }).synth();

const source: StackSource = {
  ...readAssembly(outdir),
  stage: 'local',
  region: 'us-east-1',
  accountId: '000000000000',
};
const stack = readStack(source);
const functionOf = (prefix: string) => stack.functions.find(({ logicalId }) => logicalId.startsWith(prefix))!;

function changed(type: string, change: (properties: Record<string, unknown>) => void): StackSource {
  const template = structuredClone(source.template);
  const resource = Object.values(template.Resources).find(({ Type }) => Type === type)!;
  change((resource.Properties ??= {}));
  return { ...source, template };
}

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('readStack', () => {
  it('reads each function with its bundle, settings and resolved environment', () => {
    const api = functionOf('api');
    expect(api).toMatchObject({
      codeDirectory: join(bundles, 'api'),
      handler: 'index.handler',
      timeoutSeconds: 5,
      memoryMb: 256,
      asyncInvocation: {
        maximumRetryAttempts: 1,
        onFailure: { kind: 'queue', logicalId: stack.queues[0]!.logicalId },
      },
    });
    expect(api.environment).toEqual({
      TABLE_NAME: stack.table.tableName,
      SECRET_ID: stack.secrets[0]!.arn,
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `https://${stack.webSocketApi.apiId}.execute-api.us-east-1.amazonaws.com/local`,
    });
  });

  it('reads the table as input for CreateTable', () => {
    expect(stack.table.ttlAttribute).toBe('ttl');
    expect(stack.table.createTable).toEqual({
      TableName: stack.table.tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'bySk',
          KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  it('reads the stream mapping with its filters and failure queue', () => {
    expect(stack.streamMappings).toEqual([
      {
        mappingId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        functionId: functionOf('stream').logicalId,
        batchSize: 10,
        batchingWindowSeconds: 0,
        startingPosition: 'TRIM_HORIZON',
        parallelizationFactor: 1,
        maximumRetryAttempts: 1,
        maximumRecordAgeSeconds: -1,
        bisectBatchOnFunctionError: true,
        reportBatchItemFailures: true,
        filters: [
          { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'NOTE' }] } } } },
          { eventName: ['REMOVE'], dynamodb: { Keys: { sk: { S: [{ prefix: 'LEASE' }] } } } },
        ],
        onFailure: { kind: 'queue', logicalId: stack.queues[0]!.logicalId },
      },
    ]);
  });

  it('reads the routes of both APIs with their functions', () => {
    const socket = functionOf('socket').logicalId;
    expect(stack.httpApi).toMatchObject({
      stage: '$default',
      routes: [{ routeKey: 'ANY /api/{proxy+}', functionId: functionOf('api').logicalId }],
      cors: { allowOrigins: ['*'] },
    });
    expect(stack.webSocketApi).toMatchObject({
      stage: 'local',
      routeSelectionExpression: '$request.body.action',
      routes: [
        { routeKey: '$connect', functionId: socket },
        { routeKey: '$disconnect', functionId: socket },
        { routeKey: '$default', functionId: socket, hasRouteResponse: true },
      ],
    });
  });

  it('reads the behaviors of the edge in the order of their precedence', () => {
    expect(stack.edge).toEqual([
      {
        pathPattern: '/ws/*',
        origin: 'websocket',
        originPath: '/local',
        viewerRequest: expect.stringContaining('handler'),
      },
      { pathPattern: '*', origin: 'http', originPath: '' },
    ]);
  });

  it('reads the headers that the edge adds, with unresolved references to secrets', () => {
    const [secretId] = Object.entries(source.template.Resources).find(
      ([, { Type }]) => Type === 'AWS::SecretsManager::Secret',
    )!;
    const reference = (arn: string) => `{{resolve:secretsmanager:${arn}:SecretString:key::}}`;
    const withHeader = changed('AWS::CloudFront::Distribution', (properties) => {
      const { Origins } = properties['DistributionConfig'] as { Origins: Record<string, unknown>[] };
      const value = {
        'Fn::Join': [
          '',
          reference('|')
            .split('|')
            .flatMap((part, index) => (index === 0 ? [part, { Ref: secretId }] : [part])),
        ],
      };
      for (const origin of Origins)
        origin['OriginCustomHeaders'] = [{ HeaderName: 'X-Proof', HeaderValue: value }];
    });
    const { edge, secrets } = readStack(withHeader);
    expect(edge[1]).toMatchObject({ originHeaders: { 'X-Proof': reference(secrets[0]!.arn) } });
  });

  it('reads how a secret is generated', () => {
    expect(stack.secrets).toMatchObject([
      { generate: { length: 40, template: '{"use":"test"}', key: 'key' } },
    ]);
  });

  it('names a resource of an unsupported type in its error', () => {
    const template = structuredClone(source.template);
    template.Resources['Cache'] = { Type: 'AWS::ElastiCache::CacheCluster' };
    expect(() => readStack({ ...source, template })).toThrow(/Cache.*AWS::ElastiCache::CacheCluster/);
  });

  it.each([
    ['AWS::ApiGatewayV2::Route', 'AuthorizationType', 'JWT', /authorizer/],
    ['AWS::ApiGatewayV2::Route', 'Target', 'integrations/missing', /does not lead to a function/],
    ['AWS::Lambda::EventSourceMapping', 'EventSourceArn', 'arn:aws:sqs:us-east-1:0:q', /arn:aws:sqs/],
    ['AWS::Lambda::Function', 'Code', { ZipFile: 'x' }, /no asset/],
    [
      'AWS::Lambda::Function',
      'Environment',
      { Variables: { KEY: '{{resolve:secretsmanager:x:SecretString:key}}' } },
      /variable KEY/,
    ],
    ['AWS::DynamoDB::GlobalTable', 'KeySchema', { 'Fn::Transform': {} }, /Fn::Transform/],
  ])('throws for %s with an unusable %s', (type, property, value, message) => {
    const broken = changed(type, (properties) => (properties[property] = value));
    expect(() => readStack(broken)).toThrow(message);
  });
});
