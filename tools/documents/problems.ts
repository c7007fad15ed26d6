/** The HTTP error answers in the OpenAPI document: one schema, and one response for each combination of codes. */
import { errorCodes, type ErrorCode } from '../../shared/contract/errors.ts';
import type { Method, Operation } from '../../shared/contract/http/operation.ts';
import { problemOf, type Problem } from '../../shared/contract/problem.ts';
import { namesOf } from './json-schema.ts';

export const problemSchema = {
  type: 'object',
  description: 'An error as a problem document (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string', description: 'The name of the error, the same for every error with this code.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'A sentence to show to the user.' },
    code: {
      type: 'string',
      enum: Object.keys(errorCodes),
      description: 'The stable name of the error. Use it to decide what to do.',
    },
    request_id: { type: 'string', description: 'Identifies the request in the logs of the server.' },
    errors: {
      type: 'array',
      description: 'The fields of the request that are invalid.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: {
            type: 'string',
            description: 'The path of the field in dots; empty for the body as a whole.',
          },
          message: { type: 'string' },
        },
      },
    },
  },
};

const bodyMethods: ReadonlySet<Method> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Whether the operation reads a request body with this method. */
export function takesBody(operation: Operation, method: Method): boolean {
  return operation.body !== undefined && bodyMethods.has(method);
}

/** Returns the codes of all errors that the operation can answer with this method. */
export function codesOf(operation: Operation, method: Method): ErrorCode[] {
  const hasBody = takesBody(operation, method);
  const hasInput = hasBody || operation.params !== undefined || operation.query !== undefined;
  const codes = new Set<ErrorCode>(operation.errors);
  if (hasInput) codes.add('invalid_request');
  if (operation.auth !== 'none') codes.add('unauthorized');
  if (hasBody) codes.add('payload_too_large').add('unsupported_media_type');
  codes.add('rate_limited').add('internal_error');
  // The documents are static. Every other operation uses the database, which may be throttled.
  if (operation.tag !== 'Documentation') codes.add('try_again');
  return namesOf(errorCodes).filter((code) => codes.has(code));
}

/** Turns `room_name_taken` into `RoomNameTaken`. */
function pascalCase(code: string): string {
  return code.replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** Returns the name of the response that codes of one status share. */
export function problemResponseName(codes: readonly ErrorCode[]): string {
  return codes.map(pascalCase).join('Or');
}

function exampleOf(code: ErrorCode): Problem {
  const fields =
    code === 'invalid_request'
      ? [{ path: 'content', message: 'The message must have 1 to 4000 characters after trimming.' }]
      : undefined;
  return problemOf(code, 'BFaT_fALIAMCKug=', { fields });
}

/** The errors whose answers always say when to try again. */
const withRetryAfter = new Set<ErrorCode>(['rate_limited', 'upload_not_checked']);

/** Returns the response that codes of one status share. */
export function problemResponse(codes: readonly ErrorCode[]) {
  const retryAfter = {
    'Retry-After': {
      description: 'How many seconds to wait.',
      schema: { type: 'integer', minimum: 1 },
    },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodes[code].detail}`).join(' '),
    ...(codes.some((code) => withRetryAfter.has(code)) && { headers: retryAfter }),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}
