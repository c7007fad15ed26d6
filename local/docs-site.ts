/** Serves the docs site at `/docs/`: the files that `npm run docs` has built. It is no part of the template. */

import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const mount = '/docs/';
const builtSite = fileURLToPath(new URL('../build/site/', import.meta.url));

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

const missingSite = `<!doctype html>
<html lang="en">
  <title>The docs site is not built</title>
  <p>The docs site is not built yet. Run <code>npm run docs</code> in the project, and load this page again.</p>
</html>
`;

/** Creates a handler that serves a built site, by default that of the project; it returns false for all other requests. */
export function createDocsSite(directory = builtSite) {
  const root = resolve(directory);

  async function serve(path: string, response: ServerResponse): Promise<void> {
    const file = fileAt(root, path);
    const body = file === undefined ? undefined : await readIfPresent(file);
    if (file !== undefined && body !== undefined) return send(response, 200, extname(file), body);
    const notFound = await readIfPresent(join(root, '404.html'));
    send(response, 404, '.html', notFound ?? Buffer.from(missingSite));
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = (request.url ?? '').split('?')[0]!;
    if (path === mount.slice(0, -1) && request.method !== 'OPTIONS') {
      response.writeHead(301, { location: mount }).end();
      return true;
    }
    // The gateway answers preflights, as on AWS, where the site is not.
    if (!path.startsWith(mount) || request.method === 'OPTIONS') return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return true;
    }
    serve(path.slice(mount.length), response).catch((error: unknown) => response.destroy(error as Error));
    return true;
  };
}

/** Returns the file for a path of the site; undefined for a path that leads out of the site or cannot be decoded. */
function fileAt(root: string, path: string): string | undefined {
  try {
    const file = resolve(root, `./${decodeURIComponent(path)}`);
    if (file !== root && !file.startsWith(root + sep)) return undefined;
    if (path === '' || path.endsWith('/')) return join(file, 'index.html');
    return extname(file) === '' ? `${file}.html` : file;
  } catch {
    return undefined;
  }
}

async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch {
    // Absent, or a folder.
    return undefined;
  }
}

function send(response: ServerResponse, status: number, extension: string, body: Buffer): void {
  response.writeHead(status, {
    'content-type': contentTypes[extension] ?? 'application/octet-stream',
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
    // The site may be built again at any time.
    'cache-control': 'no-cache',
  });
  response.end(body);
}
