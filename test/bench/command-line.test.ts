import { describe, expect, it } from 'vitest';
import { readCommandLine, sectionNames } from './command-line.ts';

describe('the command line of the bench', () => {
  it('runs every section when nothing is said', () => {
    expect(readCommandLine([])).toMatchObject({ only: sectionNames, protocol: 'own', url: undefined });
  });

  it('runs the chosen ones, in their own order', () => {
    expect(readCommandLine(['--only', 'price,conversation']).only).toEqual(['conversation', 'price']);
  });

  it('only talks to another server', () => {
    const { only, url } = readCommandLine(['--url', 'http://127.0.0.1:8000/', '--protocol', 'seed']);
    expect(only).toEqual(['conversation']);
    expect(url).toBe('http://127.0.0.1:8000');
  });

  it.each([
    [['--only', 'nothing'], 'there are conversation'],
    [['--protocol', 'other'], 'there are own and seed'],
    [['--url', 'nowhere'], 'not an address'],
    [['--fast'], 'Unknown option'],
  ])('refuses %j', (flags, reason) => {
    expect(() => readCommandLine(flags)).toThrow(reason);
  });
});
