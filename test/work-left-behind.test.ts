import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sourcesUnder } from './source-files.ts';

const copyFiles = 'infra/page/copy-files.mjs';

/**
 * Whether the source combines promises in a way that settles before all of them have, handles a promise without waiting for
 * it, or repeats something by a timer. A function that has answered is frozen, with all that still runs.
 */
const leavesWorkBehind = (text: string): boolean =>
  /\bPromise\.(all|race|any)\(|\bsetInterval\(|^\s*void \w|^\s*[\w.?]+\.(catch|then|finally)\(.*;$/m.test(
    text,
  );

it('is nowhere in the functions and the code that they share', () => {
  const running = [
    ...sourcesUnder('functions', 'shared').filter(({ path }) => !path.includes('/static/')),
    // Runs in Lambda as well, while CloudFormation deploys.
    { path: copyFiles, text: readFileSync(new URL(`../${copyFiles}`, import.meta.url), 'utf8') },
  ];
  expect(running.length).toBeGreaterThan(100);
  expect(running.filter(({ text }) => leavesWorkBehind(text)).map(({ path }) => path)).toEqual([]);
});

it.each([
  ['  const all = await Promise.all(parts.map(read));', true],
  ['  return Promise.race([reading, timeout]);', true],
  ['  reading?.catch(() => undefined);', true],
  ['  void publish(event);', true],
  ['  await publish(event).catch(logFailure);', false],
  ['  const [first] = await waitForAll([reading, writing]);', false],
])('is recognized in %s: %s', (text, leaves) => {
  expect(leavesWorkBehind(text)).toBe(leaves);
});
