import { describe, expect, it } from 'vitest';
import { connectionMutants } from '../mutants/connection-mutants.ts';
import { filesMutants } from '../mutants/files-mutants.ts';
import { logMutants } from '../mutants/log-mutants.ts';

describe('a mutant', () => {
  it.each([...logMutants, ...connectionMutants, ...filesMutants])(
    'that $defect adjusts only values that its scenario has',
    ({ scenario, adjust = {} }) => {
      expect(Object.keys(scenario.sizes.short)).toEqual(expect.arrayContaining(Object.keys(adjust)));
    },
  );
});
