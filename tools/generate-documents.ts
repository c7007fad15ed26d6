/**
 * Writes the documents that are generated from the contract, the settings and the table. With `--check`, it writes
 * nothing, lists the documents that are out of date and exits with 1 if there are any.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import packageJson from '../package.json' with { type: 'json' };
import { asyncapiDocument } from './documents/asyncapi.ts';
import { clientContract } from './documents/client/client-contract.ts';
import { openapiDocument } from './documents/openapi.ts';
import { websocketPage } from './documents/page/page.ts';
import { metricsPage } from './metrics-page.ts';
import { settingsPage } from './settings-page.ts';
import { tablePage } from './table-page.ts';

const projectDirectory = resolve(import.meta.dirname, '..');

/** Formats YAML that parsers of YAML 1.1 read in the same way: with times and words like `yes` in quotes. */
function yaml(document: object): string {
  return stringify(document, {
    aliasDuplicateObjects: false,
    blockQuote: 'literal',
    compat: 'yaml-1.1',
    lineWidth: 110,
    singleQuote: true,
  });
}

/** The text of each generated file, by its path in the project. */
type Documents = Record<string, string>;

export async function generateDocuments(): Promise<Documents> {
  return {
    'openapi.yaml': yaml(openapiDocument(packageJson.version)),
    'asyncapi.yaml': yaml(asyncapiDocument(packageJson.version)),
    'functions/chat/static/websocket-docs.html': websocketPage(packageJson.version),
    'docs/settings.md': settingsPage(),
    'docs/metrics.md': metricsPage(),
    'docs/access-patterns.md': tablePage(),
    ...(await clientContract()),
  };
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns the paths of the documents in `directory` that are missing or out of date. */
export function driftedDocuments(documents: Documents, directory = projectDirectory): string[] {
  return Object.entries(documents)
    .filter(([path, text]) => readIfPresent(join(directory, path)) !== text)
    .map(([path]) => path);
}

/** Writes all documents to `directory`. */
export function writeDocuments(documents: Documents, directory = projectDirectory): void {
  for (const [path, text] of Object.entries(documents)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

async function main(): Promise<void> {
  const documents = await generateDocuments();
  if (!process.argv.includes('--check')) return writeDocuments(documents);
  const drifted = driftedDocuments(documents);
  if (drifted.length === 0) return;
  process.stderr.write(`Out of date: ${drifted.join(', ')}. Run npm run documents.\n`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
