/**
 * Evaluates the identity policies of a role as IAM does: a matching Deny takes precedence over a matching
 * Allow, and without either the call is not allowed. It is plain JavaScript because it runs in the functions'
 * workers.
 */

/** The supported condition keys; `several` says whether a key has multiple values. */
const conditionKeys = new Map([
  ['dynamodb:leadingkeys', { several: true }],
  ['dynamodb:select', { several: false }],
  ['dynamodb:enclosingoperation', { several: false }],
  ['s3:prefix', { several: false }],
]);

const literal = (value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const wildcards = (value) => literal(value).replaceAll('\\*', '.*').replaceAll('\\?', '.');

/** How each operator compares values; a negated operator holds when no value matches. */
const operators = new Map([
  ['StringEquals', { pattern: literal, flags: 's' }],
  ['StringNotEquals', { pattern: literal, flags: 's', negated: true }],
  ['StringEqualsIgnoreCase', { pattern: literal, flags: 'is' }],
  ['StringNotEqualsIgnoreCase', { pattern: literal, flags: 'is', negated: true }],
  ['StringLike', { pattern: wildcards, flags: 's' }],
  ['StringNotLike', { pattern: wildcards, flags: 's', negated: true }],
]);

export function compilePolicy(statements) {
  const compiled = statements.map(compileStatement);
  const denying = ofAction(compiled.filter(({ effect }) => effect === 'Deny'));
  const allowing = ofAction(compiled.filter(({ effect }) => effect === 'Allow'));
  return (call) => {
    const matches = ({ isResource, conditions }) =>
      isResource(call.resource) && conditions.every((holds) => holds(call.context));
    if (denying(call.action).some(matches)) return 'denied';
    return allowing(call.action).some(matches) ? 'allowed' : 'not allowed';
  };
}

/** Finds the statements for an action, and caches them because a function uses the same few actions. */
function ofAction(compiled) {
  const cache = new Map();
  return (action) => {
    let found = cache.get(action);
    if (found === undefined) {
      found = compiled.filter(({ isAction }) => isAction(action));
      cache.set(action, found);
    }
    return found;
  };
}

function compileStatement({ Effect, Action, NotAction, Resource, NotResource, Condition = {}, ...others }) {
  const [unknown] = Object.keys(others).filter((name) => name !== 'Sid');
  if (unknown !== undefined) throw new Error(`the policy element ${unknown}`);
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new Error(`the effect ${Effect}`);
  return {
    effect: Effect,
    isAction: matcher('Action', Action, NotAction, 'is'),
    isResource: matcher('Resource', Resource, NotResource, 's'),
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => compileCondition(operator, key, listOf(values))),
    ),
  };
}

function matcher(name, some, allBut, flags) {
  if ((some === undefined) === (allBut === undefined)) throw new Error(`a statement without one ${name}`);
  const pattern = anyOf(listOf(some ?? allBut), wildcards, flags);
  return some === undefined ? (value) => !pattern.test(value) : (value) => pattern.test(value);
}

function compileCondition(written, key, values) {
  const [, quantifier, name, ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(written) ?? [];
  const operator = operators.get(name);
  if (operator === undefined) throw new Error(`the condition operator ${written}`);
  const known = conditionKeys.get(key.toLowerCase());
  if (known === undefined) throw new Error(`the condition key ${key}`);
  if (known.several !== (quantifier !== undefined)) {
    throw new Error(
      `the condition key ${key} ${known.several ? 'without' : 'with'} ForAllValues or ForAnyValue`,
    );
  }
  const { pattern, flags, negated = false } = operator;
  const expected = anyOf(values, pattern, flags);
  const holds = (value) => expected.test(value) !== negated;
  const lowerKey = key.toLowerCase();
  return (context = {}) => {
    const actual = listOf(valueOf(context, lowerKey) ?? []);
    if (quantifier === 'ForAllValues') return actual.every(holds);
    // An absent value equals nothing, so it satisfies a negated operator.
    if (actual.length === 0) return ifExists !== undefined || (quantifier === undefined && negated);
    return actual.some(holds);
  };
}

function valueOf(context, lowerKey) {
  for (const key in context) if (key.toLowerCase() === lowerKey) return context[key];
  return undefined;
}

function anyOf(values, pattern, flags) {
  const variable = values.find((value) => value.includes('${'));
  if (variable !== undefined) throw new Error(`the policy variable in ${variable}`);
  return new RegExp(`^(?:${values.map(pattern).join('|')})$`, flags);
}

function listOf(value) {
  return Array.isArray(value) ? value : [value];
}
