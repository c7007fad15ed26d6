import { describe, expect, it } from 'vitest';
import { environmentVariables } from '../../../local/functions/environment-variables.ts';
import { createLog, type Verbosity } from '../../../local/log.ts';

const definition = {
  logicalId: 'Chat',
  functionName: 'chat',
  handler: 'index.handler',
  codeDirectory: '/bundle',
  timeoutSeconds: 5,
  logGroup: 'logs',
  memoryMb: 128,
  environment: { POWERTOOLS_LOG_LEVEL: 'INFO', AWS_ENDPOINT_URL_DYNAMODB: 'from the template' },
  role: { name: 'role', statements: [] },
  asyncInvocation: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 60 },
};
const service = 'http://127.0.0.1:1';

const variablesWith = (verbosity: Verbosity) =>
  environmentVariables(definition, {
    region: 'us-east-1',
    endpoints: {
      dynamodb: 'http://127.0.0.1:2',
      apiGatewayManagementApi: service,
      secretsManager: service,
      lambda: service,
      sqs: service,
    },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    log: createLog(verbosity),
  });

describe('the environment variables of a function', () => {
  it('hold the local endpoints even when the template sets others', () => {
    expect(variablesWith('normal')['AWS_ENDPOINT_URL_DYNAMODB']).toBe('http://127.0.0.1:2');
  });

  it.each([
    ['normal', 'WARN'],
    ['verbose', 'INFO'],
    ['silent', 'INFO'],
  ] as const)('in a %s run set the log level %s', (verbosity, level) => {
    expect(variablesWith(verbosity)['POWERTOOLS_LOG_LEVEL']).toBe(level);
  });
});
