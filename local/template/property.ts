/** Owns typed access to resolved template properties, so that a value of the wrong kind is named, not passed on. */

import { isObject } from '../json-object.ts';
import { StartFailure } from '../start-failure.ts';

export type Properties = Record<string, unknown>;

/** A resource whose properties are resolved. */
export interface Resource {
  logicalId: string;
  properties: Properties;
}

/** A text that the template must give; throws a StartFailure naming resource and property otherwise. */
export function text(resource: Resource, name: string): string {
  const value = resource.properties[name];
  if (typeof value !== 'string')
    throw new StartFailure(`The template gives ${resource.logicalId} no ${name}`);
  return value;
}

/** A text, or `undefined` when the template gives none. */
export function optionalText(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === 'string' ? value : undefined;
}

/** An object, empty when the template gives none. */
export function object(properties: Properties, name: string): Properties {
  const value = properties[name];
  return isObject(value) ? value : {};
}

/** A list of objects, empty when the template gives none. */
export function objects(properties: Properties, name: string): Properties[] {
  const value: unknown = properties[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A list of texts, empty when the template gives none. */
export function texts(properties: Properties, name: string): string[] {
  const value: unknown = properties[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** A number, which templates may also write as text, or the given default. */
export function number(properties: Properties, name: string, otherwise: number): number {
  return properties[name] === undefined ? otherwise : Number(properties[name]);
}

/** A truth value, which templates may also write as text. */
export function flag(properties: Properties, name: string): boolean {
  return properties[name] === true || properties[name] === 'true';
}
