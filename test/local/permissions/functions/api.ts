/** The HTTP function of the fixture: performs the call that the path names, and returns its result. */

import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClientRequest } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const settings = { maxAttempts: 1 };
const database = new DynamoDBClient(settings);
const connections = new ApiGatewayManagementApiClient(settings);

async function request(
  method: string,
  address: string,
  headers: Record<string, string> = {},
): Promise<ClientRequest> {
  const { request: open } = await import('node:http');
  const authorization =
    'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/any/aws4_request, SignedHeaders=host, Signature=00';
  return open(address, { method, headers: { ...headers, authorization, 'x-amz-date': '20260101T000000Z' } });
}

/** Ends the request after a pause, as when streaming a body. */
function answerTo(outgoing: ClientRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    setTimeout(() => outgoing.end(), 50);
  });
}

/** The tests provide the input, so the SDK's input types are not needed here. */
const calls: Record<string, (input: never) => Promise<unknown>> = {
  GetItem: (input) => database.send(new GetItemCommand(input)),
  PutItem: (input) => database.send(new PutItemCommand(input)),
  Query: (input) => database.send(new QueryCommand(input)),
  Scan: (input) => database.send(new ScanCommand(input)),
  BatchGetItem: (input) => database.send(new BatchGetItemCommand(input)),
  BatchWriteItem: (input) => database.send(new BatchWriteItemCommand(input)),
  TransactWriteItems: (input) => database.send(new TransactWriteItemsCommand(input)),
  PostToConnection: (input) => connections.send(new PostToConnectionCommand(input)),
  DeleteConnection: (input) => connections.send(new DeleteConnectionCommand(input)),
  Invoke: (input) => new LambdaClient(settings).send(new InvokeCommand(input)),
  GetSecretValue: (input) => new SecretsManagerClient(settings).send(new GetSecretValueCommand(input)),
  /** Writes an item without the SDK; the complete body is sent in two chunks before the request ends. */
  async write({ body }: { body: string }) {
    const outgoing = await request('POST', process.env['AWS_ENDPOINT_URL_DYNAMODB']!, {
      'x-amz-target': 'DynamoDB_20120810.PutItem',
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(Buffer.byteLength(body)),
    });
    outgoing.write(body.slice(0, 10));
    outgoing.write(Buffer.from(body.slice(10)));
    return answerTo(outgoing);
  },
  /** Sends a complete request by flushing its headers. */
  async flush({ connectionId }: { connectionId: string }) {
    const stage = process.env['AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI']!;
    const outgoing = await request('DELETE', `${stage}/@connections/${encodeURIComponent(connectionId)}`);
    outgoing.flushHeaders();
    return answerTo(outgoing);
  },
};

export async function handler(event: APIGatewayProxyEventV2): Promise<unknown> {
  const name = event.rawPath.split('/')[2] ?? '';
  const input = JSON.parse(event.body ?? '{}') as never;
  try {
    const output = await calls[name]!(input);
    return { statusCode: 200, body: JSON.stringify({ output }) };
  } catch (error) {
    const { name: type, message, $metadata } = error as Error & { $metadata?: { httpStatusCode: number } };
    return { statusCode: 200, body: JSON.stringify({ type, message, status: $metadata?.httpStatusCode }) };
  }
}
