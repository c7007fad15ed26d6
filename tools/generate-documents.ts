/**
 * Writes the documents that are made from the contract, or with `--check` names the first that is not what
 * the contract says and exits with 1. What is in them is the business of tools/documents.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import packageJson from '../package.json' with { type: 'json' };
import { asyncapiDocument } from './documents/asyncapi.ts';
import { openapiDocument } from './documents/openapi.ts';
import { websocketPage } from './documents/page/page.ts';
import { settingsPage } from './settings-page.ts';

const projectDirectory = resolve(import.meta.dirname, '..');

/** As YAML that parsers of 1.1 read the same way: times and `yes` in quotes. */
function yaml(document: object): string {
  return stringify(document, {
    aliasDuplicateObjects: false,
    blockQuote: 'literal',
    compat: 'yaml-1.1',
    lineWidth: 110,
    singleQuote: true,
  });
}

/** Every generated file by its path in the project, with its text. */
export function generateDocuments(): Record<string, string> {
  return {
    'openapi.yaml': yaml(openapiDocument(packageJson.version)),
    'asyncapi.yaml': yaml(asyncapiDocument(packageJson.version)),
    'functions/chat/static/websocket-docs.html': websocketPage(packageJson.version),
    'docs/settings.md': settingsPage(),
  };
}

function committed(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The files in `directory` that are missing or differ from what the contract says. */
export function driftedDocuments(directory = projectDirectory): string[] {
  return Object.entries(generateDocuments())
    .filter(([path, text]) => committed(join(directory, path)) !== text)
    .map(([path]) => path);
}

/** Writes all of them below `directory`. */
export function writeDocuments(directory = projectDirectory): void {
  for (const [path, text] of Object.entries(generateDocuments())) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function main(): void {
  if (!process.argv.includes('--check')) return writeDocuments();
  const drifted = driftedDocuments();
  if (drifted.length === 0) return;
  process.stderr.write(
    `not what the contract says: ${drifted.join(', ')}; run npx tsx tools/generate-documents.ts\n`,
  );
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
