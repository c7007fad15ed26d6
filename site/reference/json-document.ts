/** A parsed YAML document, such as openapi.yaml, with what its references lead to. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = Record<string, Json>;

/** Returns a member that is an object; an empty object when there is none. */
export function objectIn(parent: Json | undefined, name?: string): JsonObject {
  const member = name === undefined ? parent : objectIn(parent)[name];
  return typeof member === 'object' && member !== null && !Array.isArray(member) ? member : {};
}

export function listIn(parent: Json | undefined, name: string): Json[] {
  const member = objectIn(parent)[name];
  return Array.isArray(member) ? member : [];
}

export function textIn(parent: Json | undefined, name: string): string {
  const member = objectIn(parent)[name];
  return typeof member === 'string' ? member : '';
}

export interface JsonDocument {
  root: JsonObject;
  /** Follows a reference of the form `#/components/…`, if the value is one. */
  resolve(value: Json | undefined): JsonObject;
}

/** Reads a YAML file at the root of the project. */
export function readYaml(file: string): JsonDocument {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  const root: JsonObject = parse(readFileSync(path, 'utf8'));
  return {
    root,
    resolve(value) {
      const reference = textIn(value, '$ref');
      if (reference === '') return objectIn(value);
      let found: Json | undefined = root;
      for (const name of reference.slice(2).split('/'))
        found = objectIn(found)[name.replaceAll('~1', '/').replaceAll('~0', '~')];
      if (found === undefined) throw new Error(`${file} has nothing at ${reference}`);
      return this.resolve(found);
    },
  };
}
