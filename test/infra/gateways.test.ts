import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { httpLogFields, webSocketLogFields } from '../../infra/access-logs.ts';
import { functionId, onlyOf, resourcesOf, synthesize } from './synthesized.ts';
import { functionNames } from '../../infra/functions.ts';
import { compileRoutes } from '../../local/gateway/http-routes.ts';
import { operations } from '../../shared/contract/http/operations.ts';
import { distributionOf, viewerRequest } from './viewer-request.ts';

const template = synthesize('dev');

/** Every path of the contract, with and without its trailing slash, and the function of its row. */
const paths = Object.values(operations).flatMap((row) => {
  const path = row.path.replaceAll(/\{\w+\}/g, '6f1c').replace(/\/$/, '');
  return [path, `${path}/`].map((spelling) => [spelling, row.function] as const);
});

/** Route key → name of the function that its integration invokes. */
function routesOf(stack: Template, apiIdPrefix: string): Record<string, string> {
  const integrations = resourcesOf(stack, 'AWS::ApiGatewayV2::Integration');
  const routes = Object.values(resourcesOf(stack, 'AWS::ApiGatewayV2::Route')).filter(({ Properties }) =>
    JSON.stringify(Properties.ApiId).includes(`"${apiIdPrefix}`),
  );
  return Object.fromEntries(
    routes.map(({ Properties }) => {
      const target = JSON.stringify(Properties.Target);
      const [, integration] = Object.entries(integrations).find(([id]) => target.includes(`"${id}"`))!;
      const uri = JSON.stringify(integration.Properties.IntegrationUri);
      return [Properties.RouteKey, functionNames.find((name) => uri.includes(functionId(stack, name)))];
    }),
  );
}

function apiOf(stack: Template, idPrefix: string) {
  const apis = Object.entries(resourcesOf(stack, 'AWS::ApiGatewayV2::Api'));
  return apis.find(([id]) => id.startsWith(idPrefix))![1]['Properties'];
}

function stageOf(apiIdPrefix: string, stack = template) {
  const stages = Object.values(resourcesOf(stack, 'AWS::ApiGatewayV2::Stage'));
  return stages.find(({ Properties }) => Properties.ApiId.Ref.startsWith(apiIdPrefix))!['Properties'];
}

/** Returns the function to which the HTTP API of the template routes a request. */
function functionFor(method: string, path: string): string | undefined {
  const routes = Object.entries(routesOf(template, 'HttpApi'));
  const match = compileRoutes(routes.map(([routeKey, functionId]) => ({ routeKey, functionId })));
  return match(method, path.slice(1).split('/'))?.route.functionId;
}

describe('the HTTP API', () => {
  it('has the greedy routes of its functions', () => {
    expect(routesOf(template, 'HttpApi')).toEqual({
      'ANY /users': 'accounts',
      'ANY /users/{proxy+}': 'accounts',
      'ANY /chat/{proxy+}': 'chat',
      $default: 'docs',
    });
  });

  it.each(paths)('routes %s, as the edge requests it, to %s', (path, name) => {
    const { uri } = viewerRequest(template, distributionOf(template).DefaultCacheBehavior)(path);
    expect(uri).not.toMatch(/\/$/);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']) {
      expect(functionFor(method, uri)).toBe(name);
    }
  });

  it('routes only /users/ to another function if it matches trailing slashes strictly', () => {
    const misrouted = paths.filter(([path, name]) => functionFor('GET', path) !== name);
    expect(misrouted).toEqual([['/users/', 'accounts']]);
  });

  it('allows browsers of the allowed origins to call it and to read the paging and retry headers', () => {
    const allows = {
      AllowMethods: ['*'],
      AllowHeaders: expect.arrayContaining([
        'Authorization',
        'Content-Type',
        'X-Requested-With',
        'X-Amzn-Trace-Id',
        'Traceparent',
        'Sentry-Trace',
      ]),
      ExposeHeaders: ['Link', 'Retry-After'],
      MaxAge: 7200,
    };
    expect(apiOf(template, 'HttpApi').CorsConfiguration).toEqual({ ...allows, AllowOrigins: ['*'] });
    const prod = synthesize('prod', { ALLOWED_ORIGINS: 'https://a.example' });
    expect(apiOf(prod, 'HttpApi').CorsConfiguration).toEqual({
      ...allows,
      AllowOrigins: ['https://a.example'],
    });
  });

  it.each(paths)('routes a preflight of %s to %s, which must answer it with 204', (path, name) => {
    const { uri } = viewerRequest(template, distributionOf(template).DefaultCacheBehavior)(path);
    expect(functionFor('OPTIONS', uri)).toBe(name);
  });

  it('has no CORS configuration in production while no origin is allowed', () => {
    expect(apiOf(synthesize('prod'), 'HttpApi')).not.toHaveProperty('CorsConfiguration');
  });

  it('is deployed to a stage without a path prefix, with throttles', () => {
    expect(stageOf('HttpApi')).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 200 },
    });
  });
});

describe('the WebSocket API', () => {
  it('has a function for opening, one for all commands, and one for closing', () => {
    expect(routesOf(template, 'WebSocketApi')).toEqual({
      $connect: 'connect',
      $default: 'message',
      $disconnect: 'disconnect',
    });
    expect(apiOf(template, 'WebSocketApi')).toMatchObject({
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.type',
    });
  });

  it('has a stage named like the deployment stage, with throttles', () => {
    expect(stageOf('WebSocketApi')).toMatchObject({
      StageName: 'dev',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 500 },
    });
  });

  it('is deployed after the role for access logs of the account', () => {
    const account = onlyOf(template, 'AWS::ApiGateway::Account');
    const [accountId] = Object.keys(resourcesOf(template, 'AWS::ApiGateway::Account'));
    const stages = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'));
    const stage = stages.find(({ Properties }) => Properties.StageName === 'dev');
    expect(stage?.['DependsOn']).toContain(accountId);
    // Other APIs of the account and region depend on the same setting.
    expect(account['DeletionPolicy']).toBe('RetainExceptOnCreate');
  });
});

describe('the role for access logs of the account', () => {
  it('is left to its owner when the setting says so', () => {
    const stack = synthesize('dev', { SET_API_GATEWAY_LOG_ROLE: 'false' });
    expect(resourcesOf(stack, 'AWS::ApiGateway::Account')).toEqual({});
    expect(JSON.stringify(stack.toJSON())).not.toContain('ApiGatewayLogsRole');
  });
});

describe('the throttles', () => {
  it('of both APIs can be set in the environment', () => {
    const stack = synthesize('dev', {
      HTTP_REQUESTS_PER_SECOND: '11',
      HTTP_REQUEST_BURST: '12',
      WEBSOCKET_REQUESTS_PER_SECOND: '13',
      WEBSOCKET_REQUEST_BURST: '14',
    });
    expect(stageOf('HttpApi', stack).DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 11,
      ThrottlingBurstLimit: 12,
    });
    expect(stageOf('WebSocketApi', stack).DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 13,
      ThrottlingBurstLimit: 14,
    });
  });
});

describe('the access logs', () => {
  it.each([
    ['HttpApi', httpLogFields],
    ['WebSocketApi', webSocketLogFields],
  ])(
    'of %s are JSON lines with the request id and without fields that could contain a token',
    (api, fields) => {
      expect(JSON.parse(stageOf(api).AccessLogSettings.Format)).toEqual(fields);
      expect(fields.requestId).toBe('$context.requestId');
      // Paths, query strings, headers, bodies and authorizer results may contain tokens, so only these are allowed.
      const harmless =
        /^\$context\.(requestId|requestTime|identity\.sourceIp|routeKey|status|integration\.status|integrationLatency|error\.message|httpMethod|protocol|responseLength|responseLatency|eventType|connectionId)$/;
      for (const value of Object.values(fields)) expect(value).toMatch(harmless);
    },
  );

  it.each(['HttpApi', 'WebSocketApi'])('of %s hold the status that the function answered with', (api) => {
    // $context.integrationStatus is the status of Lambda's Invoke, which is 200 for an answer of 500.
    const format: object = JSON.parse(stageOf(api).AccessLogSettings.Format);
    expect(format).toMatchObject({ integrationStatus: '$context.integration.status' });
  });

  it('go to log groups that expire', () => {
    for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Logs::LogGroup'))) {
      expect(Properties.RetentionInDays).toBe(7);
    }
  });
});

describe('the outputs', () => {
  it('hold the addresses of the APIs, the distribution, the table, the files and the failures', () => {
    expect(Object.keys(template.findOutputs('*')).toSorted()).toEqual([
      'EdgeUrl',
      'EdgeWebSocketUrl',
      'FailureBucketName',
      'FailureQueueUrl',
      'FilesBucketName',
      'HttpApiUrl',
      'TableName',
      'WebSocketUrl',
    ]);
    expect(JSON.stringify(template.findOutputs('WebSocketUrl'))).toMatch(/wss:\/\/.*\.execute-api\..*\/dev"/);
    expect(JSON.stringify(template.findOutputs('EdgeWebSocketUrl'))).toMatch(/wss:\/\/.*"\/ws"/);
  });
});
