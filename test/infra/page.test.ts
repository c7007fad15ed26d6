import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { answer, bounds, change } from '../../infra/page/copy-files.mjs';
import { environmentOf, resourcesOf, synthesize, type Statement } from './synthesized.ts';
import { distributionOf, viewerRequest } from './viewer-request.ts';

const template = synthesize('prod');
const config = distributionOf(template);
const behaviors = config.CacheBehaviors.filter(({ PathPattern = '' }) => !/^\/(ws|files)/.test(PathPattern));
const [root, hashed] = behaviors;

/** Returns the only resource of a type whose logical id starts with a text. */
function resource(type: string, start: string) {
  const found = Object.entries(resourcesOf(template, type)).filter(([id]) => id.startsWith(start));
  expect(found).toHaveLength(1);
  const [[id, { Properties, DeletionPolicy }]] = found as [[string, Record<string, any>]];
  return { id, Properties, DeletionPolicy };
}

const bucket = resource('AWS::S3::Bucket', 'Page');
const copied = resource('Custom::PageFiles', 'pageFiles');

describe('the page', () => {
  it('has the root and its hashed files, and leaves all other paths to the APIs', () => {
    expect(behaviors.map(({ PathPattern }) => PathPattern)).toEqual(['/', '/assets/*']);
    // An error page of the distribution would replace the answers of the APIs.
    expect(config).not.toHaveProperty('CustomErrorResponses');
    expect(config).not.toHaveProperty('DefaultRootObject');
  });

  it('changes nothing in what the distribution does for the APIs', () => {
    const { CacheBehaviors, DefaultCacheBehavior } = distributionOf(
      synthesize('prod', { WEB_PAGE: 'false' }),
    );
    expect(config.DefaultCacheBehavior).toEqual(DefaultCacheBehavior);
    // The names of origins are numbered.
    const withoutNames = (list: object[]): unknown =>
      JSON.parse(JSON.stringify(list).replaceAll(/EdgeOrigin\w+/g, 'EdgeOrigin'));
    const others = config.CacheBehaviors.filter((behavior) => !behaviors.includes(behavior));
    expect(withoutNames(others)).toEqual(withoutNames(CacheBehaviors));
  });

  it('is read, compressed and held at the edge, and nothing else', () => {
    for (const behavior of behaviors) {
      expect(behavior).toMatchObject({
        AllowedMethods: ['GET', 'HEAD'],
        // The managed policy CachingOptimized: gzip and brotli, one second at least, no query strings or cookies.
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        Compress: true,
        ViewerProtocolPolicy: 'redirect-to-https',
      });
      expect(behavior).not.toHaveProperty('OriginRequestPolicyId');
    }
  });

  it('answers the root with the index page', () => {
    expect(viewerRequest(template, root!)('/').uri).toBe('/index.html');
    expect(hashed).not.toHaveProperty('FunctionAssociations');
  });

  it('is in a private, encrypted bucket that only the distribution reads, over TLS, and that holds no data', () => {
    expect(bucket.DeletionPolicy).toBe('Delete');
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const statements: Statement[] = resource('AWS::S3::BucketPolicy', 'Page').Properties.PolicyDocument
      .Statement;
    const [distributionId] = Object.keys(resourcesOf(template, 'AWS::CloudFront::Distribution'));
    expect(statements.map(({ Effect, Action }) => [Effect, Action])).toEqual([
      ['Deny', 's3:*'],
      ['Deny', 's3:*'],
      ['Allow', 's3:GetObject'],
    ]);
    expect(statements[2]).toMatchObject({
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Condition: {
        StringEquals: {
          'AWS:SourceArn': { 'Fn::Join': ['', expect.arrayContaining([{ Ref: distributionId }])] },
        },
      },
    });
    const origin = config.Origins.find(({ Id }) => Id === root!.TargetOriginId);
    expect(origin).toMatchObject({ OriginAccessControlId: expect.anything() });
  });

  it('may run its own scripts and styles alone, connect to its own host and the bucket of files alone, and not be framed', () => {
    const { id, Properties } = resource('AWS::CloudFront::ResponseHeadersPolicy', 'PageHeaders');
    for (const behavior of behaviors) expect(behavior['ResponseHeadersPolicyId']).toEqual({ Ref: id });
    const security = Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig;
    const [, parts]: [string, unknown[]] = security.ContentSecurityPolicy.ContentSecurityPolicy['Fn::Join'];
    const bucketId = resource('AWS::S3::Bucket', 'Files').id;
    expect(parts[1]).toEqual({ 'Fn::GetAtt': [bucketId, 'RegionalDomainName'] });
    const policy = parts.map((part) => (typeof part === 'string' ? part : 'bucket')).join('');
    const directives = policy.split('; ');
    expect(directives).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' https://bucket",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy.replace('https://bucket', '')).not.toMatch(/unsafe|https?:|wss?:|\*/);
    for (const member of Object.values<{ Override: boolean }>(security)) expect(member.Override).toBe(true);
  });

  it('may open sockets, also when no origin is allowed or only others are', () => {
    const [id] = Object.keys(resourcesOf(template, 'AWS::CloudFront::Distribution'));
    const own = { 'Fn::GetAtt': [id, 'DomainName'] };
    expect(environmentOf(template, 'connect')['ALLOWED_ORIGINS']).toEqual({
      'Fn::Join': ['', ['https://', own]],
    });
    const others = synthesize('prod', { ALLOWED_ORIGINS: 'https://a.example' });
    expect(environmentOf(others, 'connect')['ALLOWED_ORIGINS']).toEqual({
      'Fn::Join': ['', ['https://a.example,https://', own]],
    });
    const named = synthesize('prod', {
      DOMAIN_NAME: 'api.chat.example',
      HOSTED_ZONE_ID: 'Z0123456789ABCDEFGHIJ',
    });
    expect(environmentOf(named, 'connect')['ALLOWED_ORIGINS']).toBe('https://api.chat.example');
    expect(environmentOf(synthesize('dev'), 'connect')['ALLOWED_ORIGINS']).toBe('*');
  });

  it.each([{ WEB_PAGE: 'false' }, { EDGE_DISTRIBUTION: 'false' }])(
    'leaves nothing behind with %o',
    (settings) => {
      const without = synthesize('prod', settings);
      const { Resources } = without.toJSON() as { Resources: Record<string, unknown> };
      expect(Object.keys(Resources).filter((id) => /^(page|ToIndexPage|\w*Page[A-Z])/i.test(id))).toEqual([]);
      expect(environmentOf(without, 'connect')['ALLOWED_ORIGINS']).toBe('');
    },
  );
});

describe('the function that copies the page', () => {
  it('may write to the bucket of the page and empty it, and nothing else', () => {
    const [, policy] = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).find(([id]) =>
      id.startsWith('pageFiles'),
    )!;
    const statements: Statement[] = policy['Properties'].PolicyDocument.Statement;
    const ofBucket = statements.filter(({ Action }) => JSON.stringify(Action).includes('s3:'));
    const arn = { 'Fn::GetAtt': [bucket.id, 'Arn'] };
    expect(ofBucket).toMatchObject([
      {
        Effect: 'Allow',
        Action: ['s3:DeleteObject', 's3:PutObject'],
        Resource: { 'Fn::Join': ['', [arn, '/*']] },
      },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: arn },
    ]);
    const others = statements.filter((statement) => !ofBucket.includes(statement));
    expect(others.flatMap(({ Action }) => Action).toSorted()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });
});

const directory = mkdtempSync(join(tmpdir(), 'page-files-'));
mkdirSync(join(directory, 'assets'));
for (const name of ['index.html', 'assets/main-1.js', 'assets/style-2.css'])
  writeFileSync(join(directory, name), name);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const properties = { ...copied.Properties, Bucket: 'page-bucket' };

describe('copying the page', () => {
  it('puts each file with its type and its time in caches, and the index page last', async () => {
    const put: Record<string, unknown>[] = [];
    const s3 = { putObject: async (object: Record<string, unknown>) => void put.push(object) };
    await change({ RequestType: 'Update', ResourceProperties: properties }, s3, directory);
    const year = 'public, max-age=31536000, immutable';
    expect(put.map(({ Key, ContentType, CacheControl }) => [Key, ContentType, CacheControl])).toEqual([
      ['assets/main-1.js', 'text/javascript; charset=utf-8', year],
      ['assets/style-2.css', 'text/css; charset=utf-8', year],
      ['index.html', 'text/html; charset=utf-8', 'no-cache'],
    ]);
    expect(put.map(({ Bucket, Body }) => [Bucket, String(Body)])).toContainEqual([
      'page-bucket',
      'index.html',
    ]);
  });

  it('does not put the index page when another file could not be put', async () => {
    const put: string[] = [];
    const putObject = async ({ Key }: { Key: string }): Promise<void> => {
      put.push(Key);
      if (Key.endsWith('.css')) throw new Error('SlowDown');
    };
    const copying = change(
      { RequestType: 'Create', ResourceProperties: properties },
      { putObject },
      directory,
    );
    await expect(copying).rejects.toThrow('SlowDown');
    expect(put).not.toContain('index.html');
  });

  it('reports a file that could not be put only when no other request is running', async () => {
    let endStyle = (): void => undefined;
    const style = new Promise<void>((resolve) => (endStyle = resolve));
    let isReported = false;
    const putObject = ({ Key }: { Key: string }): Promise<void> =>
      Key.endsWith('.js') ? Promise.reject(new Error('SlowDown')) : style;
    const request = { RequestType: 'Create', ResourceProperties: properties };
    const outcome = change(request, { putObject }, directory)
      .catch((error: unknown) => error)
      .finally(() => (isReported = true));
    await new Promise(setImmediate);
    expect(isReported).toBe(false);
    endStyle();
    expect(await outcome).toEqual(new Error('SlowDown'));
  });

  it('gives up on requests that hang while there is still time to report it', () => {
    const { maxAttempts, requestHandler } = bounds;
    const triesMs = maxAttempts * (requestHandler.connectionTimeout + requestHandler.requestTimeout);
    const timeoutMs = 1_000 * Number(resource('AWS::Lambda::Function', 'pageFiles').Properties['Timeout']);
    // The files together, then the index page, then the answer.
    expect(2 * triesMs + requestHandler.requestTimeout).toBeLessThan(timeoutMs);
    expect(timeoutMs).toBeLessThan(1_000 * Number(copied.Properties['ServiceTimeout']));
  });

  it('deletes everything from the bucket, page by page, before the bucket is deleted', async () => {
    const keys = ['index.html', 'assets/main-0.js', 'assets/main-1.js'];
    const s3 = {
      listObjectsV2: async () => ({ Contents: keys.slice(0, 2).map((Key) => ({ Key })) }),
      deleteObject: async ({ Key }: { Key: string }) => void keys.splice(keys.indexOf(Key), 1),
    };
    await change({ RequestType: 'Delete', ResourceProperties: properties }, s3, directory);
    expect(keys).toEqual([]);
  });

  it.each([
    ['SUCCESS', () => Promise.resolve()],
    ['FAILED', () => Promise.reject(new Error('AccessDenied'))],
  ])('reports %s to CloudFormation', async (status, make) => {
    const sent: unknown[] = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (address, init) => {
      sent.push(address, init?.method, init?.body);
      return new Response();
    });
    const event = {
      RequestType: 'Create',
      ResponseURL: 'https://cloudformation.example/answer',
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'pageFiles',
      ResourceProperties: properties,
    };
    await answer(event, make);
    const [address, method, body] = sent;
    expect([address, method]).toEqual(['https://cloudformation.example/answer', 'PUT']);
    expect(JSON.parse(body as string)).toEqual({
      Status: status,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'pageFiles',
      PhysicalResourceId: 'page-bucket',
      ...(status === 'FAILED' && { Reason: 'Error: AccessDenied' }),
    });
  });
});
