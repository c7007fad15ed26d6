import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, functionNames, type FunctionName } from '../../infra/functions.ts';
import { settingRows } from '../../shared/settings/settings.ts';
import { environmentOf, functionId, functionNamed, resourcesOf, synthesize } from './synthesized.ts';

const template = synthesize('dev');
const sources = resolve(import.meta.dirname, '../../functions');

describe('the functions', () => {
  it('are the folders under functions/ that have an index.ts', () => {
    const folders = readdirSync(sources).filter((name) => existsSync(join(sources, name, 'index.ts')));
    expect(functionNames.map(folderOf).toSorted()).toEqual(folders.toSorted());
  });

  it('are the only functions of the stack besides the one that copies the page', () => {
    const ids = Object.keys(resourcesOf(template, 'AWS::Lambda::Function'));
    const own = functionNames.map((name) => functionId(template, name));
    expect(ids.filter((id) => !own.includes(id))).toEqual([expect.stringMatching(/^pageFilesFunction/)]);
    expect(ids).toEqual(expect.arrayContaining(own));
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
    ['welcome', 512, 60],
    ['inbox', 256, 60],
    ['cleanup', 512, 120],
    ['uploads', 1769, 29],
    ['canary', 256, 120],
  ] as const)('include %s with %i MB and a timeout of %i s', (name, memoryMb, seconds) => {
    expect(functionNamed(template, name)).toMatchObject({ MemorySize: memoryMb, Timeout: seconds });
  });

  it.each(functionNames)(
    'include %s on arm64 and the newest Node.js, with tracing and a JSON log of its own',
    (name) => {
      const properties = functionNamed(template, name);
      expect(properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        // INFO keeps the REPORT line of each invocation.
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'INFO' },
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
  const tokens = ['SIGNING_KEY_SECRET_ID', 'TOKEN_AUDIENCE', 'TOKEN_ISSUER'];
  const addresses = ['FILES_KEY_SECRET_ID', 'FILES_URL'];
  const connectionsUrl = 'AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI';
  const variablesOfStack: Record<FunctionName, string[]> = {
    accounts: [
      ...tokens,
      ...addresses,
      'TABLE_NAME',
      'PASSWORD_PEPPER_SECRET_ID',
      'EDGE_KEY_SECRET_ID',
      'FILES_BUCKET',
    ],
    chat: [
      ...tokens,
      ...addresses,
      'TABLE_NAME',
      'CONTENT_HASH_KEY_SECRET_ID',
      'EDGE_KEY_SECRET_ID',
      'FILES_BUCKET',
      'UPLOADS_FUNCTION_NAME',
    ],
    docs: ['TABLE_NAME', 'EDGE_KEY_SECRET_ID'],
    connect: [...tokens, 'TABLE_NAME', 'EDGE_KEY_SECRET_ID'],
    message: [
      ...tokens,
      ...addresses,
      'TABLE_NAME',
      'CONTENT_HASH_KEY_SECRET_ID',
      'UPLOADS_FUNCTION_NAME',
      connectionsUrl,
    ],
    disconnect: ['TABLE_NAME'],
    tableStream: [
      ...addresses,
      'TABLE_NAME',
      'FAN_OUT_FUNCTION_NAME',
      'WELCOME_FUNCTION_NAME',
      'INBOX_FUNCTION_NAME',
      'CLEANUP_FUNCTION_NAME',
      connectionsUrl,
    ],
    fanOut: ['TABLE_NAME', connectionsUrl],
    welcome: [...addresses, 'TABLE_NAME', connectionsUrl],
    inbox: ['TABLE_NAME', connectionsUrl],
    cleanup: ['TABLE_NAME', 'FILES_BUCKET'],
    uploads: ['TABLE_NAME', 'FILES_BUCKET', 'FILES_KEY_SECRET_ID'],
    canary: ['TABLE_NAME', 'CANARY_KEY_SECRET_ID', 'CHAT_URL', 'CHAT_WEBSOCKET_URL'],
  };
  const common = ['POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_SERVICE_NAME', 'STAGE'];

  it.each(functionNames)(
    '%s holds the stack values and settings that the function reads, and no others',
    (name) => {
      const settings = settingRows.filter(([, { readBy }]) => readBy.includes(name));
      expect(Object.keys(environmentOf(template, name)).toSorted()).toEqual(
        [...common, ...variablesOfStack[name], ...settings.map(([, { variable }]) => variable)].toSorted(),
      );
      expect(environmentOf(template, name)['POWERTOOLS_SERVICE_NAME']).toBe(name);
    },
  );

  it('message holds the https address of the WebSocket API’s stage', () => {
    const url = JSON.stringify(
      environmentOf(template, 'message')['AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI'],
    );
    expect(url).toMatch(/"https:\/\/",\{"Ref":"WebSocketApi\w+"\},"\.execute-api\.".*"\/dev"/);
  });

  it('table-stream holds the names of the functions that it invokes', () => {
    expect(environmentOf(template, 'tableStream')).toMatchObject({
      FAN_OUT_FUNCTION_NAME: { Ref: functionId(template, 'fanOut') },
      WELCOME_FUNCTION_NAME: { Ref: functionId(template, 'welcome') },
      INBOX_FUNCTION_NAME: { Ref: functionId(template, 'inbox') },
      CLEANUP_FUNCTION_NAME: { Ref: functionId(template, 'cleanup') },
    });
  });

  it('every function holds ids of secrets only, never a secret', () => {
    const named = functionNames
      .flatMap((name) => Object.entries(environmentOf(template, name)))
      .filter(([variable]) => variable.endsWith('_SECRET_ID'));
    expect(named).toHaveLength(18);
    for (const [, value] of named) {
      expect(value).toEqual({
        Ref: expect.stringMatching(/^(SigningKey|PasswordPepper|EdgeKey|ContentHashKey|CanaryKey|FilesKey)/),
      });
    }
    expect(JSON.stringify(resourcesOf(template, 'AWS::Lambda::Function'))).not.toContain('{{resolve:');
  });
});

describe('an event that an asynchronously invoked function cannot handle', () => {
  it('is tried three times within an hour and then is stored in the bucket of failures', () => {
    const [bucketId] = Object.keys(resourcesOf(template, 'AWS::S3::Bucket'));
    const configs = Object.entries(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
    for (const name of ['fanOut', 'welcome', 'inbox', 'cleanup', 'uploads'] as const) {
      const [, config] = configs.find(([id]) => id.startsWith(name))!;
      expect(config['Properties']).toEqual({
        FunctionName: { Ref: functionId(template, name) },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 3600,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [bucketId, 'Arn'] } } },
      });
    }
  });

  it('may come from the function itself more than 16 times in a row only for cleanup', () => {
    const allowing = functionNames.filter((name) => 'RecursiveLoop' in functionNamed(template, name));
    expect(allowing).toEqual(['cleanup']);
    expect(functionNamed(template, 'cleanup')['RecursiveLoop']).toBe('Allow');
  });
});
