/** The form of every refusal: a problem document (RFC 9457) with a stable code. Knows no operation. */
import { expect } from 'vitest';
import type { Answer } from '../api.ts';

const someText = expect.stringMatching(/\S/);

/** Fails unless the answer is that refusal, whole and well-formed, and nothing more. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body?.code }, JSON.stringify(answer.body)).toEqual({
    status,
    code,
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  const { errors, ...problem } = answer.body;
  expect(problem).toEqual({
    type: someText,
    title: someText,
    status,
    detail: someText,
    code,
    request_id: someText,
  });
  if (code === 'invalid_request') {
    expect(errors).not.toHaveLength(0);
    for (const error of errors) expect(error).toEqual({ path: expect.any(String), message: someText });
  } else {
    expect(errors).toBeUndefined();
  }
  if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
}

/** What a refusal says, without what differs from one request to the next. */
export function told(answer: Answer): unknown {
  const { request_id: _, ...rest } = answer.body;
  return { status: answer.status, type: answer.headers.get('content-type'), ...rest };
}
