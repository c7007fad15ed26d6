import { describe, expect, it } from 'vitest';
import { statementsFor } from '../../infra/permissions.ts';
import { functionId, listOf, onlyOf, resourcesOf, statementsOf, synthesize } from './synthesized.ts';

/** Returns the resource of a type that belongs to the bucket of files. */
function ofFiles(template: ReturnType<typeof synthesize>, type: string) {
  const [, resource] = Object.entries(resourcesOf(template, type)).find(([id]) => /^Files(?!Key)/.test(id))!;
  return resource;
}

const bucketIn = (stage: string, environment: NodeJS.ProcessEnv = {}) =>
  ofFiles(synthesize(stage, environment), 'AWS::S3::Bucket');

describe('the bucket of files', () => {
  const { Properties, DeletionPolicy } = bucketIn('prod');

  it('is private, encrypted, requires TLS and keeps no versions', () => {
    expect(DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(bucketIn('dev')['DeletionPolicy']).toBe('Delete');
    expect(Properties).not.toHaveProperty('VersioningConfiguration');
    expect(Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const { Statement }: { Statement: object[] } = ofFiles(synthesize('prod'), 'AWS::S3::BucketPolicy')[
      'Properties'
    ].PolicyDocument;
    const denied = Statement.filter((statement) => 'Effect' in statement && statement.Effect === 'Deny');
    expect(denied).toMatchObject([
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
    ]);
  });

  it('deletes what was posted and what was never sent after a day', () => {
    expect(Properties.LifecycleConfiguration).toEqual({
      Rules: [
        { Id: 'incoming', Prefix: 'incoming/', ExpirationInDays: 1, Status: 'Enabled' },
        { Id: 'unsent', TagFilters: [{ Key: 'unsent', Value: '1' }], ExpirationInDays: 1, Status: 'Enabled' },
        {
          Id: 'multipart',
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          Status: 'Enabled',
        },
      ],
    });
  });

  it('reports new objects to EventBridge', () => {
    expect(Properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
  });

  it.each([
    ['any page where the page is served under the name of the distribution', {}, ['*']],
    ['any page where any may use the stage', { ALLOWED_ORIGINS: '*', WEB_PAGE: 'false' }, ['*']],
    [
      'the allowed origins where there is no page',
      { ALLOWED_ORIGINS: 'https://a.example', WEB_PAGE: 'false' },
      ['https://a.example'],
    ],
    [
      'the allowed origins and the page of the domain name',
      {
        ALLOWED_ORIGINS: 'https://a.example',
        DOMAIN_NAME: 'chat.example',
        HOSTED_ZONE_ID: 'Z0123456789ABCDEFGHIJ',
      },
      ['https://a.example', 'https://chat.example'],
    ],
  ])('accepts forms of %s', (_, environment, origins) => {
    expect(bucketIn('prod', environment)['Properties'].CorsConfiguration.CorsRules).toEqual([
      {
        AllowedOrigins: origins,
        AllowedMethods: ['POST', 'GET', 'HEAD'],
        AllowedHeaders: ['*'],
        MaxAge: 3_600,
      },
    ]);
  });

  it('accepts forms of no page where no page may use the stage', () => {
    expect(bucketIn('prod', { EDGE_DISTRIBUTION: 'false' })['Properties']).not.toHaveProperty(
      'CorsConfiguration',
    );
  });
});

describe('what is posted', () => {
  it('is checked by a function that EventBridge invokes for new objects below incoming/', () => {
    const template = synthesize('dev');
    const [bucketId] = Object.keys(resourcesOf(template, 'AWS::S3::Bucket')).filter((id) =>
      id.startsWith('Files'),
    );
    const { Properties: rule } = onlyOf(template, 'AWS::Events::Rule');
    expect(rule).toMatchObject({
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: bucketId }] }, object: { key: [{ prefix: 'incoming/' }] } },
      },
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [functionId(template, 'uploads'), 'Arn'] },
          RetryPolicy: { MaximumEventAgeInSeconds: 3_600 },
        },
      ],
    });
  });

  it.each([
    ['true', []],
    ['false', ['GET /files/{proxy+}']],
  ])('has its addresses answered by the HTTP API when the edge is %s', (EDGE_DISTRIBUTION, routes) => {
    const template = synthesize('dev', { EDGE_DISTRIBUTION });
    const keys = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(
      ({ Properties: route }) => String(route.RouteKey),
    );
    expect(keys.filter((key) => key.includes('/files'))).toEqual(routes);
    const role = JSON.stringify(statementsOf(template, 'uploads'));
    const readable = JSON.stringify(
      statementsOf(template, 'uploads').filter(({ Action }) => listOf(Action).includes('s3:GetObject')),
    );
    expect(readable.includes('/pictures/*')).toBe(routes.length > 0);
    expect(role.includes('"FilesKey')).toBe(routes.length > 0);
  });
});

describe('a grant on objects', () => {
  it('allows the actions in its folder only, and listing those folders only', () => {
    const arn = 'arn:aws:s3:::files';
    const statements = statementsFor(
      { objects: { 'files/': ['remove', 'untag', 'list'], 'incoming/': ['put'] } },
      {
        tableArn: '',
        lookupIndexArn: '',
        secretArns: {
          signingKey: '',
          passwordPepper: '',
          edgeKey: '',
          contentHashKey: '',
          canaryKey: '',
          filesKey: '',
        },
        filesBucketArn: arn,
        connectionArns: { POST: '', DELETE: '' },
      },
    );
    expect(statements.map((statement) => statement.toJSON() as object)).toEqual([
      { Effect: 'Allow', Action: ['s3:DeleteObject', 's3:DeleteObjectTagging'], Resource: `${arn}/files/*` },
      { Effect: 'Allow', Action: 's3:PutObject', Resource: `${arn}/incoming/*` },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: arn,
        Condition: { StringLike: { 's3:prefix': ['files/*'] } },
      },
    ]);
  });
});
