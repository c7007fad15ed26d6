/** How a page is loaded, from a server that has it, lacks a part of it, or answers with something else. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { loadPage } from '../../../functions/canary/load-page.ts';
import { freePort } from '../../../local/engine/free-port.ts';

type Answers = Record<string, { status?: number; type?: string; location?: string; body?: string }>;

const document =
  '<!doctype html><link rel="icon" href="/icon.png" /><link rel="stylesheet" href="/assets/a.css" />' +
  '<script type="module" src="/assets/a.js"></script><script src="https://other.example/b.js"></script>';

const complete: Answers = {
  'GET /': { type: 'text/html; charset=utf-8', body: document },
  'HEAD /assets/a.js': { type: 'text/javascript; charset=utf-8' },
  'HEAD /assets/a.css': { type: 'text/css; charset=utf-8' },
};

let server: Server | undefined;
afterEach(() => void server?.close());

async function loadFrom(answers: Answers) {
  server = createServer(({ method, url }, response) => {
    const { status = 200, type, location, body = '' } = answers[`${method} ${url}`] ?? { status: 403 };
    response
      .writeHead(status, { ...(type && { 'content-type': type }), ...(location && { location }) })
      .end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return loadPage({ http: `http://127.0.0.1:${port}` }, '/');
}

describe('a page', () => {
  it('is loaded with the scripts and style sheets of its own host', async () => {
    expect(await loadFrom(complete)).toEqual({ files: ['/assets/a.js', '/assets/a.css'] });
  });

  it('may lead elsewhere, where the stage has none', async () => {
    expect(await loadFrom({ 'GET /': { status: 302, location: '/swagger/' } })).toEqual({
      leadsTo: '/swagger/',
    });
  });

  it.each<[string, Answers, string]>([
    ['that is not there', { 'GET /': { status: 403 } }, 'GET / answered 403'],
    ['of another type', { 'GET /': { type: 'application/xml', body: '<Error/>' } }, 'application/xml'],
    ['without a script', { 'GET /': { type: 'text/html', body: '<p>Soon</p>' } }, 'GET / names no script'],
    ['whose script is not there', { 'HEAD /assets/a.js': { status: 403 } }, 'HEAD /assets/a.js answered 403'],
    [
      'whose style sheet has another type',
      { 'HEAD /assets/a.css': { type: 'application/octet-stream' } },
      'HEAD /assets/a.css answered with application/octet-stream, not text/css',
    ],
  ])('%s is refused', async (_, answers, message) => {
    await expect(loadFrom({ ...complete, ...answers })).rejects.toThrow(message);
  });

  it('says why nothing answers', async () => {
    await expect(loadPage({ http: `http://127.0.0.1:${await freePort()}` }, '/')).rejects.toThrow(
      /^GET \/ has no answer: .*ECONNREFUSED/,
    );
  });
});
