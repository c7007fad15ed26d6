import { expect, it } from 'vitest';
import { readCommandLine } from '../../../local/command-line.ts';

it.each([
  [[], { faults: false, scale: 1, fresh: false, port: 3000 }],
  [['--faults'], { faults: true }],
  [['--faults=storm'], { faults: 'storm' }],
  [['--fresh', '--scale', '600'], { scale: 600, fresh: true }],
  [['--scale=0.5'], { scale: 0.5 }],
])('%j is read as %j', (flags, expected) => {
  expect(readCommandLine(flags, {})).toMatchObject(expected);
});

it.each([
  [['--scale', 'fast'], '--scale is "fast", expected a number above 0'],
  [['--scale=-1'], '--scale is "-1"'],
  [['--scale'], "Option '--scale <value>' argument missing"],
  [['--fault'], "Unknown option '--fault': there are"],
  [['extra'], "Unexpected argument 'extra'"],
])('%j is refused: %s', (flags, message) => {
  expect(() => readCommandLine(flags, {})).toThrow(message);
});
