/** Reads the role of each function with its policies. */

import { isObject } from '../json-object.ts';
import { compilePolicy, type Statement } from '../permissions/policy.mjs';
import { errorMessage } from '../error-details.ts';
import { StartFailure } from '../start-failure.ts';
import type { RoleDefinition } from '../stack.ts';
import type { Template } from './cloudformation.ts';
import { object, objects, optionalText, text, texts, type Resource } from './property.ts';

/** Policies managed by AWS for services that a local run lacks: logs, traces and network interfaces. */
const withoutLocalMeaning =
  /:iam::aws:policy\/(service-role\/AWSLambda(BasicExecutionRole|VPCAccessExecutionRole)|AWSXRayDaemonWriteAccess)$/;

/**
 * Reads the role of a function.
 * @throws StartFailure with the part of the role that cannot be enforced locally
 */
export function readRole(lambda: Resource, template: Template): RoleDefinition {
  const arn = text(lambda, 'Role');
  const role = template
    .ofType('AWS::IAM::Role')
    .find(({ logicalId }) => template.getAtt(logicalId, 'Arn') === arn);
  if (role === undefined)
    throw new StartFailure(
      `The template's function ${lambda.logicalId} has the role ${arn}, which is not a role of the template`,
    );
  if (role.properties['PermissionsBoundary'] !== undefined) {
    throw new StartFailure(
      `The template's role ${role.logicalId} has a permissions boundary, which the local runtime does not support`,
    );
  }
  const statements = [...inlinePolicies(role), ...attachedPolicies(role, template)].flatMap(statementsOf);
  try {
    compilePolicy(statements);
  } catch (error) {
    throw new StartFailure(
      `The template's role ${role.logicalId} uses ${errorMessage(error)}, which the local runtime does not support`,
    );
  }
  const name = optionalText(role.properties, 'RoleName') ?? role.logicalId;
  return { name, statements };
}

function inlinePolicies({ properties }: Resource): Record<string, unknown>[] {
  return objects(properties, 'Policies');
}

/** Returns the policies that refer to the role, and those to which the role refers. */
function attachedPolicies(role: Resource, template: Template): Record<string, unknown>[] {
  const named = texts(role.properties, 'ManagedPolicyArns').filter((arn) => !withoutLocalMeaning.test(arn));
  const policies = template.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy');
  const unknown = named.find((arn) => !policies.some(({ logicalId }) => template.ref(logicalId) === arn));
  if (unknown !== undefined) {
    throw new StartFailure(
      `The template's role ${role.logicalId} has the policy ${unknown}, which the local runtime does not support`,
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
