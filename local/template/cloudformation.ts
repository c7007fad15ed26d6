/** Owns the shape of a CloudFormation template as the local runtime sees it: resources by type, values resolved. */

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
  /** What `Ref` of that resource gives. */
  ref(logicalId: string): string;
  getAtt(logicalId: string, attribute: string): string;
}

/** The template, read; a resource type that the local runtime does not know is a StartFailure that names it. */
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
        `The template's resource ${logicalId} is of type ${Type}, which the local runtime does not know`,
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
