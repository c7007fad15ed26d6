/** Loads pages and documents as a browser does: a page with every script and style sheet that it names. */
import { sendRequest, type ApiAnswer, type ChatAddresses } from './chat-api.ts';

type Address = Pick<ChatAddresses, 'http'>;

/** Where the root of a stage without a page of its own leads to. */
export interface Redirect {
  leadsTo: string;
}

export interface LoadedPage {
  /** The addresses of its scripts and style sheets. */
  files: string[];
}

/**
 * Returns what a page has loaded, or where its address leads to.
 * @throws Error naming what was not answered, or not with what a browser accepts there
 */
export async function loadPage(address: Address, path: string): Promise<LoadedPage | Redirect> {
  const page = await sendRequest(address, path, { method: 'GET' });
  const leadsTo = page.headers.get('location');
  if (page.status === 302 && leadsTo !== null) return { leadsTo };
  assertLoaded(`GET ${path}`, page, 'text/html');
  const files = filesOf(page.text);
  if (!files.some(({ type }) => type === 'text/javascript'))
    throw new Error(`GET ${path} names no script, so it is not the page`);
  // Without their content: only a file that is missing is looked for.
  for (const { path: file, type } of files)
    assertLoaded(`HEAD ${file}`, await sendRequest(address, file, { method: 'HEAD' }), type);
  return { files: files.map((file) => file.path) };
}

/**
 * Loads a document, and returns whether the stage has it.
 * @throws Error for an answer that is neither the document nor 404
 */
export async function hasDocument(address: Address, path: string, type: string): Promise<boolean> {
  const answer = await sendRequest(address, path, { method: 'GET' });
  if (answer.status === 404) return false;
  assertLoaded(`GET ${path}`, answer, type);
  if (answer.text === '') throw new Error(`GET ${path} answered with an empty document`);
  return true;
}

interface NamedFile {
  path: string;
  /** The type without which a browser does not use it. */
  type: string;
}

/** Returns the scripts and style sheets of a page that lie on its own host. */
function filesOf(html: string): NamedFile[] {
  const named = (pattern: RegExp, type: string): NamedFile[] =>
    [...html.matchAll(pattern)].map(([, path = '']) => ({ path, type }));
  return [
    ...named(/<script\b[^>]*\bsrc="(\/[^"]+)"/g, 'text/javascript'),
    ...named(/<link\b[^>]*\brel="stylesheet"[^>]*\bhref="(\/[^"]+)"/g, 'text/css'),
  ];
}

function assertLoaded(request: string, { status, headers }: ApiAnswer, type: string): void {
  if (status !== 200) throw new Error(`${request} answered ${status}`);
  const found = headers.get('content-type') ?? 'no type';
  // The answers forbid browsers to guess another type than the one that they name.
  if (!found.startsWith(type)) throw new Error(`${request} answered with ${found}, not ${type}`);
}
