import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../shared/lambda/validate.ts';
import { outcomeOf } from '../outcome.ts';

const schema = z.strictObject({
  name: z.string().min(2),
  tags: z.array(z.strictObject({ id: z.int() })).optional(),
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

  it('tells fields that are not known, also inside of others', () => {
    expect(faultsOf({ name: 'xy', more: 1, tags: [{ id: 1, x: 2 }] })).toEqual(
      expect.arrayContaining([
        { path: 'more', message: 'is not a known field' },
        { path: 'tags.0.x', message: 'is not a known field' },
      ]),
    );
  });

  it('refuses a prototype in disguise, and is not harmed by it', () => {
    expect(faultsOf(JSON.parse('{"name":"xy","__proto__":{"polluted":true}}'))).toBeDefined();
    expect(faultsOf(JSON.parse('{"name":"xy","constructor":{"prototype":{}}}'))).toBeDefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('echoes no value, and only the start of a long name, and not many of them', () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [`${'k'.repeat(200)}${at}`, 'canary']),
    );
    const faults = faultsOf({ name: { secret: 'canary' }, ...many })!;
    expect(JSON.stringify(faults)).not.toContain('canary');
    expect(faults.length).toBeLessThanOrEqual(21);
    expect(Math.max(...faults.map(({ path }) => path.length))).toBeLessThanOrEqual(100);
  });
});
