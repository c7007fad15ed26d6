/** The environment variables of a function in a local run: Lambda's, and the local endpoints of services. */

import type { LambdaFunction } from '../stack.ts';
import type { Log } from '../log.ts';
import type { AwsCredentials } from '../engine/dynamodb-request.ts';

export interface LocalEndpoints {
  dynamodb: string;
  /** The WebSocket API's URL, including its stage. */
  apiGatewayManagementApi: string;
  secretsManager: string;
  lambda: string;
  sqs: string;
  s3: string;
}

export interface VariableOptions {
  region: string;
  endpoints: LocalEndpoints;
  credentials: AwsCredentials;
  /** Domain names by which the functions know the stage, in addition to those of AWS. */
  domainNames?: readonly string[];
  log: Pick<Log, 'onlyWarnings'>;
}

/** Returns the whole `process.env` of a function. The local endpoints override variables of the template. */
export function environmentVariables(
  { functionName, handler, codeDirectory, memoryMb, environment }: LambdaFunction,
  { region, endpoints, credentials, domainNames = [], log }: VariableOptions,
): Record<string, string> {
  return {
    ...withLocalAddresses(environment, domainNames, endpoints),
    // Writing, piping and parsing log lines that are not shown would take a good part of a short invocation.
    ...(log.onlyWarnings && { POWERTOOLS_LOG_LEVEL: 'WARN' }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: codeDirectory,
    TZ: ':UTC',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: endpoints.apiGatewayManagementApi,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
  };
}

/** The hosts of an edge distribution and of APIs, as the template has them. */
const awsHost = /^[\w-]+\.(?:cloudfront\.net|execute-api\.[\w-]+\.amazonaws\.com)$/;
const bucketHost = /^([\w.-]+)\.s3\.[\w-]+\.amazonaws\.com$/;

/**
 * Replaces public addresses by the runtime's, so that a function that calls the stage's own API reaches it, and accepts the
 * stage's own page. A value may be a list of addresses.
 */
function withLocalAddresses(
  environment: Record<string, string>,
  domainNames: readonly string[],
  { apiGatewayManagementApi, s3 }: LocalEndpoints,
): Record<string, string> {
  const gateway = new URL(apiGatewayManagementApi).origin;
  const webSockets = gateway.replace(/^http/, 'ws');
  const localAddress = (address: string, before: string, scheme: string, host: string): string => {
    const bucket = bucketHost.exec(host)?.[1];
    if (bucket !== undefined) return `${before}${s3}/${bucket}`;
    if (!awsHost.test(host) && !domainNames.includes(host)) return address;
    return before + (scheme === 'wss' ? webSockets : gateway);
  };
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/(^|,)(https|wss):\/\/([\w.-]+)(?=[/,]|$)/g, localAddress),
    ]),
  );
}
