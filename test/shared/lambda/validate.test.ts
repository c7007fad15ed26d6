import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../shared/lambda/validate.ts';
import { outcomeOf } from '../outcome.ts';

const schema = z.object({
  name: z.string().min(2),
  tags: z.array(z.object({ id: z.int() })).optional(),
});

const faultsOf = (value: unknown) => outcomeOf(() => validate(schema, value)).error?.fields;

describe('validation', () => {
  it('refuses with one code, whatever is wrong', () => {
    expect(outcomeOf(() => validate(schema, {})).error?.code).toBe('invalid_request');
  });

  it('gives the parsed value', () => {
    expect(validate(z.object({ n: z.coerce.number() }), { n: '5' })).toEqual({ n: 5 });
  });

  it('tells every field that failed, by its path', () => {
    expect(faultsOf({ name: 'x', tags: [{ id: 1 }, { id: 'y' }] })?.map(({ path }) => path)).toEqual([
      'name',
      'tags.1.id',
    ]);
    expect(faultsOf('text')?.map(({ path }) => path)).toEqual(['']);
  });

  it('drops fields that the schema does not have, nested ones included', () => {
    expect(validate(schema, { name: 'xy', more: 1, tags: [{ id: 1, x: 2 }] })).toEqual({
      name: 'xy',
      tags: [{ id: 1 }],
    });
  });

  it.each([
    '{"name":"xy","__proto__":{"polluted":true}}',
    '{"name":"xy","constructor":{"prototype":{"polluted":true}}}',
    '{"__proto__":{"polluted":true},"name":"xy","__proto__":{"name":7}}',
  ])('drops keys that reach for a prototype: %s', (body) => {
    const value = validate(schema, JSON.parse(body));
    expect(Object.getOwnPropertyNames(value)).toEqual(['name']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('takes no field from a prototype', () => {
    expect(faultsOf(JSON.parse('{"__proto__":{"name":"xy"}}'))?.map(({ path }) => path)).toEqual(['name']);
  });

  it('echoes no value, and at most 100 characters of a key', () => {
    const keyed = z.object({ name: z.string(), map: z.record(z.string(), z.int()) });
    const body = { name: { secret: 'canary' }, map: { ['k'.repeat(200)]: 'canary' } };
    const faults = outcomeOf(() => validate(keyed, body)).error!.fields!;
    expect(JSON.stringify(faults)).not.toContain('canary');
    expect(Math.max(...faults.map(({ path }) => path.length))).toBe(100);
  });
});
