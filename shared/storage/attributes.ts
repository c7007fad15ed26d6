/**
 * How attributes are named, parsed and encoded. Every message parses several items, so this is plain code and no
 * schema library: a check of the type costs nanoseconds, and a cold start loads nothing for it.
 */
import type { Item } from './item.ts';

/** How a value is stored. */
export interface Codec<T> {
  /** For the generated documentation. */
  type: string;
  /** @throws a TypeError that names the attribute when something else is stored */
  parse(this: void, stored: unknown, attributeName: string): T;
  encode(this: void, value: T): unknown;
}

export interface Attribute<T> extends Codec<T> {
  /** The name under which it is stored. */
  name: string;
}

/** Attributes by the names of the properties that they become. */
export type Attributes = Record<string, Attribute<unknown>>;

type ValueOf<A> = A extends Attribute<infer T> ? T : never;
type OptionalPropertyOf<A> = {
  [Property in keyof A]: undefined extends ValueOf<A[Property]> ? Property : never;
}[keyof A];
type Flat<T> = { [Property in keyof T]: T[Property] };

/** What attributes are parsed to. A property whose value may be undefined is left out when it is. */
export type Parsed<A extends Attributes> = Flat<
  { [Property in Exclude<keyof A, OptionalPropertyOf<A>>]: ValueOf<A[Property]> } & {
    [Property in OptionalPropertyOf<A>]?: Exclude<ValueOf<A[Property]>, undefined>;
  }
>;

function mismatch(type: string, stored: unknown, attributeName: string): TypeError {
  const found = stored === undefined ? 'missing' : `of the type ${typeof stored}`;
  return new TypeError(`The stored attribute ${attributeName} must be ${type}, but is ${found}`);
}

const textCodec: Codec<string> = {
  type: 'text',
  parse(stored, name) {
    if (typeof stored !== 'string') throw mismatch('text', stored, name);
    return stored;
  },
  encode: (value) => value,
};

export const numberCodec: Codec<number> = {
  type: 'number',
  parse(stored, name) {
    if (typeof stored !== 'number') throw mismatch('a number', stored, name);
    return stored;
  },
  encode: (value) => value,
};

const booleanCodec: Codec<boolean> = {
  type: 'boolean',
  parse(stored, name) {
    if (typeof stored !== 'boolean') throw mismatch('a boolean', stored, name);
    return stored;
  },
  encode: (value) => value,
};

const flagCodec: Codec<boolean> = {
  type: 'true or absent',
  parse: (stored) => stored === true,
  encode: (value) => (value ? true : undefined),
};

const numberSetCodec: Codec<number[]> = {
  type: 'number set',
  parse(stored, name) {
    if (stored === undefined) return [];
    if (!(stored instanceof Set)) throw mismatch('a number set', stored, name);
    return [...stored].map((element) => numberCodec.parse(element, name)).toSorted((a, b) => a - b);
  },
  encode: (value) => (value.length === 0 ? undefined : new Set(value)),
};

export const text = (name: string): Attribute<string> => ({ name, ...textCodec });
export const number = (name: string): Attribute<number> => ({ name, ...numberCodec });
export const boolean = (name: string): Attribute<boolean> => ({ name, ...booleanCodec });

/** A boolean that is stored only when it is true. */
export const flag = (name: string): Attribute<boolean> => ({ name, ...flagCodec });

/** A number set, parsed in ascending order. DynamoDB has no empty sets: an empty one is absent. */
export const numberSet = (name: string): Attribute<number[]> => ({ name, ...numberSetCodec });

/** One of a closed set of texts. */
export function oneOf<const T extends string>(name: string, values: readonly T[]): Attribute<T> {
  const type = values.join(' \\| ');
  return {
    name,
    type,
    parse(stored, attributeName) {
      const value = values.find((one) => one === stored);
      if (value === undefined) throw mismatch(`one of ${values.join(', ')}`, stored, attributeName);
      return value;
    },
    encode: (value) => value,
  };
}

/** Absent when it is undefined. */
export const optional = <T>({ name, type, parse, encode }: Attribute<T>): Attribute<T | undefined> => ({
  name,
  type: `${type}, optional`,
  parse: (stored, attributeName) => (stored === undefined ? undefined : parse(stored, attributeName)),
  encode: (value) => (value === undefined ? undefined : encode(value)),
});

/** Parsed as that value when it is absent, as in items that earlier releases wrote. */
export const withDefault = <T>(
  { name, type, parse, encode }: Attribute<T>,
  value: T & (string | number),
): Attribute<T> => ({
  name,
  type: `${type}, ${value === '' ? 'empty' : value} by default`,
  parse: (stored, attributeName) => (stored === undefined ? value : parse(stored, attributeName)),
  encode,
});

/** Stored as null, or absent, when it is null. */
export const nullable = <T>({ name, type, parse, encode }: Attribute<T>): Attribute<T | null> => ({
  name,
  type: `${type} or null`,
  parse: (stored, attributeName) =>
    stored === undefined || stored === null ? null : parse(stored, attributeName),
  encode: (value) => (value === null ? null : encode(value)),
});

const isMap = (stored: unknown): stored is Item =>
  typeof stored === 'object' && stored !== null && !Array.isArray(stored);

/** A map with attributes of its own. */
export const map = <A extends Attributes>(name: string, attributes: A): Attribute<Parsed<A>> => ({
  name,
  ...mapCodec(attributes),
});

/** A map from ids to values of one kind. */
export const mapOf = <T>(
  name: string,
  {
    type,
    parse,
    encode,
  }: Pick<Codec<T>, 'type' | 'parse'> & { encode(this: void, value: NoInfer<T>): unknown },
): Attribute<Record<string, T>> => ({
  name,
  type: `map of ${type}`,
  parse(stored, attributeName) {
    if (!isMap(stored)) throw mismatch('a map', stored, attributeName);
    return Object.fromEntries(
      Object.entries(stored).map(([id, value]) => [id, parse(value, `${attributeName}.${id}`)]),
    );
  },
  encode: (value) => Object.fromEntries(Object.entries(value).map(([id, one]) => [id, encode(one)])),
});

/** A list of maps that have the same attributes. */
export function listOf<A extends Attributes>(name: string, attributes: A): Attribute<Parsed<A>[]> {
  const element = mapCodec(attributes);
  return {
    name,
    type: 'list of maps',
    parse(stored, attributeName) {
      if (!Array.isArray(stored)) throw mismatch('a list', stored, attributeName);
      return stored.map((one, index) => element.parse(one, `${attributeName}[${index}]`));
    },
    encode: (value) => value.map((one) => element.encode(one)),
  };
}

/** A list of texts. */
export const texts = (name: string): Attribute<string[]> => ({
  name,
  type: 'list of texts',
  parse(stored, attributeName) {
    if (!Array.isArray(stored)) throw mismatch('a list', stored, attributeName);
    return stored.map((one, index) => textCodec.parse(one, `${attributeName}[${index}]`));
  },
  encode: (value) => value,
});

export interface MapCodec<A extends Attributes> extends Codec<Parsed<A>> {
  parse(this: void, stored: unknown, attributeName?: string): Parsed<A>;
  /** Of some of the attributes, as an update sets them. */
  encode(this: void, value: Partial<Parsed<A>>): Item;
}

/** Parses and encodes attributes together. */
export function mapCodec<A extends Attributes>(attributes: A): MapCodec<A> {
  const rows = Object.entries(attributes);
  return {
    type: 'map',
    parse(stored, mapName) {
      if (!isMap(stored)) throw mismatch('a map', stored, mapName ?? 'item');
      const parsed: Record<string, unknown> = {};
      for (const [property, attribute] of rows) {
        const path = mapName === undefined ? attribute.name : `${mapName}.${attribute.name}`;
        const value = attribute.parse(stored[attribute.name], path);
        if (value !== undefined) parsed[property] = value;
      }
      // Every row has parsed its own property.
      return parsed as Parsed<A>;
    },
    encode(value) {
      const item: Item = {};
      const properties: Record<string, unknown> = value;
      for (const [property, attribute] of rows) {
        const stored =
          properties[property] === undefined ? undefined : attribute.encode(properties[property]);
        if (stored !== undefined) item[attribute.name] = stored;
      }
      return item;
    },
  };
}
