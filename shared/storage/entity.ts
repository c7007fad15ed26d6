/** The definition of an entity: its key, its place in the index, its attributes and when it ends. */
import { mapCodec, type Attributes, type MapCodec } from './attributes.ts';
import type { Condition } from './condition.ts';
import { keyTemplate, type KeyTemplate } from './key-template.ts';

interface Definition<Pk extends string, Sk extends string, A extends Attributes> {
  /** As the documentation names it. */
  name: string;
  /** What one item stands for. */
  description: string;
  pk: Pk;
  sk: Sk;
  /** Its keys in the index, as {@link lookupTemplate} makes them. */
  index?: { pk: string; sk: string };
  attributes: A;
  /** When DynamoDB may delete it by its `ttl`; absent for items that stay. */
  endsBy?: string;
}

export type Entity<Pk extends string, Sk extends string, A extends Attributes> = Definition<Pk, Sk, A> &
  KeyTemplate<Pk, Sk> &
  Pick<MapCodec<A>, 'parse' | 'encode'>;

export function defineEntity<const Pk extends string, const Sk extends string, A extends Attributes>(
  definition: Definition<Pk, Sk, A>,
): Entity<Pk, Sk, A> {
  const { parse, encode } = mapCodec(definition.attributes);
  return { ...definition, ...keyTemplate(definition.pk, definition.sk), parse, encode };
}

/** The condition of a first write. */
export const isNew: Condition = { if: 'attribute_not_exists(pk)' };

export const exists: Condition = { if: 'attribute_exists(pk)' };

/** Of a connection or a subscription: it exists and was not ended. */
export const isNotEnded: Condition = { if: 'attribute_exists(pk) AND attribute_not_exists(ended)' };
