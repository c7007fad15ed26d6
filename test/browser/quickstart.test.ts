/** The page of the quickstart, as it is written there, in two browsers. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestRuntime, type TestRuntime } from '../kit/runtime.ts';
import { chromium, useBrowser } from './use-browser.ts';
import { addSampleData, samplePassword } from '../../local/sample-data.ts';
import { snippetsIn } from '../site/snippets.ts';

const document = 'site/quickstart.md';
const [app] = snippetsIn(document, readFileSync(document, 'utf8')).filter(
  ({ language }) => language === 'tsx',
);
const code = app?.code ?? '';

/** Serves the component with what Vite's template has around it. */
async function serveApp(url: string): Promise<{ origin: string; server: Server }> {
  const main = `${code.replace('http://127.0.0.1:3000', url)}
    import { createRoot } from 'react-dom/client';
    createRoot(document.getElementById('root')).render(<App />);`;
  const { outputFiles } = await build({
    stdin: { contents: main, loader: 'tsx', resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    write: false,
    alias: {
      'serverless-chat-client': resolve('client/src/index.ts'),
      'serverless-chat-client/react': resolve('client/src/react/index.ts'),
    },
  });
  const html =
    '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/app.js"></script>';
  const server = createServer((request, response) => {
    const isScript = request.url === '/app.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? outputFiles[0]?.text : html);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const browser = useBrowser();
let started: TestRuntime;
let served: Awaited<ReturnType<typeof serveApp>>;

beforeAll(async () => {
  if (chromium === undefined) return;
  started = await startTestRuntime();
  await addSampleData(started.runtime.url);
  served = await serveApp(started.runtime.url);
});
afterAll(async () => {
  served?.server.close();
  await started?.stop();
});

async function signIn(username: string): Promise<Page> {
  const page = await browser.open(served.origin);
  await page.getByPlaceholder('Username').fill(username);
  await page.getByPlaceholder('Password').fill(samplePassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('live').waitFor();
  return page;
}

describe.skipIf(chromium === undefined)('the page of the quickstart', () => {
  test('has fewer than 60 lines', () => {
    expect(code.split('\n').length).toBeLessThan(60);
    expect(code).toContain('export default function App');
  });

  test('shows messages and typing to both users, and stays signed in after a reload', async () => {
    const ann = await signIn('ann');
    const bob = await signIn('bob');
    await ann.getByPlaceholder('Message').pressSequentially('hello');
    await bob.getByText('ann is typing').waitFor();
    await ann.getByRole('button', { name: 'Send' }).click();
    await bob.getByText('ann hello').waitFor();
    await bob.reload();
    await bob.getByText('ann hello').waitFor();
    expect(await ann.getByPlaceholder('Message').inputValue()).toBe('');
  });

  test('says why a sign-in was refused', async () => {
    const page = await browser.open(served.origin, { expectedErrors: [/401/] });
    await page.getByPlaceholder('Username').fill('ann');
    await page.getByPlaceholder('Password').fill('not-the-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Invalid Credentials').waitFor();
    expect(await page.getByText('Invalid Credentials').count()).toBe(1);
  });
});
