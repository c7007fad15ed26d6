import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocsSite } from '../../local/docs-site.ts';

const folder = mkdtempSync(join(tmpdir(), 'docs-site-'));
const site = join(folder, 'site');
const servers: Server[] = [];

async function serve(directory: string): Promise<number> {
  const docsSite = createDocsSite(directory);
  const server = createServer((request, response) => {
    if (!docsSite(request, response)) response.writeHead(404).end('another handler');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Sends the path as it is: `fetch` would resolve its dots. */
async function get(port: number, path: string, method = 'GET') {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ port, path, method, host: '127.0.0.1' }, resolve).on('error', reject).end();
  });
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

let port: number;
beforeAll(async () => {
  mkdirSync(join(site, 'guides'), { recursive: true });
  writeFileSync(join(folder, 'secret.html'), 'outside');
  writeFileSync(join(site, 'index.html'), 'home');
  writeFileSync(join(site, '404.html'), 'no such page');
  writeFileSync(join(site, 'guides', 'rooms.html'), 'rooms');
  writeFileSync(join(site, 'app.js'), 'run();');
  port = await serve(site);
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

describe('the docs site of a local run', () => {
  it.each([
    ['/docs/', 'home', 'text/html; charset=utf-8'],
    ['/docs/?q=1', 'home', 'text/html; charset=utf-8'],
    ['/docs/guides/rooms.html', 'rooms', 'text/html; charset=utf-8'],
    ['/docs/guides/rooms', 'rooms', 'text/html; charset=utf-8'],
    ['/docs/app.js', 'run();', 'text/javascript; charset=utf-8'],
  ])('serves %s', async (path, text, type) => {
    const answer = await get(port, path);
    expect(answer).toMatchObject({ status: 200, text, headers: { 'content-type': type } });
  });

  it('leads from /docs to /docs/, so that relative links work', async () => {
    expect(await get(port, '/docs')).toMatchObject({ status: 301, headers: { location: '/docs/' } });
  });

  it.each(['/docs/nowhere', '/docs/guides', '/docs/../secret.html', '/docs/%2e%2e/secret.html', '/docs/%'])(
    'answers %s with the page for missing pages',
    async (path) => {
      expect(await get(port, path)).toMatchObject({ status: 404, text: 'no such page' });
    },
  );

  it('refuses other methods than GET and HEAD', async () => {
    expect(await get(port, '/docs/', 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect(await get(port, '/docs/', 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  it('leaves other paths to other handlers', async () => {
    expect((await get(port, '/docs-of-mine/')).text).toBe('another handler');
  });

  it('leaves preflights to the gateway, which answers those of every path', async () => {
    for (const path of ['/docs', '/docs/', '/docs/guides/rooms.html'])
      expect((await get(port, path, 'OPTIONS')).text).toBe('another handler');
  });

  it('says how to build the site where it is not built', async () => {
    const answer = await get(await serve(join(folder, 'not-built')), '/docs/');
    expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(answer.text).toContain('npm run docs');
  });
});
