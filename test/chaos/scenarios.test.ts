import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioGroups, scenarios } from './scenarios.ts';

const folder = join(import.meta.dirname, 'promises');

describe('the scenarios', () => {
  it('have one test file for each group', () => {
    const tested = readdirSync(folder)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => /scenarioGroups\.(\w+)/.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? name);
    expect(tested.sort()).toEqual(Object.keys(scenarioGroups).sort());
  });

  it('have names of their own', () => {
    const names = scenarios.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
