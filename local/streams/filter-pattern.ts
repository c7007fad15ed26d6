/**
 * Matches stream records against the filter patterns of an event source mapping.
 * The rules are those of AWS's event patterns: fields are and-ed, the conditions in a list are or-ed.
 */

import { StartFailure } from '../start-failure.ts';

export type RecordPredicate = (record: unknown) => boolean;

/** A predicate for the patterns: true when one matches, or when there is none. A StartFailure names an unknown condition. */
export function compileFilters(patterns: unknown[]): RecordPredicate {
  if (patterns.length === 0) return () => true;
  const predicates = patterns.map(compilePattern);
  return (record) => predicates.some((matches) => matches(record));
}

function compilePattern(pattern: unknown): RecordPredicate {
  if (Array.isArray(pattern)) return compileConditions(pattern);
  if (!isObject(pattern))
    throw new StartFailure(`A filter's fields hold lists or objects, not ${JSON.stringify(pattern)}`);
  const fields = Object.entries(pattern).map(([name, member]): RecordPredicate => {
    if (name === '$or') {
      const alternatives = asList(name, member).map(compilePattern);
      return (value) => alternatives.some((matches) => matches(value));
    }
    const matches = compilePattern(member);
    return (value) => matches(isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
  });
  return (value) => fields.every((matches) => matches(value));
}

/** A list value matches when one of its elements does, as with event patterns everywhere on AWS. */
function compileConditions(conditions: unknown[]): RecordPredicate {
  const predicates = conditions.map(compileCondition);
  return (value) =>
    Array.isArray(value)
      ? value.some((element) => predicates.some((matches) => matches(element)))
      : predicates.some((matches) => matches(value));
}

function compileCondition(condition: unknown): RecordPredicate {
  if (!isObject(condition)) return (value) => value === condition;
  const [name, argument] = Object.entries(condition)[0] ?? [''];
  switch (name) {
    case 'prefix':
      return textCondition(argument, (value, expected) => value.startsWith(expected));
    case 'suffix':
      return textCondition(argument, (value, expected) => value.endsWith(expected));
    case 'equals-ignore-case':
      return textCondition(argument, (value, expected) => value.toLowerCase() === expected.toLowerCase());
    case 'exists':
      // Only a leaf exists or does not; an object in its place counts as absent.
      return (value) => (value !== undefined && !isObject(value)) === argument;
    case 'anything-but': {
      const excluded = (Array.isArray(argument) ? argument : [argument]).map(compileCondition);
      return (value) =>
        value !== undefined && !isObject(value) && !excluded.some((matches) => matches(value));
    }
    case 'numeric':
      return numericCondition(asList(name, argument));
    default:
      throw new StartFailure(
        `A filter uses the condition ${JSON.stringify(condition)}, which the local runtime does not know`,
      );
  }
}

/** With `{"equals-ignore-case": …}` inside, `prefix` and `suffix` ignore case too. */
function textCondition(
  argument: unknown,
  holds: (value: string, expected: string) => boolean,
): RecordPredicate {
  if (isObject(argument)) {
    const expected = String(argument['equals-ignore-case']).toLowerCase();
    return (value) => typeof value === 'string' && holds(value.toLowerCase(), expected);
  }
  return (value) => typeof value === 'string' && holds(value, String(argument));
}

function numericCondition(comparisons: unknown[]): RecordPredicate {
  const predicates = Array.from({ length: comparisons.length / 2 }, (_, index) => {
    const operator = String(comparisons[index * 2]);
    const bound = Number(comparisons[index * 2 + 1]);
    return comparison(operator, bound);
  });
  // DynamoDB writes numbers as text, and Lambda's filters compare them as numbers all the same.
  return (value) => {
    const isNumeric = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
    return isNumeric && predicates.every((holds) => holds(Number(value)));
  };
}

function comparison(operator: string, bound: number): (value: number) => boolean {
  switch (operator) {
    case '=':
      return (value) => value === bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    default:
      throw new StartFailure(
        `A filter compares numbers by ${operator}, which the local runtime does not know`,
      );
  }
}

function asList(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new StartFailure(`A filter's ${name} takes a list, not ${JSON.stringify(value)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
