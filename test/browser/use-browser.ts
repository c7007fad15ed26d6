/** A browser for the tests of one file, whose pages report their own errors: an error that a test does not expect fails it. */
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { chromium as playwright, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { findChromium } from './chromium.ts';

/** The browser of the machine. Without one the tests are skipped, or fail where BROWSER_TESTS is `required`. */
export const chromium = findChromium();

const missing = 'No Chromium was found on the PATH or in CHROMIUM_PATH';
if (chromium === undefined) {
  if (process.env['BROWSER_TESTS'] === 'required')
    throw new Error(`${missing}, and BROWSER_TESTS requires one`);
  process.stderr.write(`${missing}, so the browser tests are skipped\n`);
}

const screenshots = resolve(import.meta.dirname, '../../build/screenshots');

export interface OpenOptions extends BrowserContextOptions {
  /** Errors that may occur, such as the browser's own line about a request that was refused. All others fail the test. */
  expectedErrors?: readonly RegExp[];
}

export interface TestBrowser {
  /** Opens the address in a new context, with storage of its own, and resolves when the page has loaded. */
  open(url: string, options?: OpenOptions): Promise<Page>;
  /** Returns the errors that pages have reported since the last call. Those that nothing takes fail the test. */
  takeErrors(): string[];
  /** Closes the context of a page before the test ends. */
  close(page: Page): Promise<void>;
}

/** Starts the browser before the tests of the file, and ends it after them. Contexts stay open until then unless closed. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  const errors: string[] = [];
  const takeErrors = (): string[] => errors.splice(0);

  beforeAll(async () => {
    if (chromium === undefined) return;
    browser = await playwright.launch({
      executablePath: chromium,
      // Chromium refuses to run as root, as which containers run it, with its sandbox.
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--disable-gpu', '--disable-dev-shm-usage'],
    });
  });
  afterEach(() => {
    const found = takeErrors();
    if (found.length > 0) throw new Error(`The page reported errors:\n${found.join('\n')}`);
  });
  afterAll(async () => browser?.close());

  return {
    async open(url, { expectedErrors = [], ...options } = {}) {
      const context = await browser!.newContext(options);
      const page = await context.newPage();
      const report = (text: string): void => {
        if (!expectedErrors.some((expected) => expected.test(text))) errors.push(text);
      };
      await collectErrors(page, report);
      await page.goto(url);
      return page;
    },
    takeErrors,
    close: (page) => page.context().close(),
  };
}

/** Runs in the page, whose types this project does not have here. */
const reportViolations = `document.addEventListener('securitypolicyviolation', (event) =>
  reportViolation('CSP: ' + event.violatedDirective + ' blocked ' + event.blockedURI + ' at ' + event.sourceFile + ':' + event.lineNumber))`;

/** Reports errors on the console, uncaught errors, and violations of the content security policy. */
async function collectErrors(page: Page, report: (text: string) => void): Promise<void> {
  page.on('console', (message) => {
    if (message.type() === 'error') report(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => report(error.stack ?? error.message));
  page.on('crash', () => report('The page crashed'));
  await page.exposeFunction('reportViolation', report);
  await page.addInitScript(reportViolations);
}

/** Writes an image of the page to `build/screenshots`. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), animations: 'disabled' });
}

/** Serves an empty page on a port of its own, which makes it an origin of its own. */
export async function servePage(): Promise<{ origin: string; server: Server }> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>A page of another origin</title><link rel="icon" href="data:," />');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, server };
}
