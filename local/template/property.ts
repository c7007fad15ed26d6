/** Typed access to the resolved properties of a template. */

import { isObject } from '../json-object.ts';
import { StartFailure } from '../start-failure.ts';

export type Properties = Record<string, unknown>;

/** A resource with resolved properties. */
export interface Resource {
  logicalId: string;
  properties: Properties;
}

/**
 * Returns a required string.
 * @throws StartFailure with the resource and the property when it is missing
 */
export function text(resource: Resource, name: string): string {
  const value = resource.properties[name];
  if (typeof value !== 'string')
    throw new StartFailure(`The template's resource ${resource.logicalId} has no ${name}`);
  return value;
}

/** Returns a string, or undefined when there is none. */
export function optionalText(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === 'string' ? value : undefined;
}

/** Returns an object, empty when there is none. */
export function object(properties: Properties, name: string): Properties {
  const value = properties[name];
  return isObject(value) ? value : {};
}

/** Returns a list of objects, empty when there is none. */
export function objects(properties: Properties, name: string): Properties[] {
  const value: unknown = properties[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Returns a list of strings, empty when there is none. */
export function texts(properties: Properties, name: string): string[] {
  const value: unknown = properties[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Returns a number, which templates may also write as a string, or the default. */
export function number(properties: Properties, name: string, defaultValue: number): number {
  return properties[name] === undefined ? defaultValue : Number(properties[name]);
}

/** Returns a boolean, which templates may also write as a string. */
export function flag(properties: Properties, name: string): boolean {
  return properties[name] === true || properties[name] === 'true';
}
