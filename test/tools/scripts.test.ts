import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));

it.each(Object.entries(scripts))(
  'the script %s is made of commands that every shell runs: %s',
  (_, command) => {
    // Variables before a command, quotes, pipes, globs and scripts mean something else in the shell of Windows.
    const parts = command.split(' && ');
    for (const part of parts)
      expect(part).toMatch(/^(node|tsx|tsc|vitest|prettier|oxlint|cspell|cdk)( [\w./:=-]+)*$/);
  },
);
