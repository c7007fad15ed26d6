import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../shared/lambda/validate.ts';
import { outcomeOf } from '../outcome.ts';

const schema = z.object({
  name: z.string().min(2),
  tags: z.array(z.object({ id: z.int() })).optional(),
});

const invalidFieldsOf = (value: unknown) => outcomeOf(() => validate(schema, value)).error?.fields;

describe('validation', () => {
  it('refuses invalid values with invalid_request', () => {
    expect(outcomeOf(() => validate(schema, {})).error?.code).toBe('invalid_request');
  });

  it('returns the parsed value', () => {
    expect(validate(z.object({ n: z.coerce.number() }), { n: '5' })).toEqual({ n: 5 });
  });

  it('names every invalid field by its path', () => {
    expect(invalidFieldsOf({ name: 'x', tags: [{ id: 1 }, { id: 'y' }] })?.map(({ path }) => path)).toEqual([
      'name',
      'tags.1.id',
    ]);
    expect(invalidFieldsOf('text')?.map(({ path }) => path)).toEqual(['']);
  });

  it('drops unknown fields, also nested ones', () => {
    expect(validate(schema, { name: 'xy', more: 1, tags: [{ id: 1, x: 2 }] })).toEqual({
      name: 'xy',
      tags: [{ id: 1 }],
    });
  });

  it.each([
    '{"name":"xy","__proto__":{"polluted":true}}',
    '{"name":"xy","constructor":{"prototype":{"polluted":true}}}',
    '{"__proto__":{"polluted":true},"name":"xy","__proto__":{"name":7}}',
  ])('drops keys that would change a prototype: %s', (body) => {
    const value = validate(schema, JSON.parse(body));
    expect(Object.getOwnPropertyNames(value)).toEqual(['name']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('does not read fields of a prototype', () => {
    expect(invalidFieldsOf(JSON.parse('{"__proto__":{"name":"xy"}}'))?.map(({ path }) => path)).toEqual([
      'name',
    ]);
  });

  it('repeats no value and at most 100 characters of a key in errors', () => {
    const keyed = z.object({ name: z.string(), map: z.record(z.string(), z.int()) });
    const body = { name: { secret: 'secret-marker' }, map: { ['k'.repeat(200)]: 'secret-marker' } };
    const invalidFields = outcomeOf(() => validate(keyed, body)).error!.fields!;
    expect(JSON.stringify(invalidFields)).not.toContain('secret-marker');
    expect(Math.max(...invalidFields.map(({ path }) => path.length))).toBe(100);
  });
});
