import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { clientBundle } from '../../client/build.ts';

test('the bundle has no schema, no dependency and nothing of Node', async () => {
  const { outputFiles, metafile } = await build({ ...clientBundle, write: false, outdir: undefined });
  const others = Object.keys(metafile.inputs).filter((input) => !input.startsWith('client/'));
  // The parts of the contract without schemas.
  expect(others.sort()).toEqual([
    'shared/contract/characters.ts',
    'shared/contract/limits.ts',
    'shared/contract/wire-constants.ts',
  ]);
  const code = outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
  expect(code).not.toMatch(/^\s*import\b|\brequire\(|\bprocess\./m);
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Record<
    string,
    unknown
  >;
  expect(Object.keys(module)).toContain('createChatClient');
});
