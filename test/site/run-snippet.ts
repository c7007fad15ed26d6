/** Runs snippets against a local runtime: TypeScript in this process, requests, and shell commands. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { HttpSession, parseHttpFile } from './http-file.ts';
import type { Snippet } from './snippets.ts';

/** The address that the documents use. */
const documented = '127.0.0.1:3000';

export interface SnippetEnvironment {
  /** The address of the runtime. */
  url: string;
  /** The folder for files of snippets. */
  folder: string;
  /** What requests may use as `{{name}}`, and shell commands as `$name`. */
  variables: Record<string, string>;
}

const at = (url: string, code: string): string => code.replaceAll(documented, new URL(url).host);

/** Imports a snippet, with the client's sources as the package. Resolves when its last statement has ended. */
export async function runTypeScript(snippet: Snippet, { url, folder }: SnippetEnvironment): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const file = resolve(folder, `${snippet.document.replaceAll('/', '__')}.${snippet.line}.ts`);
  const client = resolve('client/src/index.ts');
  writeFileSync(file, at(url, snippet.code).replaceAll("from 'serverless-chat-client'", `from '${client}'`));
  await import(/* @vite-ignore */ pathToFileURL(file).href);
}

/** Sends the requests of a snippet, and returns the statuses of the answers. */
export async function runHttp({ code }: Snippet, { url, variables }: SnippetEnvironment): Promise<number[]> {
  const file = parseHttpFile(code);
  const session = new HttpSession({ ...file.variables, ...variables, host: url });
  const statuses: number[] = [];
  for (const request of file.requests) statuses.push((await session.send(request)).status);
  return statuses;
}

/**
 * Runs the commands of a snippet, and returns what they print.
 * @throws Error when one of them fails
 */
export async function runShell({ code }: Snippet, { url, variables }: SnippetEnvironment): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', at(url, code)], {
    env: { ...process.env, ...variables },
  });
  return stdout;
}

/**
 * Runs a snippet in Python, and returns what it prints.
 * @throws Error when it fails
 */
export async function runPython({ code }: Snippet, { url }: SnippetEnvironment): Promise<string> {
  const { stdout } = await promisify(execFile)('python3', ['-c', at(url, code)]);
  return stdout;
}
