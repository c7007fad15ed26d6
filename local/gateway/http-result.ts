/** Translates the outcome of a function call into the answer of the HTTP API. */
import { messageAnswer, type GatewayAnswer } from './gateway-answer.ts';
import type { IntegrationOutcome } from './integration.ts';
import { isObject } from '../json-object.ts';
import { readProxyResult } from './proxy-result.ts';

/** Returns the answer for the client and, if the gateway makes it itself, the problem for the log. */
export function httpResult(
  outcome: IntegrationOutcome,
  withCors: boolean,
): { answer: GatewayAnswer; problem?: string } {
  if (outcome.kind === 'timeout') {
    return {
      answer: messageAnswer(503, 'Service Unavailable'),
      problem: 'the function took longer than an integration may',
    };
  }
  if (outcome.kind === 'failed') {
    return { answer: messageAnswer(500, 'Internal Server Error'), problem: outcome.errorType };
  }
  // Payload format 2.0 treats any result without a status as the body of a 200.
  if (!isObject(outcome.value) || !('statusCode' in outcome.value)) {
    const body = Buffer.from(outcome.text);
    return { answer: { status: 200, headers: ['content-type', 'application/json'], body } };
  }
  const result = readProxyResult(outcome.value);
  if (!result)
    return {
      answer: messageAnswer(500, 'Internal Server Error'),
      problem: 'the function returned a malformed proxy result',
    };
  const headers: string[] = [];
  let typed = false;
  for (const [name, value] of result.headers) {
    const lower = name.toLowerCase();
    if (withCors && lower.startsWith('access-control-')) continue;
    typed ||= lower === 'content-type';
    headers.push(lower, value);
  }
  if (!typed && result.body.length > 0) headers.push('content-type', 'text/plain; charset=utf-8');
  for (const cookie of result.cookies) headers.push('set-cookie', cookie);
  return { answer: { status: result.status, headers, body: result.body } };
}
