/** Reads the scheduled rules of a template: which function each of them invokes, and how often. */

import type { LambdaFunction, ScheduleDefinition } from '../stack.ts';
import { StartFailure } from '../start-failure.ts';
import type { Template } from './cloudformation.ts';
import { objects, optionalText, type Resource } from './property.ts';
import { functionIdIn } from './read-functions.ts';

const secondsPer: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/**
 * Reads the rules that are enabled, one schedule for each target.
 * @throws StartFailure for a rule without a rate, for a target that is not a function of the template, and for a target that
 * EventBridge may not invoke
 */
export function readSchedules(template: Template, functions: LambdaFunction[]): ScheduleDefinition[] {
  return template
    .ofType('AWS::Events::Rule')
    .filter(({ properties }) => properties['State'] !== 'DISABLED')
    .flatMap((rule) => {
      const intervalSeconds = intervalOf(rule);
      const ruleArn = template.getAtt(rule.logicalId, 'Arn');
      return objects(rule.properties, 'Targets').map((target) => {
        const targetArn = optionalText(target, 'Arn') ?? '';
        const functionId = functionIdIn(targetArn, functions);
        if (functionId === undefined)
          throw unsupported(rule, `the target ${targetArn}, which is not a function`);
        assertPermitted(template, { ruleArn, targetArn, functionId });
        const input = optionalText(target, 'Input');
        return { ruleArn, functionId, intervalSeconds, ...(input !== undefined && { input }) };
      });
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
