import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, useBrowser } from './use-browser.ts';

const pages: Record<string, string> = {
  '/logs': '<script>console.error("a logged error")</script>',
  '/throws': '<script>setTimeout(() => { throw new Error("an uncaught error") })</script>',
  '/inline': '<p style="color: red">Styled inline</p>',
};

const browser = useBrowser();
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    if (request.url === '/inline') response.setHeader('content-security-policy', "style-src 'self'");
    response.end(`<!doctype html><link rel="icon" href="data:," />${pages[request.url ?? ''] ?? ''}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

describe.skipIf(chromium === undefined)('a page of a test', () => {
  test.each([
    ['/logs', /a logged error/],
    ['/throws', /an uncaught error/],
    ['/inline', /CSP: style-src/],
  ])('reports the error of %s, so that the test fails', async (path, expected) => {
    const page = await browser.open(origin + path);
    await expect
      .poll(() => browser.takeErrors())
      .toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
    await browser.close(page);
  });

  test('may have errors that the test expects', async () => {
    const page = await browser.open(`${origin}/logs`, { expectedErrors: [/a logged error/] });
    await page.waitForFunction('document.readyState === "complete"');
    expect(browser.takeErrors()).toEqual([]);
  });

  test('notices that its network is gone and that it is back', async () => {
    const page = await browser.open(`${origin}/`);
    await page.context().setOffline(true);
    expect(await page.evaluate('navigator.onLine')).toBe(false);
    await expect(page.goto(origin)).rejects.toThrow('ERR_INTERNET_DISCONNECTED');
    await page.context().setOffline(false);
    await page.goto(origin);
  });
});
