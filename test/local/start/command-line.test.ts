import { expect, it } from 'vitest';
import { readCommandLine } from '../../../local/command-line.ts';

it.each([
  [[], { faults: false, scale: 1, fresh: false, port: 3000 }],
  [['--faults'], { faults: true }],
  [['--faults=storm'], { faults: 'storm' }],
  [['--fresh', '--scale', '600'], { scale: 600, fresh: true }],
  [['--scale=0.5'], { scale: 0.5 }],
  [['--port', '4000'], { port: 4000 }],
])('readCommandLine reads %j as %j', (flags, expected) => {
  expect(readCommandLine(flags, {})).toMatchObject(expected);
});

it('readCommandLine prefers --port to PORT', () => {
  expect(readCommandLine(['--port', '4000'], { PORT: '5000' }).port).toBe(4000);
  expect(readCommandLine([], { PORT: '5000' }).port).toBe(5000);
});

it('readCommandLine reads the folder for data from DATA_DIRECTORY', () => {
  expect(readCommandLine([], { DATA_DIRECTORY: '/tmp/chat' }).dataDirectory).toBe('/tmp/chat');
  expect(readCommandLine([], {}).dataDirectory).toBeUndefined();
});

it.each([
  [['--scale', 'fast'], '--scale must be a number above 0, not "fast".'],
  [['--scale=-1'], 'not "-1"'],
  [['--port', '70000'], '--port must be a number from 0 to 65535, not "70000".'],
  [['--scale'], "Option '--scale <value>' argument missing"],
  [['--fault'], "Unknown option '--fault'. The flags are"],
  [['extra'], "Unexpected argument 'extra'"],
])('readCommandLine rejects %j with: %s', (flags, message) => {
  expect(() => readCommandLine(flags, {})).toThrow(message);
});
