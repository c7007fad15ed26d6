/**
 * Derives from a function's HTTP request the calls that IAM must allow. It is plain JavaScript because it
 * runs in the functions' workers.
 */

import { databaseCalls } from './database-calls.mjs';
import { storageCalls } from './storage-calls.mjs';

export function readAwsCalls(awsContext) {
  const { region, accountId, endpoints, webSocketApiId, secretArns } = awsContext;
  const arn = (service, resource) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const services = Object.entries(endpoints).map(([service, address]) => {
    const { host, pathname } = new URL(address);
    return { service, host, path: pathname.replace(/\/$/, '') };
  });

  const storagePath = services.find(({ service }) => service === 's3')?.path ?? '';

  const readers = {
    dynamodb: ({ target, body }) => databaseCalls(operationIn(target), JSON.parse(body()), awsContext),
    apiGatewayManagementApi({ method, path }) {
      const resource = `${webSocketApiId}${stageOf(path)}/${method}/@connections/${lastSegment(path)}`;
      return [{ action: 'execute-api:ManageConnections', resource: arn('execute-api', resource) }];
    },
    secretsManager({ target, body }) {
      const { SecretId = '' } = JSON.parse(body());
      const known = secretArns.find((secret) => secret === SecretId || nameIn(secret) === SecretId);
      const resource = known ?? (isArn(SecretId) ? SecretId : arn('secretsmanager', `secret:${SecretId}`));
      return [{ action: `secretsmanager:${operationIn(target)}`, resource }];
    },
    lambda({ path }) {
      const name = decodeURIComponent(/\/functions\/([^/]+)\//.exec(path)?.[1] ?? '');
      const resource = isArn(name) ? name : arn('lambda', `function:${name}`);
      return [{ action: 'lambda:InvokeFunction', resource }];
    },
    sqs({ target, body }) {
      const { QueueUrl = '' } = JSON.parse(body());
      return [{ action: `sqs:${operationIn(target)}`, resource: arn('sqs', lastSegment(QueueUrl)) }];
    },
    s3: ({ method, path, header, body }) =>
      storageCalls({ method, path: path.slice(storagePath.length), header, body }),
  };

  return {
    serviceOf(host, path) {
      const found = services.find((one) => one.host === host && isUnder(one.path, path))?.service;
      // The same address with another path is the WebSocket API itself, which clients use.
      return found === 'apiGatewayManagementApi' && !connectionsPath.test(path) ? undefined : found;
    },
    callsOf: (service, request) => readers[service](request),
  };
}

const connectionsPath = /\/(@|%40)connections\//i;
const operationIn = (target) => target.slice(target.indexOf('.') + 1);
const isArn = (text) => text.startsWith('arn:');
const isUnder = (mount, path) =>
  path.startsWith(mount) && (path.length === mount.length || '/?'.includes(path[mount.length]));

/** The name of a secret: Secrets Manager appends a hyphen and six characters to it in the ARN. */
const nameIn = (secretArn) => secretArn.slice(secretArn.lastIndexOf(':') + 1, -7);

/** Returns `/prod` for `/prod/@connections/id`. */
const stageOf = (path) => path.slice(0, path.indexOf('/', 1));

function lastSegment(path) {
  const [clean] = path.split('?', 1);
  return decodeURIComponent(clean.slice(clean.lastIndexOf('/') + 1));
}
