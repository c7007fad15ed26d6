/** The chat function with handlers of a test, and requests to it. */
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { vi } from 'vitest';
import { operations } from '../../../shared/contract/http/operations.ts';
import type { TokenHolder } from '../../../shared/domain/accounts/revocation.ts';
import { ChatError } from '../../../shared/domain/chat-error.ts';
import type { Charge } from '../../../shared/domain/rate-limits/user-budget.ts';
import { httpFunction, type HttpAnswer } from '../../../shared/lambda/http-function.ts';
import { ann, manualClock, uuid } from '../../kit/memory-chat/system.ts';

export type AnyHandler = (request: any) => Promise<HttpAnswer>;

/** Accepts the access token `good`, as one of ann. */
export const tokens = {
  verifyAccess: async (token: string) => {
    if (token === 'good') return ann;
    throw new ChatError('unauthorized');
  },
};

/** Counts a hit of a rate limit; never refuses one by default. */
export const spend = vi.fn(async (_rate: string, _userId: string): Promise<void> => undefined);

/** Never refuses to spend. */
export const budget = {
  spend: vi.fn(async (_userId: string, _charge: Charge): Promise<void> => undefined),
  spendLight: vi.fn((_userId: string): void => undefined),
};

/** No session has ended. */
export const revocations = { isRevoked: async (_holder: TokenHolder) => false };

/** Returns the chat function. Operations without a handler among the overrides fail. */
export function chat(
  overrides: Partial<Record<keyof typeof operations, AnyHandler>> = {},
  signedOut = revocations,
) {
  const rows = Object.entries(operations).filter(([, row]) => row.function === 'chat');
  const unused: AnyHandler = () => Promise.reject(new Error('not used here'));
  const handlers = Object.fromEntries(
    rows.map(([name]) => [name, overrides[name as keyof typeof operations] ?? unused]),
  );
  return httpFunction('chat', handlers as never, {
    tokens,
    revocations: signedOut,
    rates: { spend },
    budget,
    clock: manualClock(),
  });
}

export interface SentRequest {
  method?: string;
  path?: string;
  body?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  isBase64Encoded?: boolean;
}

/** Sends a request in payload format 2.0 and returns the parsed answer. */
export async function call(
  run: ReturnType<typeof chat>,
  { method = 'GET', path = '/chat/rooms/', body, headers = {}, query, isBase64Encoded = false }: SentRequest,
) {
  const event = {
    version: '2.0',
    routeKey: 'ANY /chat/{proxy+}',
    rawPath: path,
    headers: {
      authorization: 'Bearer good',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    pathParameters: { proxy: path.slice('/chat/'.length) },
    requestContext: { requestId: 'request-1', http: { method, path, sourceIp: '10.0.0.1' } },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded,
  } as unknown as APIGatewayProxyEventV2;
  const {
    statusCode,
    headers: answered = {},
    body: text,
  } = await run(event, {
    awsRequestId: 'i-1',
    getRemainingTimeInMillis: () => 6,
  } as Context);
  return {
    status: statusCode,
    headers: answered as Record<string, string>,
    text,
    json: text === undefined ? undefined : JSON.parse(text),
  };
}

/** A valid room of ann. */
export const room = {
  room_id: uuid(5),
  room_name: 'general',
  created_at: '2026-11-22T12:00:00.000Z',
  creator_id: ann.userId,
  creator_username: 'ann',
  description: '',
  is_private: false,
  is_direct: false,
  message_count: 0,
  member_count: 1,
};
