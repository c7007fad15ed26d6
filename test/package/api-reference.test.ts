/** Writes the reference of the package's API, which fails for an export or a link without documentation. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const client = resolve(import.meta.dirname, '../../client');

test(
  'the API reference has a page for every documented export of both entries',
  { timeout: 120_000 },
  async () => {
    const out = await mkdtemp(join(tmpdir(), 'chat-api-'));
    try {
      const typedoc = join(client, 'node_modules/typedoc/bin/typedoc');
      await run(process.execPath, [typedoc, '--options', 'typedoc.json', '--out', out], { cwd: client });
      const pages = (await readdir(out, { recursive: true })).map((path) => path.replaceAll('\\', '/'));
      expect(pages).toEqual(
        expect.arrayContaining([
          'index/classes/ChatClient.md',
          'index/interfaces/Room.md',
          'react/functions/useRoom.md',
        ]),
      );
      const operations = await readFile(join(out, 'index/interfaces/HttpOperations.md'), 'utf8');
      expect(operations).toContain('POST /chat/rooms/create/');
    } finally {
      await rm(out, { recursive: true });
    }
  },
);
