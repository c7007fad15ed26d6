import { describe, expect, it } from 'vitest';
import { environmentOf, resourcesOf, synthesize } from './synthesized.ts';
import { distributionOf } from './viewer-request.ts';

const template = synthesize('prod', { WEB_PAGE: 'false' });
const config = distributionOf(template);
const behavior = config.CacheBehaviors.find(({ PathPattern }) => PathPattern === '/files/*')!;

/** Returns the id and the resource of a type whose id starts so. */
function resource(type: string, start: string, from = template) {
  const [id, found] = Object.entries(resourcesOf(from, type)).find(([one]) => one.startsWith(start))!;
  return { id, Properties: found['Properties'] };
}

describe('the behavior for files', () => {
  it('reads the bucket with an origin access control, over HTTPS, without a cache and without a change', () => {
    const bucket = resource('AWS::S3::Bucket', 'Files');
    expect(behavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD'],
      ViewerProtocolPolicy: 'https-only',
      Compress: false,
      // The managed policy CachingDisabled
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    });
    const origin = config.Origins.find(({ Id }) => Id === behavior.TargetOriginId);
    expect(origin).toMatchObject({
      DomainName: { 'Fn::GetAtt': [bucket.id, 'RegionalDomainName'] },
      OriginAccessControlId: expect.anything(),
    });
    const { Statement } = resource('AWS::S3::BucketPolicy', 'Files').Properties.PolicyDocument;
    const allowed = (Statement as { Effect: string }[]).filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: 's3:GetObject',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      }),
    ]);
  });

  it('checks addresses with the key that CloudFormation reads from the secret', () => {
    const key = resource('AWS::SecretsManager::Secret', 'FilesKey');
    const { FunctionCode } = resource('AWS::CloudFront::Function', 'CheckFileAddress').Properties;
    const [, parts] = (FunctionCode as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
    expect(parts).toHaveLength(3);
    expect(parts[0]).toMatch(/var keys = '\{\{resolve:secretsmanager:$/);
    expect(parts[1]).toEqual({ Ref: key.id });
    expect(parts[2]).toMatch(/^:SecretString:key::\}\}'\.split\(','\);/);
    // With two keys of 64 characters it stays below what CloudFront accepts.
    expect(JSON.stringify(FunctionCode).length).toBeLessThan(10_000 - 2 * 64);
  });

  it('accepts a next key beside the current one during a rotation', () => {
    const FILES_KEY_VERSION = '0b9f1c3e-5a77-4a1c-9a38-7f0d4b6f2c11';
    const rotating = synthesize('dev', { FILES_KEY_VERSION });
    const code = JSON.stringify(resource('AWS::CloudFront::Function', 'CheckFileAddress', rotating));
    expect(code).toContain(`:SecretString:key::${FILES_KEY_VERSION}}},{{resolve:secretsmanager:`);
    expect(code).toContain(`:SecretString:key::}}'.split(',')`);
  });

  it('sets headers under which a browser runs nothing of a file, and any page may show it', () => {
    const { id, Properties } = resource('AWS::CloudFront::ResponseHeadersPolicy', 'FileHeaders');
    expect(behavior['ResponseHeadersPolicyId']).toEqual({ Ref: id });
    expect(Properties.ResponseHeadersPolicyConfig).toMatchObject({
      SecurityHeadersConfig: {
        ContentSecurityPolicy: {
          ContentSecurityPolicy: "default-src 'none'; sandbox",
          Override: true,
        },
        ContentTypeOptions: { Override: true },
      },
      CorsConfig: { AccessControlAllowCredentials: false, AccessControlAllowOrigins: { Items: ['*'] } },
      CustomHeadersConfig: {
        Items: [{ Header: 'Cross-Origin-Resource-Policy', Value: 'cross-origin', Override: true }],
      },
    });
  });
});

describe('the page', () => {
  it('may post files to the bucket, and show what it is about to post', () => {
    const withPage = synthesize('prod');
    const bucket = resource('AWS::S3::Bucket', 'Files', withPage);
    const policy = JSON.stringify(
      resource('AWS::CloudFront::ResponseHeadersPolicy', 'PageHeaders', withPage).Properties,
    );
    expect(policy).toContain(
      `img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' https://"`,
    );
    expect(policy).toContain(JSON.stringify({ 'Fn::GetAtt': [bucket.id, 'RegionalDomainName'] }));
  });
});

describe('the addresses of files', () => {
  it.each([
    ['the distribution', {}, /"Edge\w+","DomainName"/],
    [
      'the domain name',
      { DOMAIN_NAME: 'chat.example', HOSTED_ZONE_ID: 'Z0123456789ABCDEFGHIJ' },
      /^"https:\/\/chat\.example"$/,
    ],
    ['the HTTP API without an edge', { EDGE_DISTRIBUTION: 'false' }, /"HttpApi\w+"/],
  ])('are those of %s', (_, settings, address) => {
    const withSettings = synthesize('prod', settings);
    for (const name of ['accounts', 'chat', 'tableStream'] as const)
      expect(JSON.stringify(environmentOf(withSettings, name)['FILES_URL'])).toMatch(address);
  });
});
