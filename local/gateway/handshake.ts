/** The opening handshake of a WebSocket: its validation, and the answer by the result of `$connect`. */
import type { GatewayAnswer } from './gateway-answer.ts';
import { messageAnswer } from './gateway-answer.ts';
import { headerValue, headerValues, type GatewayRequest } from './gateway-request.ts';
import type { IntegrationOutcome } from './integration.ts';
import { readProxyResult } from './proxy-result.ts';
import type { WebSocketEvent } from './web-socket-event.ts';

export type HandshakeVerdict =
  { accepted: true; subprotocol?: string } | { accepted: false; answer: GatewayAnswer; problem?: string };

const token = String.raw`[!#$%&'*+\-.^_\`|~\w]+`;
const tokenList = new RegExp(`^${token}(?:[ \t]*,[ \t]*${token})*$`);

function offeredSubprotocols(request: GatewayRequest): string[] | undefined {
  const lines = headerValues(request.rawHeaders, 'sec-websocket-protocol');
  if (lines.length === 0) return [];
  const offered = lines.join(', ');
  const list = offered.split(/[ \t]*,[ \t]*/);
  return tokenList.test(offered) && new Set(list).size === list.length ? list : undefined;
}

/** Whether a request is a valid opening handshake; `$connect` does not run for one that cannot succeed. */
export function isOpeningHandshake(request: GatewayRequest): boolean {
  return (
    request.method === 'GET' &&
    /^[+/0-9A-Za-z]{22}==$/.test(headerValue(request.rawHeaders, 'sec-websocket-key') ?? '') &&
    headerValue(request.rawHeaders, 'sec-websocket-version') === '13' &&
    offeredSubprotocols(request) !== undefined
  );
}

/** Translates the outcome of `$connect`: a 2xx opens the socket, any other status is the answer. */
export function handshakeVerdict(
  request: GatewayRequest,
  event: WebSocketEvent,
  outcome: IntegrationOutcome,
): HandshakeVerdict {
  const { requestId } = event.requestContext;
  const ids = { connectionId: String(event.requestContext['connectionId']), requestId };
  if (outcome.kind === 'timeout') {
    const answer = messageAnswer(504, 'Endpoint request timed out', ids);
    return { accepted: false, answer, problem: 'the function took longer than an integration may' };
  }
  const result = outcome.kind === 'returned' ? readProxyResult(outcome.value) : undefined;
  if (!result) {
    const problem =
      outcome.kind === 'failed' ? outcome.errorType : 'the function returned a malformed proxy result';
    return { accepted: false, answer: messageAnswer(502, 'Internal server error', ids), problem };
  }
  if (result.status > 299) {
    const headers = [...result.headers].flat();
    return { accepted: false, answer: { status: result.status, headers, body: result.body } };
  }
  // API Gateway never chooses a subprotocol: unless the function did, a browser that offered one fails.
  const [, chosen] =
    [...result.headers].find(([name]) => name.toLowerCase() === 'sec-websocket-protocol') ?? [];
  const offered = offeredSubprotocols(request) ?? [];
  return chosen !== undefined && offered.includes(chosen)
    ? { accepted: true, subprotocol: chosen }
    : { accepted: true };
}
