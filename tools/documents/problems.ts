/** The error answers of HTTP as OpenAPI shows them: one Problem schema, and one response for each set of codes. */
import { errorCodes, type ErrorCode } from '../../shared/contract/errors.ts';
import type { Method, Operation } from '../../shared/contract/http/operation.ts';
import { namesOf } from './json-schema.ts';

export const problemSchema = {
  type: 'object',
  description: 'An error, in the form of RFC 9457.',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string', description: 'The same for every error with this code.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What is wrong with this request, for people.' },
    code: {
      type: 'string',
      enum: Object.keys(errorCodes),
      description: 'A stable name; decide by this one.',
    },
    request_id: { type: 'string', description: 'Finds this request in the server’s logs.' },
    errors: {
      type: 'array',
      description: 'The fields that failed validation.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'In dots; empty for the body as a whole.' },
          message: { type: 'string' },
        },
      },
    },
  },
};

const bodyMethods: ReadonlySet<Method> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Whether an operation reads a body when it is called with that method. */
export function takesBody(operation: Operation, method: Method): boolean {
  return operation.body !== undefined && bodyMethods.has(method);
}

/** Every code that an operation can answer with when it is called with that method. */
export function codesOf(operation: Operation, method: Method): ErrorCode[] {
  const hasBody = takesBody(operation, method);
  const hasInput = hasBody || operation.params !== undefined || operation.query !== undefined;
  const codes = new Set<ErrorCode>(operation.errors);
  if (hasInput) codes.add('invalid_request');
  if (operation.auth !== 'none') codes.add('unauthorized');
  if (hasBody) codes.add('payload_too_large').add('unsupported_media_type');
  codes.add('rate_limited').add('internal_error');
  // The documents are static; everything else has a database that may ask for patience.
  if (operation.tag !== 'Documentation') codes.add('try_again');
  return namesOf(errorCodes).filter((code) => codes.has(code));
}

/** `room_name_taken` as `RoomNameTaken`. */
function pascalCase(code: string): string {
  return code.replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** The name of the shared response for codes with one status. */
export function problemResponseName(codes: readonly ErrorCode[]): string {
  return codes.map(pascalCase).join('Or');
}

function exampleOf(code: ErrorCode) {
  const { status, title } = errorCodes[code];
  const problem = {
    type: 'about:blank',
    title,
    status,
    detail: `${title}.`,
    code,
    request_id: 'BFaT_fALIAMCKug=',
  };
  return code === 'invalid_request'
    ? { ...problem, errors: [{ path: 'content', message: 'takes 1 to 4000 characters after trimming' }] }
    : problem;
}

/** The response for codes that share one status. */
export function problemResponse(codes: readonly ErrorCode[]) {
  const retryAfter = {
    'Retry-After': {
      description: 'Seconds to wait.',
      schema: { type: 'integer', minimum: 1 },
    },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}.`).join(' '),
    ...(codes.includes('rate_limited') && { headers: retryAfter }),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}
