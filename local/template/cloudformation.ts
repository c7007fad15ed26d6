/** A CloudFormation template with resolved values, whose resources can be found by type. */

import { StartFailure } from '../start-failure.ts';
import {
  conditionHolds,
  resolve,
  resolveMembers,
  type PseudoParameters,
  type TemplateScope,
} from './intrinsics.ts';
import type { Resource } from './property.ts';
import { attributeOf, isKnownType, referenceOf } from './resource-types.ts';

export interface RawTemplate {
  Parameters?: Record<string, { Default?: unknown }>;
  Conditions?: Record<string, unknown>;
  Mappings?: TemplateScope['mappings'];
  Resources: Record<string, RawResource>;
}

export interface RawResource {
  Type: string;
  Condition?: string;
  Properties?: Record<string, unknown>;
}

export interface Template extends PseudoParameters {
  ofType(...types: string[]): Resource[];
  /** Returns the `Ref` of a resource. */
  ref(logicalId: string): string;
  getAtt(logicalId: string, attribute: string): string;
}

/**
 * Opens a template.
 * @throws StartFailure when a resource type is not supported
 */
export function openTemplate(raw: RawTemplate, pseudo: PseudoParameters): Template {
  const scope: TemplateScope = {
    pseudo,
    parameters: Object.fromEntries(
      Object.entries(raw.Parameters ?? {})
        .filter(([, parameter]) => parameter.Default !== undefined)
        .map(([name, parameter]) => [name, parameter.Default]),
    ),
    conditions: raw.Conditions ?? {},
    mappings: raw.Mappings ?? {},
    ref: (logicalId) => referenceOf(identityOf(logicalId), pseudo),
    getAtt: (logicalId, attribute) => attributeOf(identityOf(logicalId), attribute, pseudo),
  };

  const present = Object.entries(raw.Resources).filter(
    ([, resource]) => resource.Condition === undefined || conditionHolds(resource.Condition, scope),
  );
  for (const [logicalId, { Type }] of present) {
    if (!isKnownType(Type)) {
      throw new StartFailure(
        `The template's resource ${logicalId} has the type ${Type}, which the local runtime does not support`,
      );
    }
  }

  function identityOf(logicalId: string) {
    const resource = raw.Resources[logicalId];
    if (resource === undefined)
      throw new StartFailure(`The template refers to ${logicalId}, which it does not declare`);
    return {
      logicalId,
      type: resource.Type,
      property: (name: string) => resolve(resource.Properties?.[name], scope),
    };
  }

  return {
    ...pseudo,
    ref: (logicalId) => scope.ref(logicalId),
    getAtt: (logicalId, attribute) => scope.getAtt(logicalId, attribute),
    ofType: (...types) =>
      present
        .filter(([, resource]) => types.includes(resource.Type))
        .map(([logicalId, resource]) => ({
          logicalId,
          properties: resolveMembers(resource.Properties ?? {}, scope),
        })),
  };
}
