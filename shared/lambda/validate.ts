/** Validation by the contract's schemas, with faults told by field. */
import type * as z from 'zod';
import type { FieldError } from '../contract/errors.ts';
import { ChatError } from '../domain/chat-error.ts';

/** Throws `invalid_request` with every field that failed. */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ChatError('invalid_request', {
    fields: result.error.issues.flatMap(fieldErrors),
    cause: result.error,
  });
}

/** At most this many faults are told, and none echoes what was sent. */
const pathLength = 100;

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String).join('.').slice(0, pathLength);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, 20).map((key) => ({
      path: [path, key.slice(0, pathLength)].filter((part) => part !== '').join('.'),
      message: 'is not a known field',
    }));
  }
  return [{ path, message: issue.message }];
}
