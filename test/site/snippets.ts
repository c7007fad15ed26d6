/** Finds the code blocks of the docs site and the README, and prepares those in TypeScript for the compiler. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

export interface Snippet {
  /** The document's path from the root of the project. */
  document: string;
  /** The line of its first line of code, from 1. */
  line: number;
  language: string;
  /** Whether a test runs it: the fence says `run` after the language. */
  isRunnable: boolean;
  code: string;
}

const documents = [
  'README.md',
  ...readdirSync('site', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => posix.join('site', name.replaceAll('\\', '/'))),
];

/** Returns the code blocks of a document. */
export function snippetsIn(document: string, text: string): Snippet[] {
  const lines = text.split('\n');
  const found: Snippet[] = [];
  let open: Snippet | undefined;
  for (const [index, line] of lines.entries()) {
    const [, info] = /^\s*```(.*)$/.exec(line) ?? [];
    if (info === undefined) {
      if (open !== undefined) open.code += `${line}\n`;
    } else if (open === undefined) {
      const [language = '', ...flags] = info.split(' ');
      open = { document, line: index + 2, language, isRunnable: flags.includes('run'), code: '' };
    } else {
      found.push(open);
      open = undefined;
    }
  }
  return found;
}

export function readSnippets(): Snippet[] {
  return documents.flatMap((document) => snippetsIn(document, readFileSync(document, 'utf8')));
}

/** What snippets may use without an import: a client that is connected, and an open room. */
const globals = `
import type { ChatClient, Room } from 'serverless-chat-client';
declare global {
  const client: ChatClient;
  const room: Room;
}
`;

/**
 * Writes the snippets as files of one program, each at the lines that it has in its document, so that the compiler's
 * messages name them.
 */
export function writeProgram(snippets: readonly Snippet[], folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const toRoot = relative(folder, process.cwd()).replaceAll('\\', '/');
  const configuration = {
    extends: `${toRoot}/web/tsconfig.json`,
    compilerOptions: {
      noUnusedLocals: false,
      paths: {
        'serverless-chat-client': [`${toRoot}/client/src/index.ts`],
        'serverless-chat-client/react': [`${toRoot}/client/src/react/index.ts`],
      },
    },
    include: ['.'],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
  writeFileSync(join(folder, 'globals.ts'), globals);
  for (const { document, line, language, code } of snippets) {
    const name = `${document.replaceAll('/', '__')}.${line}.${language === 'js' ? 'ts' : language}`;
    writeFileSync(join(folder, name), `${'\n'.repeat(line - 1)}${code}\nexport {};\n`);
  }
}

/** The lines that a snippet says it prints: `console.log(1 + 1); // prints 2`. */
export const expectedOutput = ({ code }: Snippet): string[] =>
  [...code.matchAll(/(?:\/\/|#) prints (.*)$/gm)].map(([, text]) => text!);
