/** Reads the rules of a template: which function each of them invokes, how often, or for which new objects. */

import { isObject } from '../json-object.ts';
import type { BucketDefinition } from '../bucket-definition.ts';
import type { LambdaFunction, ObjectRuleDefinition, ScheduleDefinition } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import { compileFilters } from '../streams/filter-pattern.ts';
import type { Template } from './cloudformation.ts';
import { object, objects, optionalText, texts, type Resource } from './property.ts';
import { functionIdIn } from './read-functions.ts';

const secondsPer: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/**
 * Reads the rules with a schedule that are enabled, one schedule for each target.
 * @throws StartFailure for a rule with neither a rate nor a pattern, for a target that is not a function of the template, and
 * for a target that EventBridge may not invoke
 */
export function readSchedules(template: Template, functions: LambdaFunction[]): ScheduleDefinition[] {
  return enabledRules(template)
    .filter((rule) => !hasPattern(rule))
    .flatMap((rule) => {
      const intervalSeconds = intervalOf(rule);
      return readTargets(rule, template, functions).map((target) => ({ ...target, intervalSeconds }));
    });
}

/**
 * Reads the rules for new objects that are enabled, one for each target.
 * @throws StartFailure as `readSchedules`, and for a pattern of other events or for a bucket that sends none
 */
export function readObjectRules(
  template: Template,
  functions: LambdaFunction[],
  buckets: BucketDefinition[],
): ObjectRuleDefinition[] {
  return enabledRules(template)
    .filter(hasPattern)
    .flatMap((rule) => {
      const pattern = object(rule.properties, 'EventPattern');
      assertObjectPattern(rule, pattern, buckets);
      return readTargets(rule, template, functions).map((target) => ({ ...target, pattern }));
    });
}

const enabledRules = (template: Template): Resource[] =>
  template.ofType('AWS::Events::Rule').filter(({ properties }) => properties['State'] !== 'DISABLED');

const hasPattern = ({ properties }: Resource): boolean => isObject(properties['EventPattern']);

function assertObjectPattern(
  rule: Resource,
  pattern: Record<string, unknown>,
  buckets: BucketDefinition[],
): void {
  if (rule.properties['ScheduleExpression'] !== undefined)
    throw unsupported(rule, 'a schedule expression beside a pattern');
  if (String(texts(pattern, 'source')) !== 'aws.s3') throw unsupported(rule, 'events other than of aws.s3');
  if (String(texts(pattern, 'detail-type')) !== 'Object Created')
    throw unsupported(rule, 'events of objects other than Object Created');
  for (const name of texts(object(object(pattern, 'detail'), 'bucket'), 'name')) {
    const bucket = buckets.find(({ bucketName }) => bucketName === name);
    if (bucket?.sendsEvents !== true)
      throw new StartFailure(
        `The template's rule ${rule.logicalId} waits for events of the bucket ${name}, which sends none to EventBridge`,
      );
  }
  compileFilters([pattern]);
}

function readTargets(
  rule: Resource,
  template: Template,
  functions: LambdaFunction[],
): { ruleArn: string; functionId: string; input?: string }[] {
  const ruleArn = template.getAtt(rule.logicalId, 'Arn');
  return objects(rule.properties, 'Targets').map((target) => {
    const targetArn = optionalText(target, 'Arn') ?? '';
    const functionId = functionIdIn(targetArn, functions);
    if (functionId === undefined) throw unsupported(rule, `the target ${targetArn}, which is not a function`);
    const changing = ['InputPath', 'InputTransformer'].find((name) => target[name] !== undefined);
    if (changing !== undefined) throw unsupported(rule, changing);
    assertPermitted(template, { ruleArn, targetArn, functionId });
    const input = optionalText(target, 'Input');
    return { ruleArn, functionId, ...(input !== undefined && { input }) };
  });
}

function intervalOf(rule: Resource): number {
  const expression = optionalText(rule.properties, 'ScheduleExpression') ?? 'none';
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit === undefined) throw unsupported(rule, `the schedule expression ${expression}`);
  return Number(count) * secondsPer[unit]!;
}

interface Target {
  ruleArn: string;
  targetArn: string;
  functionId: string;
}

/** On AWS a rule without the permission invokes nothing, without an error. An alias has permissions of its own. */
function assertPermitted(template: Template, { ruleArn, targetArn, functionId }: Target): void {
  const names = [
    targetArn,
    ...(targetArn === template.getAtt(functionId, 'Arn') ? [template.ref(functionId)] : []),
  ];
  const isPermitted = template.ofType('AWS::Lambda::Permission').some(({ properties }) => {
    const name = optionalText(properties, 'FunctionName') ?? '';
    const source = optionalText(properties, 'SourceArn') ?? ruleArn;
    return properties['Principal'] === 'events.amazonaws.com' && names.includes(name) && source === ruleArn;
  });
  if (!isPermitted)
    throw new StartFailure(`No permission of the template lets ${ruleArn} invoke ${targetArn}`);
}

function unsupported({ logicalId }: Resource, what: string): StartFailure {
  return new StartFailure(
    `The template's rule ${logicalId} uses ${what}, which the local runtime does not support`,
  );
}
