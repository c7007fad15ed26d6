/** Validates values by the schemas of the contract. */
import type * as z from 'zod';
import type { FieldError } from '../contract/errors.ts';
import { ChatError } from '../domain/chat-error.ts';
import { describeIssue } from './describe-issue.ts';

/**
 * Returns the parsed value.
 * @throws ChatError `invalid_request` with every invalid field
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  throw new ChatError('invalid_request', {
    fields: result.error.issues.map(fieldError),
    cause: result.error,
  });
}

/** The path of a field may contain keys that the client chose. Nothing else of the input is repeated in the error. */
const maxPathLength = 100;

function fieldError({ path, message }: z.core.$ZodIssue): FieldError {
  return { path: path.map(String).join('.').slice(0, maxPathLength), message };
}
