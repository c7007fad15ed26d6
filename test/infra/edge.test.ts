import { describe, expect, it } from 'vitest';
import { edgeKeyHeader, viewerAddressHeader } from '../../shared/contract/edge-headers.ts';
import { resourcesOf, synthesize } from './synthesized.ts';
import { distributionOf, viewerRequest, type Behavior, type DistributionConfig } from './viewer-request.ts';

/** edge-files.test.ts is about the behavior for files. */
function withoutFiles(whole: DistributionConfig): DistributionConfig {
  const CacheBehaviors = whole.CacheBehaviors.filter(({ PathPattern }) => PathPattern !== '/files/*');
  const used = [whole.DefaultCacheBehavior, ...CacheBehaviors].map(({ TargetOriginId }) => TargetOriginId);
  return { ...whole, CacheBehaviors, Origins: whole.Origins.filter(({ Id }) => used.includes(Id)) };
}

/** page.test.ts is about the page, and shows that it changes nothing here. */
const withoutPage = { WEB_PAGE: 'false' };
const template = synthesize('dev', withoutPage);
const config = withoutFiles(distributionOf(template));
const rewrite = viewerRequest(template, config.CacheBehaviors[0]!);
const drop = viewerRequest(template, config.DefaultCacheBehavior);

describe('the address of a room', () => {
  it.each(['/ws/chat/general/', '/ws/chat/general'])('%s is rewritten to the query of the room', (uri) => {
    expect(rewrite(uri)).toMatchObject({ uri: '/', querystring: { room: { value: 'general' } } });
  });

  it.each([
    ['/ws/chat/caf%C3%A9/', 'caf%C3%A9'],
    ['/ws/chat/a%2Fb/', 'a%2Fb'],
    ['/ws/chat/100%25/', '100%25'],
    ['/ws/chat/a.b-c_d/', 'a.b-c_d'],
  ])('%s keeps its encoding', (uri, room) => {
    expect(rewrite(uri).querystring['room']).toEqual({ value: room });
  });

  it('cannot add a parameter to the query string', () => {
    const { value } = rewrite('/ws/chat/a&token=x+y;z/').querystring['room']!;
    expect(value).toBe('a%26token%3Dx%2By%3Bz');
    expect([...new URLSearchParams(`room=${value}`)]).toEqual([['room', 'a&token=x+y;z']]);
  });

  it('keeps other parameters and replaces a room parameter', () => {
    const rewritten = rewrite('/ws/chat/general/', { ticket: { value: 't' }, room: { value: 'other' } });
    expect(rewritten.querystring).toEqual({ ticket: { value: 't' }, room: { value: 'general' } });
  });
});

describe('a socket address without a room', () => {
  it.each(['/ws', '/ws/', '/ws/chat', '/ws/chat/'])(
    '%s is rewritten to the root and keeps its query',
    (uri) => {
      expect(rewrite(uri, { after: { value: '3' } })).toMatchObject({
        uri: '/',
        querystring: { after: { value: '3' } },
      });
      expect(rewrite(uri).querystring).toEqual({});
    },
  );

  it.each(['/ws/chat/a/b/', '/ws/other/', '/ws/chat//', '/wschat', '/ws/chat/a//'])(
    '%s stays as it is, so that API Gateway refuses it',
    (uri) => {
      expect(rewrite(uri)).toMatchObject({ uri, querystring: {} });
    },
  );
});

describe('a path that ends in a slash', () => {
  it.each([
    ['/a/', '/a'],
    ['/a', '/a'],
    ['/a//', '/a'],
    ['/a/b/', '/a/b'],
    ['/openapi.json/', '/openapi.json'],
  ])('%s is rewritten to %s', (uri, rewritten) => {
    expect(drop(uri).uri).toBe(rewritten);
  });

  it.each(['/', '//', '///'])('%s stays the root', (uri) => {
    expect(drop(uri).uri).toBe('/');
  });

  it.each([
    ['/a%2F', '/a%2F'],
    ['/a%2F/', '/a%2F'],
    ['/caf%C3%A9/', '/caf%C3%A9'],
    ['/100%25/', '/100%25'],
    ['/%20/', '/%20'],
    ['//a/', '//a'],
  ])('%s keeps the rest of its characters', (uri, rewritten) => {
    expect(drop(uri).uri).toBe(rewritten);
  });

  it('keeps its query string', () => {
    const querystring = { username: { value: 'an%2F/' } };
    expect(drop('/users/', querystring)).toMatchObject({ uri: '/users', querystring });
  });
});

describe('the viewer address header', () => {
  it.each([
    ['a socket', rewrite, '/ws/chat/general/'],
    ['a request', drop, '/users/auth/login/'],
  ])('of %s holds the address that the edge saw, in place of what the client sent', (_, run, uri) => {
    const claimed = { 'x-viewer-address': { value: '198.51.100.1' }, 'x-own': { value: 'kept' } };
    expect(run(uri, {}, claimed).headers).toEqual({
      'x-viewer-address': { value: '203.0.113.7' },
      'x-own': { value: 'kept' },
    });
    expect(viewerAddressHeader).toBe('x-viewer-address');
  });
});

const originOf = ({ TargetOriginId }: Behavior) => config.Origins.find(({ Id }) => Id === TargetOriginId)!;
const edgeFunctionOf = ({ FunctionAssociations: [one] }: Behavior) => one!.FunctionARN['Fn::GetAtt'][0];

describe('the distribution', () => {
  const uncached = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
  const allButHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

  it('forwards sockets to the stage of the WebSocket API, after the rewrite', () => {
    expect(config.CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual(['/ws', '/ws/*']);
    for (const behavior of config.CacheBehaviors) {
      expect(originOf(behavior)['OriginPath']).toBe('/dev');
      expect(JSON.stringify(originOf(behavior)['DomainName'])).toContain('"WebSocketApi');
      expect(behavior).toMatchObject({
        CachePolicyId: uncached,
        OriginRequestPolicyId: allButHost,
        ViewerProtocolPolicy: 'https-only',
        FunctionAssociations: [{ EventType: 'viewer-request' }],
      });
    }
  });

  it('forwards everything else to the HTTP API, with all methods and without caching', () => {
    const behavior = config.DefaultCacheBehavior;
    expect(JSON.stringify(originOf(behavior)['DomainName'])).toContain('"HttpApi');
    expect(originOf(behavior)).not.toHaveProperty('OriginPath');
    expect(behavior).toMatchObject({
      CachePolicyId: uncached,
      OriginRequestPolicyId: allButHost,
      ViewerProtocolPolicy: 'redirect-to-https',
    });
    expect(behavior['AllowedMethods']).toEqual(
      expect.arrayContaining(['GET', 'PUT', 'PATCH', 'POST', 'DELETE']),
    );
  });

  it('leaves preflights and CORS headers to the HTTP API', () => {
    const behavior = config.DefaultCacheBehavior;
    // The origin request policy passes on Origin and Access-Control-Request-*, and nothing is cached, OPTIONS included.
    expect(behavior['AllowedMethods']).toContain('OPTIONS');
    expect(behavior['CachedMethods'] ?? []).not.toContain('OPTIONS');
    // The managed policy SecurityHeadersPolicy, which has no CORS headers: one with CORS could replace the API's own.
    expect(behavior['ResponseHeadersPolicyId']).toBe('67f7725c-6f97-4210-82d7-5512b31e9d03');
    for (const behavior of config.CacheBehaviors)
      expect(behavior).not.toHaveProperty('ResponseHeadersPolicyId');
  });

  it('runs one function for sockets and one for other requests, in runtime 2.0', () => {
    const [forSockets, ...others] = [...new Set(config.CacheBehaviors.map(edgeFunctionOf))];
    expect(others).toEqual([]);
    const { CheckFileAddress9D46D213: _ofFiles, ...edgeFunctions } = resourcesOf(
      template,
      'AWS::CloudFront::Function',
    );
    expect(Object.keys(edgeFunctions).toSorted()).toEqual(
      [forSockets!, edgeFunctionOf(config.DefaultCacheBehavior)].toSorted(),
    );
    for (const { Properties } of Object.values(edgeFunctions)) {
      expect(Properties).toMatchObject({
        AutoPublish: true,
        FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
      });
      // The maximum of CloudFront.
      expect(Buffer.byteLength(Properties.FunctionCode)).toBeLessThan(10_000);
    }
  });

  it('sends a secret that is not in the template to both APIs, as proof that a request came through it', () => {
    const [secretId] = Object.keys(resourcesOf(template, 'AWS::SecretsManager::Secret')).filter((id) =>
      id.startsWith('EdgeKey'),
    );
    const reference = ['{{resolve:secretsmanager:', { Ref: secretId }, ':SecretString:key::}}'];
    for (const behavior of [config.DefaultCacheBehavior, ...config.CacheBehaviors]) {
      expect(originOf(behavior)['OriginCustomHeaders']).toEqual([
        { HeaderName: edgeKeyHeader, HeaderValue: { 'Fn::Join': ['', reference] } },
      ]);
    }
    // CloudFront refuses custom headers with these prefixes.
    expect(edgeKeyHeader).not.toMatch(/^x-(amz|edge)-/i);
    // The secret is used nowhere else.
    const used = JSON.stringify(template.toJSON()).split(`{{resolve:secretsmanager:",{"Ref":"${secretId}"}`);
    expect(used).toHaveLength(1 + config.Origins.length);
  });

  it('sends the version of the key that the setting names, so that a deployment resolves it again', () => {
    const EDGE_KEY_VERSION = '5f1c7f0e-2b3c-4d5e-8f90-123456789abc';
    const text = JSON.stringify(synthesize('dev', { ...withoutPage, EDGE_KEY_VERSION }).toJSON());
    expect(text.split(`:SecretString:key::${EDGE_KEY_VERSION}}}`)).toHaveLength(1 + config.Origins.length);
    expect(() => synthesize('dev', { EDGE_KEY_VERSION: '3' })).toThrow('EDGE_KEY_VERSION is "3"');
  });

  it('connects to both APIs with TLS 1.2', () => {
    for (const origin of config.Origins) {
      expect(origin['CustomOriginConfig']).toMatchObject({
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      });
    }
  });
});
