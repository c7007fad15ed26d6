/** The docs function, bundled as for deployment. */
import { readFileSync, rmSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../../package.json' with { type: 'json' };
import { operations } from '../../../shared/contract/http/operations.ts';
import type { Operation } from '../../../shared/contract/http/operation.ts';
import { bundleDocs, type Bundled, httpEvent } from './bundled.ts';

let docs: Bundled;
beforeAll(async () => {
  docs = await bundleDocs();
});
afterAll(() => rmSync(docs.outdir, { recursive: true }));

const call = (method: string, address: string, headers?: Record<string, string>) =>
  docs.handler(httpEvent(method, address, headers));

const headersOf = (answer: APIGatewayProxyStructuredResultV2) => answer.headers ?? {};
const bytesOf = (answer: APIGatewayProxyStructuredResultV2) =>
  Buffer.from(answer.body ?? '', answer.isBase64Encoded === true ? 'base64' : 'utf8');

const types: Record<string, string> = {
  '/swagger': 'text/html; charset=utf-8',
  '/openapi.json': 'application/json; charset=utf-8',
  '/openapi.yaml': 'application/yaml; charset=utf-8',
  '/asyncapi.yaml': 'application/yaml; charset=utf-8',
  '/health': 'application/json; charset=utf-8',
  '/swagger/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  '/swagger/swagger-ui.css': 'text/css; charset=utf-8',
  '/swagger/page.css': 'text/css; charset=utf-8',
  '/swagger/start.js': 'text/javascript; charset=utf-8',
  '/swagger/favicon-16x16.png': 'image/png',
  '/swagger/favicon-32x32.png': 'image/png',
  '/swagger/LICENSE': 'text/plain; charset=utf-8',
  '/swagger/NOTICE': 'text/plain; charset=utf-8',
  '/swagger/swagger-ui-bundle.js.LICENSE.txt': 'text/plain; charset=utf-8',
};
const paths = Object.keys(types);

test('the function serves every path that the contract assigns to it', () => {
  const rows = Object.values(operations as Record<string, Operation>);
  const own = rows
    .filter((row) => row.function === 'docs' && row.path !== '/health/promises/')
    .map(({ path }) => path.replace(/\/$/, ''));
  expect(own.length).toBeGreaterThan(0);
  expect(paths).toEqual(expect.arrayContaining(own));
});

describe.each(paths)('%s', (path) => {
  test('answers with and without its trailing slash, with its media type', async () => {
    const plain = await call('GET', path);
    expect(plain.statusCode).toBe(200);
    expect(headersOf(plain)).toMatchObject({
      'content-type': types[path],
      'x-content-type-options': 'nosniff',
    });
    expect(bytesOf(plain).length).toBeGreaterThan(0);
    expect(await call('GET', `${path}/`)).toEqual(plain);
  });

  test('answers HEAD like GET, with a body from which the gateway takes the length', async () => {
    for (const encoding of ['identity', 'gzip']) {
      const headers = { 'accept-encoding': encoding };
      const answer = await call('GET', path, headers);
      expect(answer.body).toBeDefined();
      expect(await call('HEAD', path, headers)).toEqual(answer);
    }
  });

  test('answers 304 when the request names its entity tag', async () => {
    const { etag } = headersOf(await call('GET', path));
    const again = await call('GET', path, { 'if-none-match': `"other", ${String(etag)}` });
    expect(again).toMatchObject({ statusCode: 304, headers: { etag } });
    expect(again.body).toBeUndefined();
    expect(await call('GET', path, { 'if-none-match': '"other"' })).toMatchObject({ statusCode: 200 });
  });

  test('has the same content when it is compressed', async () => {
    const plain = await call('GET', path);
    const offered = await call('GET', path, { 'accept-encoding': 'br, gzip;q=0.8' });
    const isCompressed = headersOf(offered)['content-encoding'] === 'gzip';
    const received = isCompressed ? gunzipSync(bytesOf(offered)) : bytesOf(offered);
    // Not `toEqual`, which takes seconds for the megabyte of Swagger UI.
    expect(received.equals(bytesOf(plain))).toBe(true);
    expect(isCompressed).toBe(types[path] !== 'image/png' && bytesOf(plain).length >= 1_024);
    const refused = await call('GET', path, { 'accept-encoding': 'gzip;q=0, br' });
    expect(headersOf(refused)).not.toHaveProperty('content-encoding');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('refuses %s with 405', async (method) => {
    const answer = await call(method, `${path}/`);
    expect(answer.statusCode).toBe(405);
    expect(headersOf(answer)).toMatchObject({
      allow: 'GET, HEAD',
      'content-type': 'application/problem+json',
    });
    expect(JSON.parse(answer.body ?? '')).toEqual({
      type: 'about:blank',
      title: 'Method not allowed',
      status: 405,
      detail: `This path does not support ${method}.`,
      code: 'method_not_allowed',
      request_id: 'request-1',
    });
  });
});

test('OPTIONS is answered with 204 and the methods, and for an unknown path only if it is a preflight', async () => {
  const preflight = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
  for (const path of ['/', ...paths]) {
    expect(await call('OPTIONS', path, preflight)).toMatchObject({
      statusCode: 204,
      headers: { allow: 'GET, HEAD' },
    });
  }
  const unknown = await call('OPTIONS', '/nothing', preflight);
  expect([unknown.statusCode, headersOf(unknown)['allow']]).toEqual([204, undefined]);
  expect(await call('OPTIONS', '/nothing')).toMatchObject({ statusCode: 404 });
});

test.each([
  '/nothing',
  '/swagger/nothing.js',
  '/swagger/../package.json',
  '/swagger/swagger-ui.css.map',
  '/swagger//page.css',
  '/health//',
  '/__proto__',
  '/constructor',
  '/swagger/constructor',
  '/openapi.json/x',
])('%s is answered with 404', async (path) => {
  const answer = await call('GET', path);
  expect(answer.statusCode).toBe(404);
  expect(headersOf(answer)).toMatchObject({ 'content-type': 'application/problem+json' });
  expect(JSON.parse(answer.body ?? '')).toMatchObject({
    type: 'about:blank',
    status: 404,
    code: 'not_found',
    request_id: 'request-1',
  });
});

test.each(['GET', 'HEAD'])('%s of the bare address redirects to Swagger UI', async (method) => {
  expect(await call(method, '/')).toMatchObject({ statusCode: 302, headers: { location: '/swagger/' } });
});

test('POST to the bare address is refused with 405', async () => {
  expect(await call('POST', '/')).toMatchObject({ statusCode: 405 });
});

test('the health check returns the version of the package', async () => {
  const answer = await call('GET', '/health/');
  expect(JSON.parse(answer.body ?? '')).toEqual({ status: 'ok', version: packageJson.version });
});

test('the function serves the committed documents, and openapi.json equals openapi.yaml', async () => {
  for (const name of ['openapi.yaml', 'asyncapi.yaml'])
    expect((await call('GET', `/${name}`)).body).toBe(readFileSync(name, 'utf8'));
  const json = await call('GET', '/openapi.json');
  expect(JSON.parse(json.body ?? '')).toEqual(parse(readFileSync('openapi.yaml', 'utf8')));
});

test('the page of Swagger UI has no inline scripts or styles and loads only files that the function serves', async () => {
  const page = await call('GET', '/swagger/');
  const html = page.body ?? '';
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|\son[a-z]+=|\sstyle=|<style/i);
  const loaded = [...html.matchAll(/\s(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
  expect(loaded.length).toBeGreaterThanOrEqual(6);
  const answers = await Promise.all(loaded.map((address) => call('GET', address)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(loaded.map(() => 200));
  expect(headersOf(page)).toMatchObject({ 'referrer-policy': 'no-referrer' });
  const policy = String(headersOf(page)['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('files requested with their fingerprint may be cached for ever, all other answers only after revalidation', async () => {
  const html = (await call('GET', '/swagger/')).body ?? '';
  const versioned = [...html.matchAll(/"(\/swagger\/[^"?]+\?v=[\w-]+)"/g)].map(
    ([, address]) => address ?? '',
  );
  expect(versioned).toHaveLength(6);
  const cacheControl = async (addresses: string[]) => {
    const answers = await Promise.all(addresses.map((address) => call('GET', address)));
    return new Set(answers.map((answer) => headersOf(answer)['cache-control']));
  };
  expect(await cacheControl(versioned)).toEqual(new Set(['public, max-age=31536000, immutable']));
  const others = ['/swagger/', '/swagger/page.css', '/swagger/page.css?v=other', '/openapi.json'];
  expect(await cacheControl(others)).toEqual(new Set(['public, no-cache']));
});

// The documents, and the clients of the database and of Secrets Manager, which are loaded only when they are needed.
test('the bundle is at most 900 KB larger than Swagger UI', () => {
  const swagger = readFileSync('node_modules/swagger-ui-dist/swagger-ui-bundle.js').length;
  expect(docs.bytes).toBeLessThan(swagger + 900_000);
});
