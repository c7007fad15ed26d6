/** The body of an HTTP request: its type, its size, its JSON. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { limits } from '../contract/limits.ts';
import { ChatError, invalidField } from '../domain/chat-error.ts';

type Incoming = Pick<APIGatewayProxyEventV2, 'body' | 'headers' | 'isBase64Encoded'>;

/** Undefined without a body. Throws `payload_too_large`, `unsupported_media_type`, `invalid_request`. */
export function readJsonBody({ body, headers, isBase64Encoded }: Incoming): unknown {
  if (body === undefined || body === '') return undefined;
  const bytes = isBase64Encoded ? Buffer.from(body, 'base64') : Buffer.from(body);
  if (bytes.length > limits.httpBodyBytes) {
    throw new ChatError('payload_too_large', {
      detail: `A body takes at most ${limits.httpBodyBytes} bytes`,
    });
  }
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') throw new ChatError('unsupported_media_type');
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    // The parser's own message would quote what was sent.
    throw invalidField('', 'is not JSON');
  }
}
