/** Evaluates DynamoDB's condition expressions: every form that the stores use. */
import type { Condition } from '../../../shared/storage/condition.ts';
import type { Item } from '../../../shared/storage/item.ts';
import { valueAt } from './paths.ts';

interface Scope {
  item: Item | undefined;
  names: Record<string, string>;
  values: Item;
}

type Operand = (scope: Scope) => unknown;
type Predicate = (scope: Scope) => boolean;

/** Parsed expressions, because the stores use a few dozen of them over and over. */
const parsed = new Map<string, Predicate>();

/**
 * Returns whether the condition holds for the stored item.
 * @throws an Error when the expression has an unsupported form, or names a placeholder that has no value
 */
export function holds(condition: Condition | undefined, item: Item | undefined): boolean {
  if (condition === undefined) return true;
  const { names = {}, values = {} } = condition;
  const predicate = parsed.get(condition.if) ?? parseCondition(condition.if);
  parsed.set(condition.if, predicate);
  for (const [placeholder, value] of Object.entries(values)) {
    if (value === undefined) throw new Error(`The condition ${condition.if} has no value for ${placeholder}`);
  }
  return predicate({ item, names, values });
}

type Comparator = (left: unknown, right: unknown) => boolean;

const comparators: Record<string, Comparator> = {
  '=': (left, right) => left === right,
  '<>': (left, right) => left !== right,
  '<': ordered((left, right) => left < right),
  '<=': ordered((left, right) => left <= right),
  '>': ordered((left, right) => left > right),
  '>=': ordered((left, right) => left >= right),
};

/** Values of different types have no order, and neither has a missing attribute. */
function ordered(compare: (left: number | string, right: number | string) => boolean): Comparator {
  return (left, right) =>
    ((typeof left === 'number' && typeof right === 'number') ||
      (typeof left === 'string' && typeof right === 'string')) &&
    compare(left, right);
}

function parseCondition(text: string): Predicate {
  const tokens = text.match(/[(),]|<>|<=|>=|[<>=]|[^\s(),<>=]+/g) ?? [];
  let next = 0;
  const unsupported = (): Error => new Error(`The condition ${text} has an unsupported form`);

  function accept(token: string): boolean {
    if (tokens[next] !== token) return false;
    next += 1;
    return true;
  }

  function expect(token: string): void {
    if (!accept(token)) throw unsupported();
  }

  function take(): string {
    const token = tokens[next];
    if (token === undefined) throw unsupported();
    next += 1;
    return token;
  }

  function either(): Predicate {
    const parts = [both()];
    while (accept('OR')) parts.push(both());
    return (scope) => parts.some((part) => part(scope));
  }

  function both(): Predicate {
    const parts = [negated()];
    while (accept('AND')) parts.push(negated());
    return (scope) => parts.every((part) => part(scope));
  }

  function negated(): Predicate {
    if (!accept('NOT')) return term();
    const part = negated();
    return (scope) => !part(scope);
  }

  function term(): Predicate {
    if (accept('(')) {
      const inside = either();
      expect(')');
      return inside;
    }
    if (tokens[next] === 'attribute_exists' || tokens[next] === 'attribute_not_exists') {
      const isMissing = take() === 'attribute_not_exists';
      expect('(');
      const value = operand();
      expect(')');
      return (scope) => (value(scope) === undefined) === isMissing;
    }
    const left = operand();
    if (accept('IN')) {
      expect('(');
      const options = [operand()];
      while (accept(',')) options.push(operand());
      expect(')');
      return (scope) => options.some((option) => option(scope) === left(scope));
    }
    const compare = comparators[take()];
    if (compare === undefined) throw unsupported();
    const right = operand();
    return (scope) => compare(left(scope), right(scope));
  }

  function operand(): Operand {
    const token = take();
    if (/^[(),<>=]/.test(token)) throw unsupported();
    if (token.startsWith(':')) {
      return ({ values }) => {
        if (!(token in values)) throw new Error(`The condition ${text} has no value for ${token}`);
        return values[token];
      };
    }
    return ({ item, names }) => valueAt(item, token, names);
  }

  const predicate = either();
  if (next < tokens.length) throw unsupported();
  return predicate;
}
