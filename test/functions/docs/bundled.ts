/** Builds the docs function as for deployment, and makes the events with which API Gateway calls it. */
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { bundleDirectory, bundleFunctions } from '../../../infra/bundle.ts';

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

export interface Bundled {
  handler: Handler;
  /** The caller removes this folder afterwards. */
  outdir: string;
  bytes: number;
}

/** Builds the bundle and loads its handler as Lambda does. */
export async function bundleDocs(): Promise<Bundled> {
  const outdir = mkdtempSync(join(tmpdir(), 'docs-bundle-'));
  const metafile = await bundleFunctions({ outdir, names: ['docs'] });
  // The documents are served without the table and the key, but their names are required.
  process.env['TABLE_NAME'] ??= 'table';
  process.env['EDGE_KEY_SECRET_ID'] ??= 'edge-key';
  process.env['REQUIRE_EDGE'] ??= 'false';
  const load = createRequire(import.meta.url);
  const { handler } = load(join(bundleDirectory('docs', outdir), 'index.js')) as { handler: Handler };
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return { handler, outdir, bytes };
}

/** Returns an HTTP API event (payload 2.0) for a method and an address. */
export function httpEvent(
  method: string,
  address: string,
  headers: Record<string, string> = {},
): APIGatewayProxyEventV2 {
  const { pathname, search, searchParams } = new URL(address, 'https://chat.example.com');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers,
    ...(search !== '' && { queryStringParameters: Object.fromEntries(searchParams) }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'chat.example.com',
      domainPrefix: 'chat',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '22/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_348_800_000,
    },
    isBase64Encoded: false,
  };
}
