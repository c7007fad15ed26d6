/**
 * Matches stream records against the filter patterns of an event source mapping, by the rules of AWS's event
 * patterns: all fields must match, and of the conditions in a list at least one.
 */

import { isObject } from '../json-object.ts';
import { StartFailure } from '../start-failure.ts';

export type RecordPredicate = (record: unknown) => boolean;

/**
 * Compiles patterns to a predicate, which is true when a pattern matches or there is no pattern.
 * @throws StartFailure when a pattern uses a condition that is not supported
 */
export function compileFilters(patterns: unknown[]): RecordPredicate {
  if (patterns.length === 0) return () => true;
  const predicates = patterns.map(compilePattern);
  return (record) => predicates.some((matches) => matches(record));
}

function compilePattern(pattern: unknown): RecordPredicate {
  if (Array.isArray(pattern)) return compileConditions(pattern);
  if (!isObject(pattern))
    throw new StartFailure(
      `The fields of a stream filter must be lists or objects, not ${JSON.stringify(pattern)}`,
    );
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

/** A list in the record matches when one of its elements does. */
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
      // `exists` applies to leaf values only; an object counts as absent.
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
        `A stream filter uses the condition ${JSON.stringify(condition)}, which the local runtime does not support`,
      );
  }
}

/** `prefix` and `suffix` ignore case when they contain `{"equals-ignore-case": …}`. */
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
  // DynamoDB writes numbers as text, but Lambda's filters compare them as numbers.
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
        `A stream filter compares numbers with ${operator}, which the local runtime does not support`,
      );
  }
}

function asList(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new StartFailure(`${name} in a stream filter must be a list, not ${JSON.stringify(value)}`);
}
