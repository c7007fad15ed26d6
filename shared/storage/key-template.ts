/** Keys from templates with names in braces: what joins a key, takes it apart and documents it is the same text. */
import type { Key } from './keys.ts';

/** The names in braces. */
export type PartOf<Template extends string> = Template extends `${string}{${infer Part}}${infer Rest}`
  ? Part | PartOf<Rest>
  : never;

export type Parts<Template extends string> = Record<PartOf<Template>, string | number>;

export interface KeyTemplate<Pk extends string, Sk extends string> {
  pk: Pk;
  sk: Sk;
  key(this: void, parts: Parts<Pk> & Parts<Sk>): Key;
  /** The partition key alone. */
  partition(this: void, parts: Parts<Pk>): string;
  /** What every sort key starts with. */
  sortKeyPrefix: string;
  /** The parts of a key; undefined for a key of another template. Parts must not hold the separator. */
  partsOf(key: Key): Record<PartOf<Pk> | PartOf<Sk>, string> | undefined;
}

export function keyTemplate<const Pk extends string, const Sk extends string>(
  pk: Pk,
  sk: Sk,
): KeyTemplate<Pk, Sk> {
  const partition = joiner<Pk>(pk);
  const sortKey = joiner<Sk>(sk);
  const [pkPattern, skPattern] = [patternOf(pk), patternOf(sk)];
  return {
    pk,
    sk,
    key: (parts) => ({ pk: partition(parts), sk: sortKey(parts) }),
    partition,
    sortKeyPrefix: sk.slice(0, sk.includes('{') ? sk.indexOf('{') : undefined),
    partsOf(key) {
      const [pkMatch, skMatch] = [pkPattern.exec(key.pk), skPattern.exec(key.sk)];
      if (pkMatch === null || skMatch === null) return undefined;
      // The groups of the patterns are the names in braces.
      return { ...pkMatch.groups, ...skMatch.groups } as Record<PartOf<Pk> | PartOf<Sk>, string>;
    },
  };
}

function joiner<Template extends string>(template: string): (parts: Parts<Template>) => string {
  // Texts and names take turns, beginning and ending with a text.
  const pieces = template.split(/[{}]/);
  return (parts) => {
    const values: Record<string, string | number> = parts;
    let joined = '';
    for (let index = 0; index < pieces.length; index += 1) {
      const piece = pieces[index] ?? '';
      joined += index % 2 === 0 ? piece : values[piece];
    }
    return joined;
  };
}

const anyPart = '[^#]*';

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll('{', '(?<').replaceAll('}', `>${anyPart})`)}$`);

/** The keys of an entity in the index. */
export interface LookupTemplate<Pk extends string, Sk extends string> {
  pk: Pk;
  sk: Sk;
  key(parts: Parts<Pk> & Parts<Sk>): { lookup_pk: string; lookup_sk: string };
  partition(this: void, parts: Parts<Pk>): string;
}

export function lookupTemplate<const Pk extends string, const Sk extends string>(
  pk: Pk,
  sk: Sk,
): LookupTemplate<Pk, Sk> {
  const { key, partition } = keyTemplate(pk, sk);
  return {
    pk,
    sk,
    key(parts) {
      const joined = key(parts);
      return { lookup_pk: joined.pk, lookup_sk: joined.sk };
    },
    partition,
  };
}
