/** Validation by the contract's schemas, with faults told by field. */
import type * as z from 'zod';
import type { FieldError } from '../contract/errors.ts';
import { ChatError } from '../domain/chat-error.ts';

/** Throws `invalid_request` with every field that failed. */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ChatError('invalid_request', {
    fields: result.error.issues.map(fieldError),
    cause: result.error,
  });
}

/** A path may hold keys that the client chose; nothing else of the input is echoed. */
const maxPathLength = 100;

function fieldError({ path, message }: z.core.$ZodIssue): FieldError {
  return { path: path.map(String).join('.').slice(0, maxPathLength), message };
}
