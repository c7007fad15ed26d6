/** Evaluates the forms of DynamoDB's conditions that the stores use. */
import type { Item } from '../../../shared/storage/item.ts';
import type { Condition } from '../../../shared/storage/condition.ts';

/** Whether the condition holds for the stored item. Throws for a form that is not supported. */
export function holds(condition: Condition | undefined, item: Item | undefined): boolean {
  if (condition === undefined) return true;
  const { names = {}, values = {} } = condition;
  const valueOf = (operand: string): unknown => {
    if (operand.startsWith(':')) return values[operand];
    const size = /^size\((.+)\)$/.exec(operand);
    if (size) return (attribute(item, size[1]!, names) as unknown[] | undefined)?.length;
    return attribute(item, operand, names);
  };

  function term(text: string): boolean {
    const existence = /^attribute_(not_)?exists\((.+)\)$/.exec(text);
    if (existence) return (attribute(item, existence[2]!, names) === undefined) === Boolean(existence[1]);
    const membership = /^(NOT )?(\S+) IN \((.+)\)$/.exec(text);
    if (membership) {
      const list = membership[3]!.split(',').map((value) => valueOf(value.trim()));
      return list.includes(valueOf(membership[2]!)) !== Boolean(membership[1]);
    }
    const comparison = /^(\S+) (=|<>|<|>) (\S+)$/.exec(text);
    if (!comparison) throw new Error(`The condition ${text} has an unsupported form`);
    const [left, right] = [valueOf(comparison[1]!), valueOf(comparison[3]!)] as [number, number];
    if (left === undefined) return false;
    if (comparison[2] === '=') return left === right;
    if (comparison[2] === '<>') return left !== right;
    return comparison[2] === '<' ? left < right : left > right;
  }

  const either = (text: string): boolean => split(text, ' OR ').some((part) => both(part));
  const both = (text: string): boolean =>
    split(text, ' AND ').every((part) => (part.startsWith('(') ? either(part.slice(1, -1)) : term(part)));
  return either(condition.if);
}

/** Splits at the word, except inside parentheses. */
function split(text: string, word: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0 && text.startsWith(word, index)) {
      parts.push(text.slice(from, index));
      from = index + word.length;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim());
}

function attribute(item: Item | undefined, path: string, names: Record<string, string>): unknown {
  return path
    .split('.')
    .reduce<unknown>((inside, name) => (inside as Item | undefined)?.[names[name] ?? name], item);
}
