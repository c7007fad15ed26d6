/** The body of an HTTP request: its type, its size, its encoding, its JSON. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { limits } from '../contract/limits.ts';
import { ChatError, invalidField } from '../domain/chat-error.ts';

type Incoming = Pick<APIGatewayProxyEventV2, 'body' | 'headers' | 'isBase64Encoded'>;

/** Undefined without a body. Throws `payload_too_large`, `unsupported_media_type`, `invalid_request`. */
export function readJsonBody({ body, headers, isBase64Encoded }: Incoming): unknown {
  if (body === undefined || body === '') return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > limits.httpBodyBytes) {
    throw new ChatError('payload_too_large', {
      detail: `A request body may have at most ${limits.httpBodyBytes} bytes.`,
    });
  }
  if (!isPlainJson(headers)) throw new ChatError('unsupported_media_type');
  try {
    // The decoder throws for what is not UTF-8, where another would put signs of its own in its place.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
  } catch {
    // The parser's own message would quote what was sent.
    throw invalidField('', 'is not JSON');
  }
}

/** JSON is UTF-8 and nothing else; what is compressed would grow to any size, and is not taken. */
function isPlainJson(headers: Incoming['headers']): boolean {
  const [mediaType = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charsets = parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(parameter)?.[1]);
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  return (
    mediaType.trim() === 'application/json' &&
    charsets.every((charset) => charset === undefined || charset === 'utf-8' || charset === 'utf8') &&
    (encoding === 'identity' || encoding === '')
  );
}
