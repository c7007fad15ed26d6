/** Reads what the role of each function allows: the policies of the template that belong to it. */

import { isObject } from '../json-object.ts';
import { compilePolicy, type Statement } from '../permissions/policy.mjs';
import { errorMessage } from '../error-details.ts';
import { StartFailure } from '../start-failure.ts';
import type { RoleDefinition } from '../stack.ts';
import type { Template } from './cloudformation.ts';
import { object, objects, optionalText, text, texts, type Resource } from './property.ts';

/** Policies that AWS manages and that allow nothing a laptop has: logs, traces and network interfaces. */
const withoutLocalMeaning =
  /:iam::aws:policy\/(service-role\/AWSLambda(BasicExecutionRole|VPCAccessExecutionRole)|AWSXRayDaemonWriteAccess)$/;

/** The function's role; a StartFailure names what of it the local runtime could not enforce. */
export function readRole(lambda: Resource, template: Template): RoleDefinition {
  const arn = text(lambda, 'Role');
  const role = template
    .ofType('AWS::IAM::Role')
    .find(({ logicalId }) => template.getAtt(logicalId, 'Arn') === arn);
  if (role === undefined)
    throw new StartFailure(
      `The template's function ${lambda.logicalId} has the role ${arn}, which is none of it`,
    );
  if (role.properties['PermissionsBoundary'] !== undefined) {
    throw new StartFailure(
      `The template's role ${role.logicalId} has a permissions boundary, which the local runtime does not know`,
    );
  }
  const statements = [...inlinePolicies(role), ...attachedPolicies(role, template)].flatMap(statementsOf);
  try {
    compilePolicy(statements);
  } catch (error) {
    throw new StartFailure(
      `The template's role ${role.logicalId} uses ${errorMessage(error)}, which the local runtime does not know`,
    );
  }
  const name = optionalText(role.properties, 'RoleName') ?? role.logicalId;
  return { name, statements };
}

function inlinePolicies({ properties }: Resource): Record<string, unknown>[] {
  return objects(properties, 'Policies');
}

/** Those that name the role, and those that the role names. */
function attachedPolicies(role: Resource, template: Template): Record<string, unknown>[] {
  const named = texts(role.properties, 'ManagedPolicyArns').filter((arn) => !withoutLocalMeaning.test(arn));
  const policies = template.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy');
  const unknown = named.find((arn) => !policies.some(({ logicalId }) => template.ref(logicalId) === arn));
  if (unknown !== undefined) {
    throw new StartFailure(
      `The template's role ${role.logicalId} has the policy ${unknown}, which the local runtime does not know`,
    );
  }
  return policies
    .filter(
      ({ logicalId, properties }) =>
        texts(properties, 'Roles').includes(template.ref(role.logicalId)) ||
        named.includes(template.ref(logicalId)),
    )
    .map(({ properties }) => properties);
}

function statementsOf(policy: Record<string, unknown>): Statement[] {
  const { Statement: statements } = object(policy, 'PolicyDocument');
  return [statements].flat().filter((statement) => isObject(statement)) as unknown as Statement[];
}
