/** The HTTP function of the fixture: each path makes the calls into which tests inject faults. */

import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { readFile } from 'node:fs/promises';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

interface Body {
  pk?: string;
  steps?: number;
  patient?: boolean;
  ttl?: number;
  sk?: string;
  connectionId?: string;
  frames?: string[];
  timeoutMs?: number;
  name?: string;
  type?: 'Event' | 'RequestResponse';
  payload?: string;
}

/** Does not retry, so that tests see the answer to each call. */
const withoutRetries = new DynamoDBClient({ maxAttempts: 1 });
const withRetries = new DynamoDBClient({ maxAttempts: 8 });
const lambda = new LambdaClient({ maxAttempts: 1 });
const connections = new ApiGatewayManagementApiClient({ maxAttempts: 1 });
const TableName = process.env['TABLE_NAME'];

/** Returns `done`, or the name of the error. */
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return (error as Error).name;
  }
}

/** When the timer that `leaveTimer` left behind has run. */
let timerRanAt: number | undefined;

const actions: Record<string, (body: Body) => Promise<unknown>> = {
  /** Puts items one after the other; returns the outcome of each. */
  async steps({ pk = '', steps = 0, patient }) {
    const outcomes: string[] = [];
    for (let step = 1; step <= steps; step += 1) {
      const Item = { pk: { S: pk }, sk: { S: `STEP#${step}` } };
      const put = (patient === true ? withRetries : withoutRetries).send(
        new PutItemCommand({ TableName, Item }),
      );
      outcomes.push(await outcome(put));
    }
    return outcomes;
  },
  add: ({ pk = '' }) =>
    outcome(
      withoutRetries.send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: pk }, sk: { S: 'COUNT' } },
          UpdateExpression: 'ADD hits :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      ),
    ),
  async transact({ pk = '' }) {
    const put = (sk: string) => ({ Put: { TableName, Item: { pk: { S: pk }, sk: { S: sk } } } });
    try {
      await withoutRetries.send(new TransactWriteItemsCommand({ TransactItems: [put('A'), put('B')] }));
      return 'done';
    } catch (error) {
      const { name, CancellationReasons } = error as Error & { CancellationReasons?: { Code: string }[] };
      return { name, codes: CancellationReasons?.map(({ Code }) => Code) };
    }
  },
  put: ({ pk = '', sk = '', ttl }) =>
    outcome(
      withoutRetries.send(
        new PutItemCommand({
          TableName,
          Item: {
            pk: { S: pk },
            sk: { S: sk },
            ...(ttl !== undefined && { ttl: { N: String(ttl) } }),
          },
        }),
      ),
    ),
  remove: ({ pk = '', sk = '' }) =>
    outcome(withoutRetries.send(new DeleteItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } } }))),
  async list({ pk = '' }) {
    const { Items } = await withRetries.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pk } },
      }),
    );
    return Items;
  },
  async post({ connectionId: ConnectionId, frames = [], timeoutMs = 2_000 }) {
    const outcomes: string[] = [];
    for (const Data of frames) {
      const abortSignal = AbortSignal.timeout(timeoutMs);
      const posting = connections.send(new PostToConnectionCommand({ ConnectionId, Data }), { abortSignal });
      outcomes.push(await outcome(posting));
    }
    return outcomes;
  },
  /** Answers at once, and leaves a timer behind. */
  async leaveTimer() {
    timerRanAt = undefined;
    setTimeout(() => (timerRanAt = Date.now()), 200);
  },
  timer: async () => ({ ranAt: timerRanAt }),
  /** Answers at once, and leaves a request behind. */
  async leaveRequest({ pk = '' }) {
    void outcome(
      withoutRetries.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: 'LEFT' } } })),
    );
  },
  /** Answers at once, and leaves the reading of a file behind. */
  async leaveFile() {
    void outcome(readFile(process.execPath));
  },
  describe: ({ connectionId: ConnectionId }) =>
    outcome(connections.send(new GetConnectionCommand({ ConnectionId }))),
  close: ({ connectionId: ConnectionId }) =>
    outcome(connections.send(new DeleteConnectionCommand({ ConnectionId }))),
  async invoke({ name, type, payload = '{}' }) {
    const command = { FunctionName: name, InvocationType: type, Payload: Buffer.from(payload) };
    const answer = await lambda.send(new InvokeCommand(command));
    return { error: answer.FunctionError, payload: Buffer.from(answer.Payload ?? []).toString() };
  },
};

export async function handler(event: APIGatewayProxyEventV2): Promise<unknown> {
  const action = actions[event.rawPath.split('/')[2] ?? ''];
  if (action === undefined) return { statusCode: 404 };
  const body: Body = JSON.parse(event.body ?? '{}');
  return { statusCode: 200, body: JSON.stringify(await action(body)) };
}
