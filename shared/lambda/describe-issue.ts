/** Describes the fault of a field as the end of a sentence, for the issues to which a schema gives no words of its own. */
import type * as z from 'zod';

/** What a value must be, by the type that a schema expects. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
};

const formatNames: Readonly<Record<string, string>> = {
  uuid: 'a UUID',
  datetime: 'a time in ISO 8601 format',
  url: 'an address',
};

/** For the option `error` of a parser. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is required';
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return describeSize(issue.origin, Number(issue.minimum), 'at least');
    case 'too_big':
      return describeSize(issue.origin, Number(issue.maximum), 'at most');
    case 'invalid_format':
      if (issue.format === 'email') return 'must have the form ann@mail.example';
      return `must be ${formatNames[issue.format] ?? 'text of another form'}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'has unknown fields';
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'is not valid';
  }
}

function describeSize(origin: string, size: number, bound: 'at least' | 'at most'): string {
  if (origin === 'string' && size === 1 && bound === 'at least') return 'must not be empty';
  if (origin === 'string') return `must have ${bound} ${size} characters`;
  if (origin === 'array') return `must have ${bound} ${size} entries`;
  return `must be ${bound} ${size}`;
}
