/** Evaluates CloudFormation's intrinsic functions, with `Ref` and `Fn::GetAtt` from the caller. */

import { isObject } from '../json-object.ts';
import { StartFailure } from '../start-failure.ts';

export interface PseudoParameters {
  region: string;
  accountId: string;
  stackName: string;
}

export interface TemplateScope {
  pseudo: PseudoParameters;
  /** The default values of the template's parameters. */
  parameters: Record<string, unknown>;
  /** The template's `Conditions`, unevaluated. */
  conditions: Record<string, unknown>;
  mappings: Record<string, Record<string, Record<string, unknown>>>;
  ref(logicalId: string): string;
  getAtt(logicalId: string, attribute: string): string;
}

/** Represents `AWS::NoValue` until the member or element that contains it is removed. */
const noValue = Symbol('AWS::NoValue');

/**
 * Evaluates all intrinsic functions in a value.
 * @throws StartFailure when one is not supported
 */
export function resolve(value: unknown, scope: TemplateScope): unknown {
  const resolved = evaluate(value, scope);
  return resolved === noValue ? undefined : resolved;
}

/** Like `resolve`, for each member of an object. */
export function resolveMembers(members: object, scope: TemplateScope): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members)
      .map(([name, member]) => [name, evaluate(member, scope)] as const)
      .filter(([, member]) => member !== noValue),
  );
}

/** Whether a condition of the template holds. */
export function conditionHolds(name: string, scope: TemplateScope): boolean {
  if (!(name in scope.conditions))
    throw new StartFailure(`The template uses the condition ${name}, which it does not declare`);
  return evaluateCondition(scope.conditions[name], scope);
}

function evaluate(value: unknown, scope: TemplateScope): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => evaluate(element, scope)).filter((element) => element !== noValue);
  }
  if (typeof value === 'string') {
    // References to secrets stay unresolved here; see `openReferences`.
    if (/\{\{resolve:(?!secretsmanager:)/.test(value)) {
      throw new StartFailure(
        `The template uses a dynamic reference that the local runtime does not support: ${value}`,
      );
    }
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = [''], ...others] = Object.entries(value);
  if (others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) {
    return evaluateIntrinsic(key, argument, scope);
  }
  return resolveMembers(value, scope);
}

function evaluateIntrinsic(name: string, argument: unknown, scope: TemplateScope): unknown {
  const intrinsic = intrinsics[name];
  if (intrinsic === undefined) {
    throw new StartFailure(
      `The template uses ${name}, which the local runtime does not support: ${JSON.stringify(argument)}`,
    );
  }
  return intrinsic(argument, scope);
}

const intrinsics: Record<string, (argument: unknown, scope: TemplateScope) => unknown> = {
  Ref: (argument, scope) => evaluateRef(String(argument), scope),
  'Fn::GetAtt'(argument, scope) {
    const [logicalId = '', ...attribute] = Array.isArray(argument)
      ? argument.map(String)
      : String(argument).split('.');
    return scope.getAtt(logicalId, attribute.join('.'));
  },
  'Fn::Join'(argument, scope) {
    const [separator, elements] = argumentsOf('Fn::Join', argument, 2);
    return listOf('Fn::Join', evaluate(elements, scope)).map(asText).join(asText(separator));
  },
  'Fn::Sub'(argument, scope) {
    const [text, variables] = Array.isArray(argument) ? argument : [argument];
    const values = isObject(variables) ? resolveMembers(variables, scope) : {};
    return asText(text).replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (name in values) return asText(values[name]);
      const [logicalId = '', ...attribute] = name.split('.');
      return attribute.length > 0
        ? scope.getAtt(logicalId, attribute.join('.'))
        : asText(evaluateRef(name, scope));
    });
  },
  'Fn::Select'(argument, scope) {
    const [index, elements] = argumentsOf('Fn::Select', argument, 2);
    const list = listOf('Fn::Select', evaluate(elements, scope));
    const position = Number(evaluate(index, scope));
    if (!(position in list))
      throw new StartFailure(
        `Fn::Select selects element ${position} of a list without it: ${JSON.stringify(list)}`,
      );
    return list[position];
  },
  'Fn::Split'(argument, scope) {
    const [separator, text] = argumentsOf('Fn::Split', argument, 2);
    return asText(evaluate(text, scope)).split(asText(separator));
  },
  'Fn::If'(argument, scope) {
    const [condition, then, otherwise] = argumentsOf('Fn::If', argument, 3);
    return evaluate(conditionHolds(asText(condition), scope) ? then : otherwise, scope);
  },
  'Fn::FindInMap'(argument, scope) {
    const [map, first, second] = argumentsOf('Fn::FindInMap', argument, 3).map((part) =>
      asText(evaluate(part, scope)),
    );
    const found = scope.mappings[map!]?.[first!]?.[second!];
    if (found === undefined)
      throw new StartFailure(`The template's mapping ${map} has no entry ${first}.${second}`);
    return found;
  },
  'Fn::Base64': (argument, scope) => Buffer.from(asText(evaluate(argument, scope))).toString('base64'),
};

function evaluateRef(name: string, scope: TemplateScope): unknown {
  const { region, accountId, stackName } = scope.pseudo;
  switch (name) {
    case 'AWS::Region':
      return region;
    case 'AWS::AccountId':
      return accountId;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;
    case 'AWS::NoValue':
      return noValue;
    default:
      if (name.startsWith('AWS::'))
        throw new StartFailure(`The template uses ${name}, which the local runtime does not support`);
      return name in scope.parameters ? scope.parameters[name] : scope.ref(name);
  }
}

function evaluateCondition(condition: unknown, scope: TemplateScope): boolean {
  const [[name, argument] = ['']] = isObject(condition) ? Object.entries(condition) : [];
  switch (name) {
    case 'Condition':
      return conditionHolds(asText(argument), scope);
    case 'Fn::Equals': {
      const [left, right] = argumentsOf(name, argument, 2).map((side) => evaluate(side, scope));
      return asText(left) === asText(right);
    }
    case 'Fn::And':
      return listOf(name, argument).every((part) => evaluateCondition(part, scope));
    case 'Fn::Or':
      return listOf(name, argument).some((part) => evaluateCondition(part, scope));
    case 'Fn::Not':
      return !evaluateCondition(listOf(name, argument)[0], scope);
    default:
      throw new StartFailure(
        `The template's conditions use ${name || JSON.stringify(condition)}, which the local runtime does not support`,
      );
  }
}

function argumentsOf(name: string, argument: unknown, count: number): unknown[] {
  const elements = listOf(name, argument);
  if (elements.length === count) return elements;
  throw new StartFailure(`${name} must have a list of ${count} elements, not ${JSON.stringify(argument)}`);
}

function listOf(name: string, argument: unknown): unknown[] {
  if (Array.isArray(argument)) return argument;
  throw new StartFailure(`${name} must have a list, not ${JSON.stringify(argument)}`);
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new StartFailure(`The template has ${JSON.stringify(value)} where a string is needed`);
}
