/** The reference of the client package, which typedoc writes as Markdown into build/site-api. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface ClientPage {
  title: string;
  page: string;
  content: string;
}

const folder = fileURLToPath(new URL('../../build/site-api/', import.meta.url));

/** The files of typedoc's modules. */
const modules = [
  { file: 'index-1.md', page: 'client', title: 'serverless-chat-client' },
  { file: 'react.md', page: 'react', title: 'serverless-chat-client/react' },
];

function withPageLinks(text: string): string {
  return modules
    .reduce((result, { file, page }) => result.replaceAll(`](${file}`, `](./${page}.md`), text)
    .replaceAll(/\[([^\]]+)\]\(\)/g, '$1');
}

/** Returns the pages; none before typedoc has run. */
export function clientPages(): ClientPage[] {
  return modules
    .filter(({ file }) => existsSync(folder + file))
    .map(({ file, page, title }) => {
      const text = readFileSync(folder + file, 'utf8').replace(/^# .*$/m, `# ${title}`);
      return { title, page, content: withPageLinks(text) };
    });
}
