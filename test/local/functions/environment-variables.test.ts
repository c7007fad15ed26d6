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
  environment: {
    POWERTOOLS_LOG_LEVEL: 'INFO',
    AWS_ENDPOINT_URL_DYNAMODB: 'from the template',
    EDGE: 'https://d111.cloudfront.net',
    EDGE_SOCKETS: 'wss://d111.cloudfront.net/ws',
    API_SOCKETS: 'wss://abc.execute-api.us-east-1.amazonaws.com/local',
    DOMAIN: 'https://chat.example/x',
    BUCKET: 'https://files-1.s3.eu-west-1.amazonaws.com/',
    OTHER: 'https://d111.cloudfront.net.example/x',
  },
  role: { name: 'role', statements: [] },
  asyncInvocation: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 60 },
};
const service = 'http://127.0.0.1:1';

const variablesWith = (verbosity: Verbosity) =>
  environmentVariables(definition, {
    region: 'us-east-1',
    endpoints: {
      dynamodb: 'http://127.0.0.1:2',
      apiGatewayManagementApi: 'http://127.0.0.1:3/local',
      secretsManager: service,
      lambda: service,
      sqs: service,
      s3: service,
    },
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    domainNames: ['chat.example'],
    log: createLog(verbosity),
  });

describe('the environment variables of a function', () => {
  it('hold the local endpoints even when the template sets others', () => {
    expect(variablesWith('normal')['AWS_ENDPOINT_URL_DYNAMODB']).toBe('http://127.0.0.1:2');
  });

  it('have the address of the runtime in place of those of the edge, of its domain, of the APIs and of buckets', () => {
    expect(variablesWith('normal')).toMatchObject({
      EDGE: 'http://127.0.0.1:3',
      EDGE_SOCKETS: 'ws://127.0.0.1:3/ws',
      API_SOCKETS: 'ws://127.0.0.1:3/local',
      DOMAIN: 'http://127.0.0.1:3/x',
      BUCKET: `${service}/files-1/`,
      OTHER: 'https://d111.cloudfront.net.example/x',
    });
  });

  it.each([
    ['normal', 'WARN'],
    ['verbose', 'INFO'],
    ['silent', 'INFO'],
  ] as const)('in a %s run set the log level %s', (verbosity, level) => {
    expect(variablesWith(verbosity)['POWERTOOLS_LOG_LEVEL']).toBe(level);
  });
});
