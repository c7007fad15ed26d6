/** Random values for the schemas of the contract, most of them almost valid. */
import * as fc from 'fast-check';
import * as z from 'zod';

/** Values that exist in the fixture, by the name of their field. */
export type Pool = Readonly<Record<string, readonly string[]>>;

const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

const hostileTexts = [
  '',
  ' ',
  '#',
  '/',
  '\0',
  '\n',
  'ROOM#1',
  'MEMBER#',
  'a#b',
  '..',
  '../../etc',
  '%00',
  '%2F',
  '%',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e3',
  '0x10',
  '99999999999999999999',
  '\ud800',
  'a\udc00b',
  '\u202egnirts',
  'é'.normalize('NFD'),
  'ﷺ'.repeat(300),
  '😀'.repeat(2_100),
  'x'.repeat(300),
  'x'.repeat(9_000),
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '{"a":1}',
  'dm_x_y',
];

/** Any JSON value, including unusual ones that parsers accept. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 0.5, 1e308, 2 ** 53, -0, [], {}, deep(2_000)),
  fc.constantFrom(...hostileTexts),
  fc.jsonValue({ maxDepth: 3, depthSize: 'small', stringUnit: 'binary' }),
);

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

interface Shape {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  anyOf?: Shape[];
  allOf?: Shape[];
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
}

/** A text that is valid for the field, or one that is not. */
function textFor(name: string, pool: Pool): fc.Arbitrary<unknown> {
  const known = pool[name] ?? [];
  const others = Object.values(pool).flat();
  return fc.oneof(
    { weight: known.length > 0 ? 6 : 0, arbitrary: fc.constantFrom(...known, 'a') },
    { weight: 2, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

function likely(shape: Shape, name: string, pool: Pool): fc.Arbitrary<unknown> {
  if (shape.const !== undefined) return fc.constant(shape.const);
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  const choices = shape.anyOf ?? shape.allOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => likely(choice, name, pool)));
  if (shape.type === 'object') return objectLike(shape, pool);
  if (shape.type === 'array') return fc.array(likely(shape.items ?? {}, name, pool), { maxLength: 3 });
  if (shape.type === 'boolean') return fc.boolean();
  if (shape.type === 'null') return fc.constant(null);
  if (shape.type === 'integer' || shape.type === 'number')
    return fc.integer({ min: shape.minimum ?? 0, max: Math.min(shape.maximum ?? 1_000, 1_000) });
  return shape.type === 'string' ? textFor(name, pool) : anyValue;
}

/** An object with most of its fields, some of them of a wrong type, unknown or inherited. */
function objectLike({ properties = {}, required = [] }: Shape, pool: Pool): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, shape]) => [
      name,
      fc.oneof({ weight: 12, arbitrary: likely(shape, name, pool) }, { weight: 1, arbitrary: anyValue }),
    ]),
  );
  const extra = fc.dictionary(
    fc.oneof(fc.constantFrom('__proto__', 'constructor', 'id', 'is_admin', 'room_id'), hostileText),
    anyValue,
    { maxKeys: 2 },
  );
  return fc
    .tuple(
      fc.oneof(
        { weight: 8, arbitrary: fc.record(fields, { requiredKeys: required }) },
        { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) },
      ),
      fc.oneof({ weight: 8, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: extra }),
    )
    .map(([given, more]) => ({ ...given, ...more }));
}

/** Returns values for a schema, as a client would send them. */
export function valuesFor(schema: z.ZodType, pool: Pool, name = ''): fc.Arbitrary<unknown> {
  const { $defs, ...shape } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  });
  const inline = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(inline);
    if (typeof part !== 'object' || part === null) return part;
    const { $ref, ...rest } = part as { $ref?: string };
    const target = $ref === undefined ? undefined : $defs?.[$ref.replace('#/$defs/', '')];
    return Object.fromEntries(
      Object.entries({ ...target, ...rest }).map(([key, value]) => [key, inline(value)]),
    );
  };
  return likely(inline(shape) as Shape, name, pool);
}

/** The value as JSON, which is sometimes damaged: truncated, doubled, with a repeated key, or not JSON at all. */
export function textOf(value: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(value) ?? '';
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: fc.nat(text.length).map((length) => text.slice(0, length)) },
    { weight: 1, arbitrary: fc.constant(text.replace(/^\{/, '{"type":1,"__proto__":{"x":1},')) },
    { weight: 1, arbitrary: fc.constantFrom(`${text}${text}`, `\ufeff${text}`, '1e999', '"', 'undefined') },
    { weight: 1, arbitrary: hostileText },
  );
}
