import { describe, expect, it } from 'vitest';
import { readCommandLine, sectionNames } from './command-line.ts';

describe('the command line of the bench', () => {
  it('selects every section by default', () => {
    expect(readCommandLine([])).toMatchObject({ only: sectionNames, protocol: 'own', url: undefined });
  });

  it('selects the sections of --only, in the order of the bench', () => {
    expect(readCommandLine(['--only', 'price,conversation']).only).toEqual(['conversation', 'price']);
  });

  it('selects only the conversation for another server', () => {
    const { only, url } = readCommandLine(['--url', 'http://127.0.0.1:8000/', '--protocol', 'predecessor']);
    expect(only).toEqual(['conversation']);
    expect(url).toBe('http://127.0.0.1:8000');
  });

  it.each([
    [['--only', 'nothing'], 'choose from conversation'],
    [['--protocol', 'other'], 'choose own or predecessor'],
    [['--url', 'nowhere'], 'not a URL'],
    [['--fast'], 'Unknown option'],
  ])('refuses %j', (flags, reason) => {
    expect(() => readCommandLine(flags)).toThrow(reason);
  });
});
