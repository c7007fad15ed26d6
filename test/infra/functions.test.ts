import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, functionNames, type FunctionName } from '../../infra/functions.ts';
import { environmentOf, functionId, functionNamed, onlyOf, resourcesOf, synthesize } from './synthesized.ts';

const template = synthesize('dev');
const sources = resolve(import.meta.dirname, '../../functions');

const common = ['POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_SERVICE_NAME', 'STAGE'];
const tokens = ['SIGNING_KEY_SECRET_ID', 'TOKEN_AUDIENCE', 'TOKEN_ISSUER'];

describe('the functions', () => {
  it('are the folders under functions/ that have an index.ts', () => {
    const folders = readdirSync(sources).filter((name) => existsSync(join(sources, name, 'index.ts')));
    expect(functionNames.map(folderOf).toSorted()).toEqual(folders.toSorted());
  });

  it('are all that is deployed', () => {
    expect(Object.keys(resourcesOf(template, 'AWS::Lambda::Function'))).toHaveLength(functionNames.length);
  });

  it.each([
    ['accounts', 1769, 15],
    ['chat', 512, 15],
    ['docs', 256, 5],
    ['connect', 512, 10],
    ['message', 512, 10],
    ['disconnect', 256, 10],
    ['tableStream', 512, 60],
    ['fanOut', 512, 60],
  ] as const)('%s runs with %i MB for at most %i s', (name, memoryMb, seconds) => {
    expect(functionNamed(template, name)).toMatchObject({ MemorySize: memoryMb, Timeout: seconds });
  });

  it.each(functionNames)(
    '%s runs on arm64 and the newest Node.js, traced, with JSON logs of its own',
    (name) => {
      const properties = functionNamed(template, name);
      expect(properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
      expect(resourcesOf(template, 'AWS::Logs::LogGroup')).toHaveProperty(
        properties.LoggingConfig.LogGroup.Ref,
      );
    },
  );

  it('share neither a role nor a log group', () => {
    const roles = functionNames.map((name) => functionNamed(template, name).Role['Fn::GetAtt'][0]);
    const logs = functionNames.map((name) => functionNamed(template, name).LoggingConfig.LogGroup.Ref);
    expect(new Set(roles).size).toBe(functionNames.length);
    expect(new Set(logs).size).toBe(functionNames.length);
  });
});

describe('the environment of', () => {
  const budget = ['MICRO_DOLLARS_PER_USER_PER_MINUTE', 'MESSAGES_PER_10_SECONDS'];
  const expected: Record<FunctionName, string[]> = {
    accounts: [
      ...budget,
      ...tokens,
      'TABLE_NAME',
      'PASSWORD_PEPPER_SECRET_ID',
      'EDGE_KEY_SECRET_ID',
      'ACCESS_TOKEN_LIFETIME_MINUTES',
      'REFRESH_TOKEN_LIFETIME_DAYS',
      'ROTATE_REFRESH_TOKENS',
      'BLACKLIST_AFTER_ROTATION',
      'BCRYPT_COST',
      'LOGIN_FAILURES_PER_ACCOUNT',
      'LOGIN_FAILURES_PER_ADDRESS',
      'LOGINS_PER_ACCOUNT_PER_HOUR',
      'REGISTRATIONS_PER_ADDRESS_PER_HOUR',
      'LOOKUPS_PER_USER_PER_MINUTE',
    ],
    chat: [
      ...budget,
      ...tokens,
      'CONTENT_HASH_KEY_SECRET_ID',
      'TABLE_NAME',
      'CREATE_ROOMS_ON_CONNECT',
      'CONNECTIONS_PER_USER',
      'ROOMS_PER_USER_PER_HOUR',
      'ADDITIONS_PER_USER_PER_HOUR',
      'TICKETS_PER_USER_PER_MINUTE',
    ],
    docs: [],
    connect: [
      ...budget,
      ...tokens,
      'TABLE_NAME',
      'CREATE_ROOMS_ON_CONNECT',
      'ALLOW_QUERY_TOKEN',
      'ALLOWED_ORIGINS',
      'CONNECTIONS_PER_USER',
      'ROOMS_PER_USER_PER_HOUR',
    ],
    message: [
      ...budget,
      'ARRIVALS_PER_10_SECONDS',
      ...tokens,
      'CONTENT_HASH_KEY_SECRET_ID',
      'TABLE_NAME',
      'CREATE_ROOMS_ON_CONNECT',
      'HEARTBEAT_SECONDS',
      'COMMAND_BUDGET_PER_10_SECONDS',
      'ROOMS_PER_USER_PER_HOUR',
      'RECONNECT_AFTER_MINUTES',
      'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI',
    ],
    disconnect: ['TABLE_NAME'],
    tableStream: [
      ...budget,
      'ARRIVALS_PER_10_SECONDS',
      'TABLE_NAME',
      'HEARTBEAT_SECONDS',
      'RECONNECT_AFTER_MINUTES',
      'CONNECTIONS_PER_USER',
      'FAN_OUT_FUNCTION_NAME',
      'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI',
    ],
    fanOut: ['TABLE_NAME', 'RECONNECT_AFTER_MINUTES', 'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI'],
  };

  it.each(functionNames)('%s holds what it needs and nothing else', (name) => {
    expect(Object.keys(environmentOf(template, name)).toSorted()).toEqual(
      [...common, ...expected[name]].toSorted(),
    );
    expect(environmentOf(template, name)['POWERTOOLS_SERVICE_NAME']).toBe(name);
  });

  it('message posts to the stage of the WebSocket API, by https', () => {
    const url = JSON.stringify(
      environmentOf(template, 'message')['AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI'],
    );
    expect(url).toMatch(/"https:\/\/",\{"Ref":"WebSocketApi\w+"\},"\.execute-api\.".*"\/dev"/);
  });

  it('table-stream receives the name of fan-out', () => {
    expect(environmentOf(template, 'tableStream')['FAN_OUT_FUNCTION_NAME']).toEqual({
      Ref: functionId(template, 'fanOut'),
    });
  });

  it('a deployed function never holds a secret, only its name', () => {
    const named = functionNames
      .flatMap((name) => Object.entries(environmentOf(template, name)))
      .filter(([variable]) => variable.endsWith('_SECRET_ID'));
    expect(named).toHaveLength(8);
    for (const [, value] of named) {
      expect(value).toEqual({
        Ref: expect.stringMatching(/^(SigningKey|PasswordPepper|EdgeKey|ContentHashKey)/),
      });
    }
    expect(JSON.stringify(resourcesOf(template, 'AWS::Lambda::Function'))).not.toContain('{{resolve:');
  });
});

describe('a slice that fan-out fails on', () => {
  it('is tried three times within the hour, and then kept in the failure queue', () => {
    const [queueId] = Object.keys(resourcesOf(template, 'AWS::SQS::Queue'));
    expect(onlyOf(template, 'AWS::Lambda::EventInvokeConfig')['Properties']).toEqual({
      FunctionName: { Ref: functionId(template, 'fanOut') },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 3600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queueId, 'Arn'] } } },
    });
  });
});
