import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { programFile } from '../../tools/package-program.ts';

describe('the program of an installed package', () => {
  it.each(['prettier', 'tsc', 'cdk'])('%s is a file that Node.js runs', (program) => {
    const output = execFileSync(process.execPath, [programFile(program), '--version'], { encoding: 'utf8' });
    expect(output).toMatch(/\d+\.\d+\.\d+/);
  });

  it('is refused when the package has none', () => {
    expect(() => programFile('zod')).toThrow(/no program zod/);
    expect(() => programFile('no-such-package')).toThrow(/no-such-package/);
  });
});
