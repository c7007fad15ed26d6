/** Parses the body of an HTTP request after checking its size, type and encoding. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as limits from '../contract/limits.ts';
import { ChatError, invalidField } from '../domain/chat-error.ts';

type IncomingRequest = Pick<APIGatewayProxyEventV2, 'body' | 'headers' | 'isBase64Encoded'>;

/**
 * Returns the parsed body; undefined without a body.
 * @throws ChatError `payload_too_large`, `unsupported_media_type`, `invalid_request`
 */
export function readJsonBody({ body, headers, isBase64Encoded }: IncomingRequest): unknown {
  if (body === undefined || body === '') return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > limits.httpBodyBytes) {
    throw new ChatError('payload_too_large', {
      detail: `A request body may have at most ${limits.httpBodyBytes} bytes.`,
    });
  }
  if (!isPlainJson(headers)) throw new ChatError('unsupported_media_type');
  try {
    // With `fatal` the decoder throws for invalid UTF-8; by default it would insert replacement characters.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
  } catch {
    // The parser's error is not passed on as the cause, because it quotes the body.
    throw invalidField('', 'is not JSON');
  }
}

/** Accepts UTF-8 only, as JSON requires, and no compressed body, since its uncompressed size has no bound. */
function isPlainJson(headers: IncomingRequest['headers']): boolean {
  const [mediaType = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charsets = parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(parameter)?.[1]);
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  return (
    mediaType.trim() === 'application/json' &&
    charsets.every((charset) => charset === undefined || charset === 'utf-8' || charset === 'utf8') &&
    (encoding === 'identity' || encoding === '')
  );
}
