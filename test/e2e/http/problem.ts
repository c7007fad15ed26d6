/** The form of every refusal, for `toEqual`: a problem document (RFC 9457) with a stable code. Knows no operation. */
import { expect } from 'vitest';
import type { Answer } from '../api.ts';

const someText = expect.stringMatching(/\S/);

/** What a client can rely on among the headers of that status. */
function isHeadersOf(status: number): (headers: Headers) => boolean {
  return (headers) =>
    /^application\/problem\+json\b/.test(headers.get('content-type') ?? '') &&
    (status !== 401 || /^Bearer\b/.test(headers.get('www-authenticate') ?? '')) &&
    (status !== 429 || Number(headers.get('retry-after')) > 0);
}

/** The whole answer that is that refusal, well-formed, and nothing more. */
export function problem(status: number, code: string): object {
  const errors = expect.toSatisfy(
    (list) =>
      Array.isArray(list) &&
      list.length > 0 &&
      list.every(({ path, message, ...more }) => {
        expect({ path, message, more }).toEqual({ path: expect.any(String), message: someText, more: {} });
        return true;
      }),
    'a list of faults',
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

/** One refusal or the other. */
export const eitherOf = (...problems: object[]): unknown =>
  expect.toSatisfy((answer) => {
    const same = problems.find(({ status }: { status?: number }) => status === answer.status);
    expect(answer).toEqual(same ?? problems[0]);
    return true;
  }, 'one of several problems');

/** What a refusal says, without what differs from one request to the next. */
export function told(answer: Answer): unknown {
  const { request_id: _, ...rest } = answer.body;
  return { status: answer.status, type: answer.headers.get('content-type'), ...rest };
}
