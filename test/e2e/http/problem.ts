/** The exact form of error answers, for `toEqual`: a problem document (RFC 9457) with a stable code. */
import { expect } from 'vitest';
import { isDeployedStage } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';

const someText = expect.stringMatching(/\S/);

/** Checks the headers that clients rely on when an answer has this status. */
function isHeadersOf(status: number): (headers: Headers) => boolean {
  return (headers) =>
    /^application\/problem\+json\b/.test(headers.get('content-type') ?? '') &&
    (status !== 401 || /^Bearer\b/.test(headers.get('www-authenticate') ?? '')) &&
    (status !== 429 || Number(headers.get('retry-after')) > 0);
}

/** Matches a whole answer with this status and code, and with no fields beyond those of a problem document. */
export function problem(status: number, code: string): object {
  const errors = expect.toSatisfy(
    (list) =>
      Array.isArray(list) &&
      list.length > 0 &&
      list.every(({ path, message, ...more }) => {
        expect({ path, message, more }).toEqual({ path: expect.any(String), message: someText, more: {} });
        return true;
      }),
    'a list of field errors',
  );
  return {
    status,
    headers: expect.toSatisfy(isHeadersOf(status), 'the headers of a problem'),
    body: {
      type: someText,
      title: someText,
      status,
      detail: someText,
      code,
      request_id: someText,
      ...(code === 'invalid_request' ? { errors } : {}),
    },
  };
}

/** The bodies with which API Gateway itself refuses a request before any function sees it. */
const gatewayMessages = {
  400: 'Bad Request',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
} as const;

/**
 * Matches a problem, and on a deployed stage also the refusal of API Gateway with this status: whether a request for an
 * unusual path or with a large body reaches a function is the gateway's decision. The local runtime must word it itself.
 */
export function problemOrGatewayRefusal(status: keyof typeof gatewayMessages, code: string): object {
  return expect.toSatisfy((answer: Answer) => {
    const isOfGateway = isDeployedStage() && answer.body?.code === undefined;
    expect(answer).toEqual(
      isOfGateway
        ? { status, headers: expect.anything(), body: { message: gatewayMessages[status] } }
        : problem(status, code),
    );
    return true;
  }, 'a problem, or a refusal of the gateway of a deployed stage');
}

/** Matches any one of the given problems. */
export const oneOfProblems = (...problems: object[]): unknown =>
  expect.toSatisfy((answer) => {
    const same = problems.find(({ status }: { status?: number }) => status === answer.status);
    expect(answer).toEqual(same ?? problems[0]);
    return true;
  }, 'one of several problems');

/** Returns an error answer without its request id, so that the answers of two requests can be compared. */
export function withoutRequestId(answer: Answer): unknown {
  const { request_id: _, ...rest } = answer.body;
  return { status: answer.status, type: answer.headers.get('content-type'), ...rest };
}
