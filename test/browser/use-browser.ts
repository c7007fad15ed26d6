/** A browser and a page for the tests of one file. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { findChromium, startChromium, type Browser } from './chromium.ts';

/** The browser of the machine. Without one the tests are skipped, or fail where BROWSER_TESTS is `required`. */
export const chromium = findChromium();

const missing = 'No Chromium was found on the PATH or in CHROMIUM_PATH';
if (chromium === undefined) {
  if (process.env['BROWSER_TESTS'] === 'required')
    throw new Error(`${missing}, and BROWSER_TESTS requires one`);
  process.stderr.write(`${missing}, so the browser tests are skipped\n`);
}

/** Serves an empty page on a port of its own, which makes it an origin of its own. */
export async function servePage(): Promise<{ origin: string; server: Server }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>A page of another origin</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, server };
}

/** Starts the browser before the tests of the file, and ends it after them. */
export function useBrowser(): { browser: () => Browser } {
  let started: Browser | undefined;
  beforeAll(async () => {
    if (chromium !== undefined) started = await startChromium(chromium);
  });
  afterAll(async () => started?.close());
  return { browser: () => started! };
}
